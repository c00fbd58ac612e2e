package io.orchestrator.engine;

import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import java.util.List;
import java.util.Optional;

/** Where plans come from. */
public interface PlanSource {
  /** The version that a start takes now; empty if there is no such flow. */
  Optional<String> version(String tenant, String flow);

  /** The plan of a published version; empty if there is none. */
  Optional<Plan> plan(String tenant, String flow, String version);

  /** What is wrong with an input for that version; empty if nothing is. */
  List<Problem> check(String tenant, Plan plan, Object input);

  /**
   * Whether something may start flows; asked at every end of an execution, so the answer may be up
   * to a second old.
   *
   * @param topic as {@link Listener} writes it
   */
  default boolean mayListen(String tenant, String topic) {
    return !listeners(tenant, topic).isEmpty();
  }

  /**
   * Which flows something starts.
   *
   * @param topic as {@link Listener} writes it
   */
  default List<Listener> listeners(String tenant, String topic) {
    return List.of();
  }
}
