package io.orchestrator.adapter;

import io.orchestrator.adapter.guard.CircuitState;
import io.orchestrator.adapter.guard.Guarded;
import java.time.Duration;

/** Is told of every call that was made; must not block and must not throw. */
@FunctionalInterface
public interface Watch {
  /** Does nothing. */
  Watch NONE = (invocation, reply, answer, took) -> {};

  /**
   * A call is over.
   *
   * @param invocation what was asked; it began at its {@code now}
   * @param reply what came over the wire
   * @param answer what the adapter's rules made of it
   * @param took by this process's monotonic clock
   */
  void called(Invocation invocation, Reply reply, Answer answer, Duration took);

  /** A circuit has opened, or closed again, by the end of a call of this process. */
  default void turned(Guarded guarded, CircuitState state) {}
}
