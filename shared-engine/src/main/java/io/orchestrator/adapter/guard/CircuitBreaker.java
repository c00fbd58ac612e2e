package io.orchestrator.adapter.guard;

import java.time.Duration;

/**
 * When the circuit of an adapter opens, and for how long.
 *
 * @param failures so many in a row open it
 * @param window they must lie within
 * @param open after that time one call may try again
 */
public record CircuitBreaker(int failures, Duration window, Duration open) {}
