package io.orchestrator.engine;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.execution.CallPlan;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.telemetry.Trace;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the call of a step and says how it ended. */
final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  /** With these the service did not look at the call at all, or nobody knows. */
  private static final Set<String> AWAY = Set.of("adapter_unavailable", "circuit_open");

  private final Function<AdapterCall, Answer> adapters;
  private final Callbacks callbacks;
  private final Supplier<Instant> clock;

  Calls(Function<AdapterCall, Answer> adapters, Callbacks callbacks, Supplier<Instant> clock) {
    this.adapters = adapters;
    this.callbacks = callbacks;
    this.clock = clock;
  }

  /** The outcome of a step's attempt; never throws for anything that an adapter does. */
  Event make(Plan plan, Execution execution, String path, int attempt, String traceparent) {
    String token =
        CallPlan.awaits(plan, path) ? callbacks.token(execution.id(), path, attempt) : null;
    String url = token == null ? null : callbacks.url(token);
    return switch (CallPlan.of(plan, execution, path, url, token, clock.get())) {
      case CallPlan.Unready unready ->
          new Event.StepFailed(path, attempt, unready.failure(), clock.get());
      case CallPlan.Ready ready ->
          outcome(
              path,
              attempt,
              ready,
              first(
                  plan,
                  execution,
                  path,
                  attempt,
                  ready,
                  url,
                  token,
                  Trace.ofCall(traceparent, execution.id(), path, attempt)));
    };
  }

  /**
   * The answer of the first adapter that is there; if none is, the failure of the step's own one.
   */
  private Answer first(
      Plan plan,
      Execution execution,
      String path,
      int attempt,
      CallPlan.Ready ready,
      String url,
      String token,
      String traceparent) {
    Kind.Fallback own = new Kind.Fallback(ready.adapter(), ready.action());
    // Who stands in for a step is said by the step, or else by its adapter's definition.
    boolean said = !ready.fallback().isEmpty();
    Answer answer =
        answer(plan, execution, path, attempt, ready, own, said, url, token, traceparent);
    for (Kind.Fallback other : isAway(answer) ? ready.fallback() : List.<Kind.Fallback>of()) {
      String beside =
          Trace.ofCall(traceparent, execution.id(), path + "|" + other.adapter(), attempt);
      Answer instead =
          answer(plan, execution, path, attempt, ready, other, true, url, token, beside);
      if (!isAway(instead)) {
        return instead instanceof Answer.Later later
            ? new Answer.Later(later.answer(), other.adapter())
            : instead;
      }
    }
    return answer;
  }

  private static boolean isAway(Answer answer) {
    return answer instanceof Answer.Refused refused && AWAY.contains(refused.failure().type());
  }

  private Answer answer(
      Plan plan,
      Execution execution,
      String path,
      int attempt,
      CallPlan.Ready ready,
      Kind.Fallback called,
      boolean alone,
      String url,
      String token,
      String traceparent) {
    AdapterCall call =
        new AdapterCall(
            execution.tenant(),
            execution.id(),
            plan.flow(),
            path,
            attempt,
            called.adapter(),
            called.action(),
            ready.params(),
            ready.idempotencyKey(),
            ready.timeout(),
            ready.atMost(),
            token != null,
            url,
            token,
            traceparent,
            alone);
    try {
      return adapters.apply(call);
    } catch (RuntimeException bug) {
      LOG.error(
          "the call of {} for step {} of {} broke", called.adapter(), path, execution.id(), bug);
      return new Answer.Refused(
          Failure.temporary(
              "internal",
              "the adapter " + called.adapter() + " broke: " + bug.getClass().getSimpleName()));
    }
  }

  private Event outcome(String path, int attempt, CallPlan.Ready ready, Answer answer) {
    Instant at = clock.get();
    return switch (answer) {
      case Answer.Done done ->
          new Event.StepSucceeded(
              path,
              attempt,
              done.result(),
              ready.adapter().equals(done.servedBy()) ? "" : done.servedBy(),
              at);
      case Answer.Later later ->
          new Event.StepDeferred(path, attempt, later.answer(), later.servedBy(), at);
      case Answer.Refused refused -> new Event.StepFailed(path, attempt, refused.failure(), at);
    };
  }
}
