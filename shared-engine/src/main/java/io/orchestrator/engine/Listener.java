package io.orchestrator.engine;

import io.orchestrator.flow.Trigger;

/** A flow that an event, or the end of another flow, starts. */
public record Listener(String flow, Trigger trigger) {
  /** What flows that listen to a type of events are found by. */
  public static String event(String type) {
    return "event:" + type;
  }

  /** What flows that listen to the ends of another flow are found by. */
  public static String completed(String flow) {
    return "completed:" + flow;
  }
}
