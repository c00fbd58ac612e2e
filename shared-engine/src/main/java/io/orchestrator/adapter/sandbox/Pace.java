package io.orchestrator.adapter.sandbox;

import java.time.Duration;

/** How a sandbox lets time go by and calls back: on this machine, or in the time of a rehearsal. */
public interface Pace {
  /** Lets that much time go by; false if it was told to stop. */
  boolean spend(Duration time);

  /**
   * Calls a step back after its answer; nobody waits for that.
   *
   * @param error whether it reports a failure
   */
  void callBack(Duration after, Object body, boolean error, String url);
}
