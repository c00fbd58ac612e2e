package io.orchestrator.adapter.guard;

import java.time.Duration;

/**
 * A circuit as it stands.
 *
 * @param failures how many in a row it has seen
 * @param lasting how long it has been so; null: nobody noted it
 * @param left until one call may try again; zero unless it is open
 */
public record Circuit(CircuitState state, int failures, Duration lasting, Duration left) {
  static final Circuit CLOSED = closed(0);

  static Circuit closed(int failures) {
    return new Circuit(CircuitState.CLOSED, failures, null, Duration.ZERO);
  }
}
