package io.orchestrator.adapter.guard;

/** Knows which circuits somebody has opened. It is asked at every call, so it must be quick. */
@FunctionalInterface
public interface ForcedCircuits {
  /** None at all. */
  ForcedCircuits NONE = guarded -> null;

  /** Who has opened it, and why; null if nobody has. */
  Forced find(Guarded guarded);
}
