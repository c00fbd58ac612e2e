package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the call of a step is, worked out from the committed state: made again, it is the same. */
public sealed interface CallPlan {
  /**
   * The call can be made.
   *
   * @param action null: the adapter's default action
   * @param timeout null: the adapter's own
   */
  record Ready(
      String adapter, String action, Object params, String idempotencyKey, Duration timeout)
      implements CallPlan {}

  /** An expression of the step cannot be evaluated. */
  record Unready(Failure failure) implements CallPlan {}

  /** Whether the step at a path announces a callback. */
  static boolean awaits(Plan plan, String path) {
    return plan.at(path).kind() instanceof Kind.Call call && call.await() != null;
  }

  /**
   * The call of the step at a path.
   *
   * @param callbackUrl null if the step awaits no callback
   */
  static CallPlan of(
      Plan plan,
      Execution execution,
      String path,
      String callbackUrl,
      String callbackToken,
      Instant now) {
    Instance step = Instance.at(plan, path);
    Kind.Call call = (Kind.Call) step.kind();
    Map<String, Object> more = new LinkedHashMap<>();
    if (callbackUrl != null) {
      more.put("callback", Map.of("url", callbackUrl, "token", callbackToken));
    }
    StepState state = execution.step(path);
    Instant recorded = state == null ? now : state.startedAt();
    Scope scope = new View(plan, execution, recorded).of(step, more);
    try {
      Object params = call.params() == null ? execution.input() : call.params().fill(scope);
      String key =
          step.common().idempotencyKey() == null
              ? execution.id() + "/" + path
              : String.valueOf(step.common().idempotencyKey().fill(scope));
      Duration timeout =
          step.common().timeout() == null
              ? null
              : Spans.length(step.common().timeout(), scope, now);
      return new Ready(call.adapter(), call.action(), params, key, timeout);
    } catch (ExpressionException e) {
      return new Unready(Failure.fatal("expression", e.getMessage()));
    }
  }
}
