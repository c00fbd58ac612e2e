package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where plans come from. */
public interface PlanSource {
  /** The version that a start takes now; empty if there is no such flow. */
  Optional<String> version(String tenant, String flow);

  /**
   * The same for a certain start, whose input may decide between several versions.
   *
   * @param execution that it will be
   */
  default Optional<String> version(StartRequest start, UUID execution) {
    return version(start.tenant(), start.flow());
  }

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

  /** An execution has ended whose end matters, as {@link #mayListen} said; told again, the same. */
  default void ended(String flow, String version, Execution execution) {}

  /**
   * Which flows something starts.
   *
   * @param topic as {@link Listener} writes it
   */
  default List<Listener> listeners(String tenant, String topic) {
    return List.of();
  }
}
