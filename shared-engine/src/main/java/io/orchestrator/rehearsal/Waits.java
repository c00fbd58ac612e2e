package io.orchestrator.rehearsal;

import io.orchestrator.execution.Event;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Occurrence;
import io.orchestrator.execution.Pause;
import io.orchestrator.execution.StepState;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Tells waiting steps what a test says. */
final class Waits {
  private static final String SOMEBODY = "user:somebody";

  private final Agenda agenda;
  private int count;

  Waits(Agenda agenda) {
    this.agenda = agenda;
  }

  /** Whether a step waits for somebody to say something. */
  static boolean isAsked(Step step) {
    return !(step.kind() instanceof Kind.Wait || step.kind() instanceof Kind.Loop);
  }

  /** The step is told that, in its time. */
  void answer(Step step, StepState state, FlowTest.Answer answer, Instant now) {
    if (answer.form() == FlowTest.Form.UNANSWERED) {
      return;
    }
    Failure failure = answer.fault() == null ? null : Faults.failure(answer.fault(), "");
    tell(step, state, answer.value(), failure, now.plus(answer.after()));
  }

  /** The step is told something that says nothing, for a rehearsal without a test. */
  void assume(Step step, StepState state, Instant now) {
    Object value =
        step.kind() instanceof Kind.Approve approve ? approve.options().getFirst() : null;
    tell(step, state, value, null, now);
  }

  private void tell(Step step, StepState state, Object value, Failure failure, Instant then) {
    String path = state.path();
    String id = "mock-" + count++;
    switch (step.kind()) {
      case Kind.AwaitSignal signal ->
          agenda.add(then, at -> new Event.SignalReceived(id, signal.name(), value, at));
      case Kind.AwaitEvent ignored -> {
        Pause.Listening pause = (Pause.Listening) state.pause();
        String key = pause.key() == null ? "" : pause.key();
        agenda.add(
            then,
            at ->
                new Event.EventReceived(
                    path, new Occurrence(id, pause.type(), key, value, at), at));
      }
      case Kind.Approve ignored -> decide(path, value, then);
      default -> agenda.add(then, at -> new Event.CallbackReceived(path, value, failure, at));
    }
  }

  /** One decision, or one of each of several people. */
  private void decide(String path, Object value, Instant then) {
    List<?> decisions = value instanceof List<?> list ? list : List.of(value);
    int number = 0;
    for (Object decision : decisions) {
      agenda.add(then, decision(path, decision, number++));
    }
  }

  private static Function<Instant, Event> decision(String path, Object said, int number) {
    String anybody = number == 0 ? SOMEBODY : SOMEBODY + "-" + (number + 1);
    if (said instanceof Map<?, ?> map) {
      String by = map.get("by") instanceof String person ? person : anybody;
      String option = String.valueOf(map.get("decision"));
      return at -> new Event.DecisionMade(path, by, option, map.get("form"), at);
    }
    String option = String.valueOf(said);
    return at -> new Event.DecisionMade(path, anybody, option, null, at);
  }
}
