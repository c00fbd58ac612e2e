package io.orchestrator.store;

/**
 * What a commit changes of a head row beside what every commit does.
 *
 * @param version of its flow that it follows from now on; null: its own
 * @param head the revision that the head row has; the commit's expected one is higher if the
 *     history has lines that the head does not know
 * @param quarantined whether it is in quarantine, and leaves it
 */
public record Repair(String version, int head, boolean quarantined) {}
