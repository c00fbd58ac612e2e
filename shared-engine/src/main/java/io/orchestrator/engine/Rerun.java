package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import java.util.LinkedHashMap;
import java.util.Map;

/** A new execution with the input of an earlier one, or with another one. */
public final class Rerun {
  /** What {@code $trigger} calls the execution that is run again. */
  public static final String OF = "rerun_of";

  private static final String BY = "rerun_by";

  private Rerun() {}

  /**
   * The trigger of the new one: that of the first, which is what its flow expects. Nobody waits for
   * it, even if somebody waited for the first.
   */
  public static Map<String, Object> trigger(Execution first, String by) {
    Map<String, Object> trigger = new LinkedHashMap<>();
    if (first.trigger() == null) {
      trigger.put("type", "rerun");
    } else {
      trigger.putAll(first.trigger());
      trigger.remove("parent");
    }
    trigger.put(OF, first.id().toString());
    trigger.put(BY, by);
    return trigger;
  }
}
