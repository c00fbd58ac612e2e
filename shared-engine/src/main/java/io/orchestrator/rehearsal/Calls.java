package io.orchestrator.rehearsal;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.StandIns;
import io.orchestrator.execution.CallPlan;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers the calls of a rehearsal: by the test's mocks, by sandboxes, or not at all. */
final class Calls {
  private static final String CALLBACKS = "https://callbacks.test/callbacks/";

  /** With these the next adapter is called. */
  private static final Set<String> AWAY = Set.of("adapter_unavailable", "circuit_open");

  private final Stage stage;
  private final Mocks mocks;
  private final Sandboxes sandboxes;
  private final Agenda agenda;
  private final boolean dry;
  private final List<Made> made = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * @param dry whether a call that nobody answers gives null instead of ending the rehearsal
   */
  Calls(Stage stage, Mocks mocks, Sandboxes sandboxes, Agenda agenda, boolean dry) {
    this.stage = stage;
    this.mocks = mocks;
    this.sandboxes = sandboxes;
    this.agenda = agenda;
    this.dry = dry;
  }

  List<Made> made() {
    return List.copyOf(made);
  }

  List<String> warnings() {
    return warnings.stream().distinct().toList();
  }

  /**
   * One call on its way.
   *
   * @param said what a test says of each adapter; empty if it speaks of the step's own alone
   * @param own the failure of the step's own adapter; null while that one is called
   */
  private record Call(
      Step step,
      String path,
      int attempt,
      CallPlan.Ready ready,
      Instant now,
      Execution execution,
      String url,
      String token,
      Map<String, FlowTest.Answer> said,
      Failure own) {
    /** The adapter that is called instead of the step's own; empty if that one is. */
    String instead() {
      return own == null ? "" : ready.adapter();
    }

    /** The same, asked of several adapters. */
    Call of(Map<String, FlowTest.Answer> adapters) {
      return new Call(step, path, attempt, ready, now, execution, url, token, adapters, own);
    }

    /** The call of the next adapter that stands in, after one that is away. */
    Call next(Failure away, Instant then) {
      Kind.Fallback other = ready.fallback().getFirst();
      CallPlan.Ready instead =
          new CallPlan.Ready(
              other.adapter(),
              other.action(),
              ready.params(),
              ready.idempotencyKey(),
              ready.timeout(),
              ready.atMost(),
              ready.fallback().subList(1, ready.fallback().size()));
      Failure first = own == null ? away : own;
      return new Call(step, path, attempt, instead, then, execution, url, token, said, first);
    }

    boolean awaits(Plan plan) {
      return CallPlan.awaits(plan, path);
    }
  }

  /** Makes the call of a step; why nobody answers it, null if somebody does. */
  Played.Stop make(Execution execution, String path, int attempt, Instant now) {
    Plan plan = stage.plan();
    Step step = plan.at(path);
    String token = CallPlan.awaits(plan, path) ? path : null;
    String url = token == null ? null : CALLBACKS + path;
    return switch (CallPlan.of(plan, execution, path, url, token, now)) {
      case CallPlan.Unready unready -> {
        agenda.add(now, at -> new Event.StepFailed(path, attempt, unready.failure(), at));
        yield null;
      }
      case CallPlan.Ready ready ->
          answer(
              new Call(
                  step,
                  path,
                  attempt,
                  withStandIns(ready),
                  now,
                  execution,
                  url,
                  token,
                  Map.of(),
                  null));
    };
  }

  /** Who stands in is said by the step, or else by its adapter's definition. */
  private CallPlan.Ready withStandIns(CallPlan.Ready ready) {
    if (!ready.fallback().isEmpty()) {
      return ready;
    }
    return new CallPlan.Ready(
        ready.adapter(),
        ready.action(),
        ready.params(),
        ready.idempotencyKey(),
        ready.timeout(),
        ready.atMost(),
        StandIns.of(stage.definitions(), stage.tenant(), ready.adapter(), ready.action()).stream()
            .map(other -> new Kind.Fallback(other.adapter(), other.action()))
            .toList());
  }

  private Played.Stop answer(Call call) {
    return switch (mocks.next(call.step().id(), call.path())) {
      case Mocks.Found.Said said ->
          said.answer().form() == FlowTest.Form.ADAPTERS
              ? asked(call.of(said.answer().adapters()))
              : mocked(call, said.answer());
      case Mocks.Found.UsedUp used -> {
        note(call, Made.By.NOBODY);
        yield new Played.Stop(
            call.path(),
            "attempt "
                + used.question()
                + " of "
                + call.path()
                + " has no answer: its mock has "
                + used.answers(),
            false);
      }
      case Mocks.Found.Unmocked none -> unmocked(call);
    };
  }

  /** One of the adapters of a step is called, its own or one that stands in. */
  private Played.Stop asked(Call call) {
    FlowTest.Answer answer = call.said().get(call.ready().adapter());
    return answer == null ? unmocked(call) : mocked(call, answer);
  }

  private Played.Stop unmocked(Call call) {
    if (dry) {
      note(call, Made.By.NOBODY);
      succeed(call, null, call.now(), Duration.ZERO);
      return null;
    }
    if (sandboxes.has(call.ready().adapter())) {
      note(call, Made.By.SANDBOX);
      return sandbox(call);
    }
    note(call, Made.By.NOBODY);
    String action = call.ready().action();
    String known =
        stage.definitions().find(stage.tenant(), call.ready().adapter()) == null
            ? ", an adapter that is not at hand" + near(call.ready().adapter())
            : "";
    return new Played.Stop(
        call.path(),
        call.path()
            + " calls "
            + call.ready().adapter()
            + (action == null ? "" : "." + action)
            + known
            + " and has no mock"
            + (call.own() == null ? "" : ": {$adapters: {" + call.ready().adapter() + ": ...}}"),
        false);
  }

