package io.orchestrator.execution;

import java.util.Map;

/**
 * How many executions in a row were each started by an event or the end of the one before: flows
 * that start each other in a circle would never come to rest.
 */
public final class Descent {
  /** Executions in a row; the event that would start one more starts nothing. */
  public static final int GENERATIONS_MAX = 16;

  private static final String GENERATION = "generation";

  private Descent() {}

  /** What a trigger says; 0 for what was started from outside. */
  public static long generation(Map<String, Object> trigger) {
    return trigger != null && trigger.get(GENERATION) instanceof Long number ? number : 0;
  }

  /** Says it in the trigger of what is started. */
  public static void hand(long generation, Map<String, Object> trigger) {
    if (generation > 0) {
      trigger.put(GENERATION, generation);
    }
  }
}
