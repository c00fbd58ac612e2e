package io.orchestrator.engine;

/**
 * A wish to go back to an earlier state.
 *
 * @param to the step that is about to be entered in it; null: see the revision
 * @param revision of it; null, without a step, for the last state that is valid
 */
public record Rollback(String to, Integer revision, String reason) {}
