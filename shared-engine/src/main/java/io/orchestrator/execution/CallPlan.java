package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the call of a step is, worked out from the committed state: made again, it is the same. */
public sealed interface CallPlan {
  /** Characters of an idempotency key. */
  int KEY_CHARS_MAX = 255;

  /**
   * The call can be made.
   *
   * @param action null: the adapter's default action
   * @param timeout null: the adapter's own
   * @param atMost what is left of the step's time; null if it has no deadline
   * @param fallback what to call instead when the adapter is unavailable, in order
   */
  record Ready(
      String adapter,
      String action,
      Object params,
      String idempotencyKey,
      Duration timeout,
      Duration atMost,
      List<Kind.Fallback> fallback)
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
    Instant began = state == null ? now : state.startedAt();
    boolean again = state != null && state.status() == StepStatus.RETRYING;
    Instant recorded = again ? state.due() : began; // of this attempt, whoever makes it
    Scope scope = new View(plan, execution, recorded).of(step, more);
    try {
      Object params = call.params() == null ? execution.input() : call.params().fill(scope);
      String key =
          step.common().idempotencyKey() == null
              ? execution.id() + "/" + path
              : key(step.common().idempotencyKey().fill(scope));
      Duration timeout =
          step.common().timeout() == null
              ? null
              : Spans.length(step.common().timeout(), scope, now);
      Duration left = Deadlines.left(step, began, scope, now);
      if (left != null && !left.isPositive()) {
        return new Unready(Deadlines.over(step, null));
      }
      return new Ready(call.adapter(), call.action(), params, key, timeout, left, call.fallback());
    } catch (ExpressionException e) {
      return new Unready(Failure.fatal("expression", e.getMessage()));
    }
  }

  /** A key that says nothing would make calls equal that are not. */
  private static String key(Object value) {
    String key =
        switch (value) {
          case String text -> text;
          case Long number -> number.toString();
          case null, default -> "";
        };
    if (key.isBlank() || key.length() > KEY_CHARS_MAX) {
      throw new ExpressionException(
          "idempotency_key must give a text or a whole number of at most "
              + KEY_CHARS_MAX
              + " characters",
          -1);
    }
    return key;
  }
}
