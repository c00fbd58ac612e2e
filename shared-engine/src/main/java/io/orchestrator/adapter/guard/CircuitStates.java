package io.orchestrator.adapter.guard;

import java.time.Duration;
import java.util.Optional;

/**
 * Where the states of circuits are. Every question is answered atomically, and is empty if the
 * place cannot be asked now. Safe for many threads.
 */
interface CircuitStates {
  /**
   * Whether a call may go on.
   *
   * @param hold how long the probe of a half-open circuit is waited for before another may try
   */
  Optional<Entry> enter(Guarded guarded, CircuitBreaker breaker, Duration hold);

  /** A call that went on has ended; one that began before its circuit opened changes nothing. */
  Optional<Turn> leave(Guarded guarded, CircuitBreaker breaker, String probe, Outcome outcome);

  /** The circuit as it stands. */
  Optional<Circuit> look(Guarded guarded, CircuitBreaker breaker);

  /** Closes it and forgets its failures. Returns whether that could be done. */
  boolean reset(Guarded guarded);
}
