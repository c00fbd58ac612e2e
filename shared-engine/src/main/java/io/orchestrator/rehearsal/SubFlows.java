package io.orchestrator.rehearsal;

import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.SubFlowStart;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Runs the other flows of a rehearsal: by its mocks, or for real if their text is at hand. */
final class SubFlows {
  private final Stage stage;
  private final FlowTest script;
  private final Mocks mocks;
  private final Agenda agenda;
  private final boolean dry;
  private final BiFunction<Stage, FlowTest, Played> inner;
  private final List<Made> made = new ArrayList<>();

  /**
   * @param dry whether a flow that is not at hand gives null instead of ending the rehearsal
   * @param inner rehearses another flow
   */
  SubFlows(
      Stage stage,
      FlowTest script,
      Mocks mocks,
      Agenda agenda,
      boolean dry,
      BiFunction<Stage, FlowTest, Played> inner) {
    this.stage = stage;
    this.script = script;
    this.mocks = mocks;
    this.agenda = agenda;
    this.dry = dry;
    this.inner = inner;
  }

  List<Made> made() {
    return made;
  }

  /** One start. */
  private record Start(
      Step step, String path, int attempt, SubFlowStart.Ready ready, Instant now) {}

  /** Runs the flow of a step; why that cannot be, null if it can. */
  Played.Stop run(Execution execution, String path, int attempt, Instant now) {
    return switch (SubFlowStart.of(stage.plan(), execution, path)) {
      case SubFlowStart.Unready unready -> {
        agenda.add(now, at -> new Event.StepFailed(path, attempt, unready.failure(), at));
        yield null;
      }
      case SubFlowStart.Ready ready ->
          start(new Start(stage.plan().at(path), path, attempt, ready, now));
    };
  }

  private Played.Stop start(Start start) {
    return switch (mocks.next(start.step().id(), start.path())) {
      case Mocks.Found.Said said -> {
        note(start, Made.By.MOCK);
        mocked(start, said.answer());
        yield null;
      }
      case Mocks.Found.UsedUp used -> {
        note(start, Made.By.NOBODY);
        yield new Played.Stop(
            start.path(),
            "attempt "
                + used.question()
                + " of "
                + start.path()
                + " has no answer: its mock has "
                + used.answers(),
            false);
      }
      case Mocks.Found.Unmocked none -> real(start);
    };
  }

  private void note(Start start, Made.By by) {
    made.add(
        new Made(
            start.path(),
            start.step().id(),
            start.attempt(),
            start.now(),
            "flow",
            start.ready().flow(),
            Shown.data(start.ready().input()),
            "",
            null,
            by));
  }

  private void mocked(Start start, FlowTest.Answer answer) {
    if (answer.form() == FlowTest.Form.UNANSWERED) {
      defer(start);
    } else {
      Failure failure = answer.fault() == null ? null : Faults.failure(answer.fault(), "");
      ends(start, answer.value(), failure, start.now().plus(answer.after()));
    }
  }

  private Played.Stop real(Start start) {
    Stage other = stage.flows().apply(start.ready().flow());
    if (other == null) {
      note(start, Made.By.NOBODY);
      if (dry) {
        ends(start, null, null, start.now());
        return null;
      }
      return new Played.Stop(
          start.path(),
          start.path()
              + " runs the flow "
              + start.ready().flow()
              + ", which is not at hand, and has no mock",
          false);
    }
    Played played = inner.apply(other, script(start));
    for (Made call : played.calls()) {
      String path = start.path() + "/" + call.path();
      made.add(
          new Made(
              path,
              call.id(),
              call.attempt(),
              call.at(),
              call.adapter(),
              call.action(),
              call.params(),
              call.idempotencyKey(),
              call.timeout(),
              call.by()));
    }
    if (played.stop() != null && !played.outcome().equals("refused")) {
      return new Played.Stop(
          start.path(),
          "in the flow " + start.ready().flow() + ": " + played.stop().message(),
          false);
    }
    ends(start, played.execution().output(), failure(played), start.now().plus(played.length()));
    return null;
  }

  /**
   * What the inner flow is given: mocks whose names begin with the path of the step are its own.
   */
  private FlowTest script(Start start) {
    List<FlowTest.Mock> own = new ArrayList<>();
    for (FlowTest.Mock mock : script.mocks()) {
      for (String prefix : List.of(start.path() + "/", start.step().path() + "/")) {
        if (mock.step().text().startsWith(prefix)) {
          String name = mock.step().text().substring(prefix.length());
          FlowTest.StepName step = new FlowTest.StepName(name, mock.step().spot());
          own.add(new FlowTest.Mock(step, mock.answers(), mock.each()));
          break;
        }
      }
    }
    return new FlowTest(
        script.spot(),
        script.name() + "/" + start.path() + "/" + start.attempt(),
        true,
        start.ready().input(),
        start.ready().trigger(),
        start.now(),
        own,
        List.of(),
        script.expect());
  }

  private static Failure failure(Played played) {
    return switch (played.outcome()) {
      case "completed" -> null;
      case "refused" -> Failure.fatal("validation", played.stop().message());
      case "cancelled" -> Failure.fatal("cancelled", "the execution was cancelled");
      case "timed_out" -> Failure.temporary("timeout", "the execution timed out");
      default ->
          played.execution().failure() == null
              ? Failure.fatal("internal", "the execution ended badly")
              : played.execution().failure();
    };
  }

  private void ends(Start start, Object output, Failure failure, Instant then) {
    if (start.ready().detached()) {
      Object given = failure == null && output != null ? output : child(start);
      agenda.add(
          start.now(), at -> new Event.StepSucceeded(start.path(), start.attempt(), given, "", at));
      return;
    }
    defer(start);
    agenda.add(
        then, at -> new Event.ChildEnded(start.path(), start.attempt(), output, failure, at));
  }

  private void defer(Start start) {
    agenda.add(
        start.now(), at -> new Event.StepDeferred(start.path(), start.attempt(), child(start), at));
  }

  private static Map<String, Object> child(Start start) {
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("execution", start.ready().child().toString());
    return call;
  }
}
