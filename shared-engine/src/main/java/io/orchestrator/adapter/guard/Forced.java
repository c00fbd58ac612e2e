package io.orchestrator.adapter.guard;

import java.time.Instant;

/**
 * A circuit that somebody has opened.
 *
 * @param by who
 */
public record Forced(String reason, String by, Instant since) {}
