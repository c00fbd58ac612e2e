package io.orchestrator.store;

import java.util.List;
import java.util.UUID;

/** Whether an execution may be at work now. */
public sealed interface Turn {
  /** It may. */
  record Taken() implements Turn {}

  /**
   * It waits.
   *
   * @param inItsWay executions that are to be cancelled to make room for it
   */
  record Waiting(List<UUID> inItsWay) implements Turn {}

  /** It may not, and does not wait. */
  record Refused() implements Turn {}

  /**
   * Asks for a turn.
   *
   * @param key those of the flow with the same one count together
   * @param most that may be at work at the same time
   * @param onLimit {@code queue}, {@code reject}, {@code cancel_oldest} or {@code replace}
   */
  record Wish(String tenant, String flow, String key, int most, UUID execution, String onLimit) {}
}
