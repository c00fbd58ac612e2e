package io.orchestrator.adapter;

import io.orchestrator.adapter.guard.CircuitBreaker;
import io.orchestrator.adapter.guard.RateLimit;
import java.util.List;

/**
 * What an adapter has against a service that is away or slow.
 *
 * @param circuit null: no circuit
 * @param rate null: no limit
 * @param fallback adapters that are called instead, in order
 * @param health null: nobody looks after it
 */
public record Safeguards(
    CircuitBreaker circuit, RateLimit rate, List<String> fallback, HealthCheck health) {
  /** None. */
  public static final Safeguards NONE = new Safeguards(null, null, List.of(), null);
}
