package io.orchestrator.execution;

import java.time.Instant;

/**
 * What has to be done once the transition is committed. Derivable from the state, so a crash loses
 * none.
 */
public sealed interface Effect {
  /** Make the call of a step's attempt. */
  record RunStep(String path, int attempt) implements Effect {}

  /** Somebody must look again at that time. */
  record WakeAt(Instant due) implements Effect {}
}
