package io.orchestrator.engine;

import java.time.Duration;

/** Tells somebody to look at an execution. A hint may get lost, be doubled or come late: the database finds it all the same. */
public interface Dispatcher {
  /** Sends the hint, to arrive after the delay at the earliest. Never throws: a hint that cannot be sent is a lost one. */
  void send(Hint hint, Duration delay);
}
