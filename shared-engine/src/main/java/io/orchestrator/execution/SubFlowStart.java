package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Sha256;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** How another flow is started, worked out from the committed state: done again, it is the same. */
public sealed interface SubFlowStart {
  /** Executions inside executions. */
  int DEPTH_MAX = 8;

  /** The type of a trigger that is another execution. */
  String TRIGGER = "flow";

  /**
   * It can be started.
   *
   * @param version null: the one that its route gives
   * @param detached whether nobody waits for its end
   */
  record Ready(
      UUID child,
      String flow,
      String version,
      Object input,
      Map<String, Object> trigger,
      boolean detached)
      implements SubFlowStart {}

  /** It cannot. */
  record Unready(Failure failure) implements SubFlowStart {}

  /** The start of the flow of the step at a path. */
  static SubFlowStart of(Plan plan, Execution execution, String path) {
    Instance step = Instance.at(plan, path);
    Kind.SubFlow sub = (Kind.SubFlow) step.kind();
    StepState state = execution.step(path);
    long depth = depth(execution) + 1;
    if (depth > DEPTH_MAX) {
      return new Unready(
          Failure.fatal("validation", "flows call each other more than " + DEPTH_MAX + " deep"));
    }
    try {
      View view = new View(plan, execution, state.startedAt());
      Object input = sub.input() == null ? execution.input() : sub.input().fill(view.of(step));
      Map<String, Object> parent = new LinkedHashMap<>();
      parent.put("execution", execution.id().toString());
      parent.put("flow", plan.flow());
      parent.put("step", path);
      parent.put("attempt", (long) state.attempt());
      Map<String, Object> trigger = new LinkedHashMap<>();
      trigger.put("type", TRIGGER);
      trigger.put("parent", parent);
      trigger.put("depth", depth);
      Descent.hand(Descent.generation(execution.trigger()), trigger);
      trigger.put("detached", sub.detached());
      String version = sub.version().isEmpty() ? null : sub.version();
      return new Ready(
          child(execution.id(), state), sub.flow(), version, input, trigger, sub.detached());
    } catch (ExpressionException e) {
      return new Unready(Failure.fatal("expression", "input: " + e.getMessage()));
    }
  }

  /**
   * The step that waits for the end of an execution, {@code {execution, flow, step, attempt}}; null
   * if none does.
   */
  static Map<?, ?> parent(Execution child) {
    Map<String, Object> trigger = child.trigger();
    boolean called = trigger != null && TRIGGER.equals(trigger.get("type"));
    return called
            && !Boolean.TRUE.equals(trigger.get("detached"))
            && trigger.get("parent") instanceof Map<?, ?> parent
        ? parent
        : null;
  }

  private static long depth(Execution execution) {
    Object depth = execution.trigger() == null ? null : execution.trigger().get("depth");
    return depth instanceof Long number ? number : 0;
  }

  /**
   * The id of the execution that an attempt of a step starts: a UUIDv7 of the moment at which the
   * step began, the rest a hash of whose it is.
   */
  static UUID child(UUID parent, StepState state) {
    String hash = Sha256.hex(parent + "|" + state.path() + "|" + state.attempt());
    long random = Long.parseUnsignedLong(hash.substring(0, 16), 16);
    long high = (state.startedAt().toEpochMilli() << 16) | 0x7000L | (random >>> 52);
    long low = Long.parseUnsignedLong(hash.substring(16, 32), 16);
    return new UUID(high, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }
}
