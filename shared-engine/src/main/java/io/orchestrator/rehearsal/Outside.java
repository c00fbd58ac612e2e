package io.orchestrator.rehearsal;

import io.orchestrator.execution.Change;
import io.orchestrator.execution.Crossings;
import io.orchestrator.execution.Effect;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Occurrence;
import io.orchestrator.execution.Pause;
import io.orchestrator.execution.StepState;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The world outside of a rehearsal, calls apart: answers, events, signals, people, other flows. */
final class Outside {
  private static final String SOMEBODY = "somebody";

  private final Plan plan;
  private final Agenda agenda;
  private final Instant begin;
  private final List<Occurrence> occurrences = new ArrayList<>();
  private final List<Map<String, Object>> emitted = new ArrayList<>();
  private final Set<String> delivered = new HashSet<>();
  private int words;

  Outside(Plan plan, Agenda agenda, Instant begin) {
    this.plan = plan;
    this.agenda = agenda;
    this.begin = begin;
  }

  /** The events that were emitted. */
  List<Map<String, Object>> emitted() {
    return List.copyOf(emitted);
  }

  /** Whether a step of that kind waits for an answer, and not for time alone. */
  static boolean isAsked(Kind kind) {
    return switch (kind) {
      case Kind.Call call -> true;
      case Kind.Await callback -> true;
      case Kind.AwaitEvent event -> true;
      case Kind.AwaitSignal signal -> true;
      case Kind.Approve approve -> true;
      case Kind.SubFlow flow -> true;
      default -> false;
    };
  }

  // -- what comes by itself

  void expect(FlowTest.Arrival.Signal signal) {
    String id = nextId();
    agenda.add(
        begin.plus(signal.at()),
        at -> new Event.SignalReceived(id, signal.name(), signal.data(), at));
  }

  void expect(FlowTest.Arrival.Occurrence event) {
    Instant due = begin.plus(event.at());
    occurrences.add(new Occurrence(nextId(), event.type(), event.key(), event.data(), due));
    agenda.add(due, Event.TimeElapsed::new); // so that time does not go past it
  }

  /** The next event that has come and for which a step waits; null if there is none. */
  Event delivery(Execution execution, Instant now) {
    for (Occurrence occurrence : occurrences) {
      for (StepState state : execution.active()) {
        String key = occurrence.id() + ">" + state.path() + "#" + state.attempt();
        boolean due = !occurrence.receivedAt().isAfter(now) && !delivered.contains(key);
        if (due && Crossings.takes(plan, execution, state.path(), occurrence)) {
          delivered.add(key);
          return new Event.EventReceived(state.path(), occurrence, now);
        }
      }
    }
    return null;
  }

  /** An event that the flow emits may be one that it waits for. */
  void note(Change change, Instant now) {
    if (change instanceof Change.EventEmitted event) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("type", event.type());
      if (!event.key().isEmpty()) {
        data.put("key", event.key());
      }
      data.put("data", event.data());
      emitted.add(data);
      occurrences.add(new Occurrence(nextId(), event.type(), event.key(), event.data(), now));
    }
  }

  // -- what a mock says

  /** Tells a waiting step what a test says. */
  void answer(StepState state, FlowTest.Answer answer, Instant now) {
    if (answer.form() == FlowTest.Form.UNANSWERED) {
      return;
    }
    String path = state.path();
    Object value = answer.value();
    Instant due = now.plus(answer.after());
    switch (plan.at(path).kind()) {
      case Kind.AwaitEvent await -> {
        Pause.Listening listening = (Pause.Listening) state.pause();
        String key = listening.key() == null ? "" : listening.key();
        Occurrence event = new Occurrence(nextId(), listening.type(), key, value, due);
        agenda.add(due, at -> new Event.EventReceived(path, event, at));
      }
      case Kind.AwaitSignal await -> {
        String id = nextId();
        agenda.add(due, at -> new Event.SignalReceived(id, await.name(), value, at));
      }
      case Kind.Approve approve -> {
        List<?> decisions =
            value instanceof List<?> list ? list : List.of(value == null ? Map.of() : value);
        for (Object decision : decisions) {
          agenda.add(due, at -> decision(path, approve, decision, at));
        }
      }
      default -> {
        Failure failure = answer.fault() == null ? null : Faults.failure(answer.fault(), "");
        agenda.add(due, at -> new Event.CallbackReceived(path, value, failure, at));
      }
    }
  }

  /** The same where nobody knows what would be said. */
  void answerNothing(StepState state, Instant now) {
    FlowTest.Answer nothing =
        new FlowTest.Answer(null, FlowTest.Form.VALUE, null, null, Duration.ZERO, null);
    answer(state, nothing, now);
  }

  private static Event decision(String path, Kind.Approve approve, Object said, Instant at) {
    Map<?, ?> map = said instanceof Map<?, ?> given ? given : Map.of("decision", said);
    Object decision = map.get("decision");
    Object by = map.get("by");
    return new Event.DecisionMade(
        path,
        by == null ? SOMEBODY : by.toString(),
        decision == null ? approve.options().getFirst() : decision.toString(),
        map.get("form"),
        at);
  }

  // -- other flows

  /** Runs another flow, which a mock stands for; why it cannot go on, null if it can. */
  Played.Stop start(
      Execution execution, Effect.RunStep run, Mocks.Found found, boolean dry, Instant now) {
    String path = run.path();
    int attempt = run.attempt();
    Kind.SubFlow flow = (Kind.SubFlow) plan.at(path).kind();
    switch (found) {
      case Mocks.Found.Said said -> {
        FlowTest.Answer answer = said.answer();
        Failure failure = answer.fault() == null ? null : Faults.failure(answer.fault(), "");
        Instant due = now.plus(answer.after());
        if (flow.detached()) {
          agenda.add(due, at -> started(path, attempt, answer.value(), failure, at));
          return null;
        }
        agenda.add(now, at -> new Event.StepDeferred(path, attempt, null, at));
        if (answer.form() != FlowTest.Form.UNANSWERED) {
          agenda.add(due, at -> new Event.ChildEnded(path, attempt, answer.value(), failure, at));
        }
        return null;
      }
      case Mocks.Found.UsedUp used -> {
        return new Played.Stop(
            path,
            "attempt "
                + used.question()
                + " of "
                + path
                + " has no answer: its mock has "
                + used.answers(),
            false);
      }
      case Mocks.Found.Unmocked none -> {
        if (dry || flow.detached()) {
          agenda.add(now, at -> started(path, attempt, null, null, at));
          return null;
        }
        return new Played.Stop(
            path, path + " runs the flow " + flow.flow() + " and has no mock", false);
      }
    }
  }

  private static Event started(
      String path, int attempt, Object value, Failure failure, Instant at) {
    return failure == null
        ? new Event.StepSucceeded(path, attempt, value, "", at)
        : new Event.StepFailed(path, attempt, failure, at);
  }

  private String nextId() {
    words++;
    return "word-" + words;
  }
}
