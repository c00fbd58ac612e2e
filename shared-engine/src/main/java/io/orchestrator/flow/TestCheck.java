package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Checks that the tests of a flow speak of steps that it has, and answer only what asks. */
public final class TestCheck {
  private final Plan plan;
  private final Problems problems;
  private final Set<String> names = new LinkedHashSet<>();

  private TestCheck(Plan plan, Problems problems) {
    this.plan = plan;
    this.problems = problems;
    for (Step step : plan.everyStep()) {
      names.add(step.id());
      names.add(step.path());
    }
  }

  /** Tells every name that no step has, and every answer that its step does not ask for. */
  public static void check(Plan plan, List<FlowTest> tests, Problems problems) {
    TestCheck check = new TestCheck(plan, problems);
    tests.forEach(check::check);
  }

  private void check(FlowTest test) {
    test.mocks().forEach(this::check);
    FlowTest.Expect expect = test.expect();
    List<FlowTest.StepName> named = new ArrayList<>();
    named.addAll(expect.path() == null ? List.of() : expect.path());
    named.addAll(expect.never() == null ? List.of() : expect.never());
    expect.attempts().forEach(each -> named.add(each.step()));
    expect.steps().forEach(each -> named.add(each.step()));
    named.forEach(this::known);
  }

  private boolean known(FlowTest.StepName name) {
    if (names.contains(name.plain()) || isInside(name.plain())) {
      return true;
    }
    problems.error(
        Code.UNKNOWN_STEP,
        name.spot(),
        "the flow has no step '" + name.text() + "'",
        Nearest.hint(name.plain(), names));
    return false;
  }

  /** Whether it names a step of a flow that a step of this one runs. */
  private boolean isInside(String name) {
    for (int end = name.indexOf('/'); end > 0; end = name.indexOf('/', end + 1)) {
      Step step = step(name.substring(0, end));
      if (step != null && step.kind() instanceof Kind.SubFlow) {
        return true;
      }
    }
    return false;
  }

  private Step step(String name) {
    return plan.named(name) == null ? plan.at(name) : plan.named(name);
  }

  private void check(FlowTest.Mock mock) {
    if (!known(mock.step()) || isInside(mock.step().plain())) {
      return;
    }
    String name = mock.step().plain();
    Step step = step(name);
    Asks asks = Asks.of(step.kind());
    if (asks == Asks.NOTHING) {
      problems.error(
          Code.CONTRADICTION,
          mock.step().spot(),
          "the step '" + name + "' asks nobody, so there is nothing to mock",
          "calls, sub-flows and waits for answers are mocked");
      return;
    }
    for (FlowTest.Answer answer : mock.answers()) {
      adapters(answer, name, step.kind());
      String told = AnswerReader.waits().get(answer.form());
      if (told != null && !asks.hears(answer.form())) {
        problems.error(
            Code.CONTRADICTION,
            answer.spot(),
            "the step '" + name + "' awaits no " + told,
            "if its answer really is such a map, write {$value: {...}}");
      }
    }
  }

  /**
   * Answers of adapters that the step never calls would never be asked for. Where it names nobody
   * who stands in, the definition of its adapter may, and that is live.
   */
  private void adapters(FlowTest.Answer answer, String name, Kind kind) {
    List<String> called = new ArrayList<>();
    if (kind instanceof Kind.Call call) {
      if (call.fallback().isEmpty() && answer.adapters().containsKey(call.adapter())) {
        return;
      }
      called.add(call.adapter());
      call.fallback().forEach(other -> called.add(other.adapter()));
    }
    for (String adapter : answer.adapters().keySet()) {
      if (!called.contains(adapter)) {
        problems.error(
            Code.CONTRADICTION,
            answer.spot(),
            "the step '" + name + "' never calls the adapter '" + adapter + "'",
            called.isEmpty() ? "" : "it calls " + String.join(", ", called));
      }
    }
  }

  /** What a step asks of the world. */
  private enum Asks {
    NOTHING,
    ANSWER,
    CALLBACK,
    SIGNAL,
    EVENT,
    APPROVAL;

    static Asks of(Kind kind) {
      return switch (kind) {
        case Kind.Call call -> call.await() == null ? ANSWER : CALLBACK;
        case Kind.SubFlow ignored -> ANSWER;
        case Kind.Await ignored -> CALLBACK;
        case Kind.AwaitSignal ignored -> SIGNAL;
        case Kind.AwaitEvent ignored -> EVENT;
        case Kind.Approve ignored -> APPROVAL;
        default -> NOTHING;
      };
    }

    boolean hears(FlowTest.Form form) {
      return form.name().equals(name());
    }
  }
}
