package io.orchestrator.adapter.guard;

import io.orchestrator.cache.Cache;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The circuits of adapters: those of all processes while Redis answers, this process's own while it
 * does not. Safe for many threads.
 */
public final class Circuits {
  private final CircuitStates shared;
  private final CircuitStates own;
  private final boolean isShared;

  private Circuits(Optional<CircuitStates> shared, CircuitStates own) {
    this.shared = shared.orElse(own);
    this.own = own;
    this.isShared = shared.isPresent();
  }

  /** Shared in that Redis, if there is one. */
  public static Circuits in(Cache cache) {
    return new Circuits(
        cache.exists() ? Optional.of(new SharedCircuits(cache)) : Optional.empty(),
        new OwnCircuits(Circuits::millis));
  }

  /** Of this process alone, in another time. */
  static Circuits own(LongSupplier millis) {
    return new Circuits(Optional.empty(), new OwnCircuits(millis));
  }

  static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  /** Whether a call may go on; {@code hold}: how long it takes at most. */
  public Entry enter(Guarded guarded, CircuitBreaker breaker, Duration hold) {
    return shared
        .enter(guarded, breaker, hold)
        .or(() -> own.enter(guarded, breaker, hold))
        .orElse(Entry.Passed.FREELY);
  }

  /** A call that went on has ended. */
  public Turn leave(Guarded guarded, CircuitBreaker breaker, String probe, Outcome outcome) {
    return shared
        .leave(guarded, breaker, probe, outcome)
        .or(() -> own.leave(guarded, breaker, probe, outcome))
        .orElse(Turn.NONE);
  }

  /** The circuit as all processes see it; empty if each has its own, or Redis does not say. */
  public Optional<Circuit> look(Guarded guarded, CircuitBreaker breaker) {
    return isShared() ? shared.look(guarded, breaker) : Optional.empty();
  }

  /** Closes the circuit of all processes, or at least of this one. */
  public void reset(Guarded guarded) {
    shared.reset(guarded);
    own.reset(guarded);
  }

  /** Whether all processes have one state. */
  public boolean isShared() {
    return isShared;
  }
}