  private String near(String adapter) {
    String hint =
        Nearest.hint(
            adapter,
            stage.definitions().all(stage.tenant()).stream().map(d -> d.adapter()).toList());
    return hint.isEmpty() ? "" : " (" + hint + ")";
  }

  private void note(Call call, Made.By by) {
    CallPlan.Ready ready = call.ready();
    made.add(
        new Made(
            call.path(),
            call.step().id(),
            call.attempt(),
            call.now(),
            ready.adapter(),
            ready.action(),
            Shown.data(ready.params()),
            ready.idempotencyKey(),
            ready.timeout(),
            by));
  }

  // -- what a mock says

  private Played.Stop mocked(Call call, FlowTest.Answer answer) {
    note(call, Made.By.MOCK);
    CallPlan.Ready ready = call.ready();
    String misfit = sandboxes.misfit(ready.adapter(), ready.action(), ready.params());
    if (!misfit.isEmpty()) {
      warnings.add(
          call.path() + ": " + misfit + "; the adapter would refuse the call as validation");
    }
    boolean awaits = call.awaits(stage.plan());
    switch (answer.form()) {
      case UNANSWERED -> {
        if (awaits) {
          defer(call, answer.call(), call.now());
        } else {
          timeOut(call);
        }
      }
      case ERROR -> {
        return fail(call, answer);
      }
      case ADAPTERS -> throw new IllegalStateException("an adapter is not several ones");
      case VALUE, OUTPUT -> {
        if (late(call, answer.after())) {
          timeOut(call);
        } else {
          succeed(call, answer.value(), call.now().plus(answer.after()), Duration.ZERO);
        }
      }
      case CALLBACK, EVENT, SIGNAL, APPROVAL -> {
        defer(call, answer.call(), call.now());
        Failure failure = answer.fault() == null ? null : Faults.failure(answer.fault(), "");
        callBack(call, answer.value(), failure, call.now().plus(answer.after()));
      }
    }
    return null;
  }

  private Played.Stop fail(Call call, FlowTest.Answer answer) {
    if (late(call, answer.after())) {
      timeOut(call);
      return null;
    }
    Failure failure = Faults.failure(answer.fault(), call.ready().adapter());
    return fail(call, failure, call.now().plus(answer.after()));
  }

  /** If the adapter is away, the next one is called; if all are, the step's own has failed. */
  private Played.Stop fail(Call call, Failure failure, Instant then) {
    boolean away = AWAY.contains(failure.type());
    if (away && !call.ready().fallback().isEmpty()) {
      return asked(call.next(failure, then));
    }
    Failure told = away && call.own() != null ? call.own() : failure;
    agenda.add(then, at -> new Event.StepFailed(call.path(), call.attempt(), told, at));
    return null;
  }

  private Duration timeout(Call call) {
    return sandboxes.timeout(call.ready().adapter(), call.ready().action(), call.ready().timeout());
  }

  private boolean late(Call call, Duration took) {
    return took.compareTo(timeout(call)) > 0;
  }

  private void timeOut(Call call) {
    Duration timeout = timeout(call);
    Failure failure =
        new Failure(
            "timeout",
            call.ready().adapter() + " gave no answer within " + timeout.toMillis() + " ms",
            0,
            true,
            call.ready().adapter(),
            null,
            null);
    agenda.add(
        call.now().plus(timeout),
        at -> new Event.StepFailed(call.path(), call.attempt(), failure, at));
  }

  // -- what a sandbox says

  private Played.Stop sandbox(Call call) {
    CallPlan.Ready ready = call.ready();
    Sandboxes.Said said =
        sandboxes.call(
            new AdapterCall(
                stage.tenant(),
                call.execution().id(),
                stage.plan().flow(),
                call.path(),
                call.attempt(),
                ready.adapter(),
                ready.action(),
                ready.params(),
                ready.idempotencyKey(),
                ready.timeout(),
                ready.atMost(),
                call.token() != null,
                call.url(),
                call.token(),
                null,
                true));
    Instant then = call.now().plus(said.took());
    switch (said.answer()) {
      case Answer.Done done ->
          agenda.add(
              then,
              at ->
                  new Event.StepSucceeded(
                      call.path(), call.attempt(), done.result(), call.instead(), at));
      case Answer.Later later -> defer(call, later.answer(), then);
      case Answer.Refused refused -> {
        return fail(call, refused.failure(), then);
      }
    }
    Sandboxes.Callback callback = said.callback();
    if (callback != null) {
      Failure failure = callback.error() ? Shown.failure(callback.body()) : null;
      callBack(
          call, callback.error() ? null : callback.body(), failure, then.plus(callback.after()));
    }
    return null;
  }

  // -- what happens then

  private void succeed(Call call, Object value, Instant then, Duration later) {
    if (call.awaits(stage.plan())) {
      defer(call, null, then);
      callBack(call, value, null, then.plus(later));
    } else {
      agenda.add(
          then,
          at -> new Event.StepSucceeded(call.path(), call.attempt(), value, call.instead(), at));
    }
  }

  private void defer(Call call, Object answer, Instant then) {
    agenda.add(
        then,
        at -> new Event.StepDeferred(call.path(), call.attempt(), answer, call.instead(), at));
  }

  private void callBack(Call call, Object body, Failure failure, Instant then) {
    agenda.add(then, at -> new Event.CallbackReceived(call.path(), body, failure, at));
  }
}
