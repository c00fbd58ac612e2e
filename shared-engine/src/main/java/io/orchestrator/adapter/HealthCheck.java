package io.orchestrator.adapter;

import java.time.Duration;

/**
 * How one finds out whether a service is well.
 *
 * @param action the question: well is who answers it with a 2xx
 */
public record HealthCheck(Action action, Duration every) {}
