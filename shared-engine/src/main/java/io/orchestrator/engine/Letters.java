package io.orchestrator.engine;

import io.orchestrator.execution.Crossings;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Occurrence;
import io.orchestrator.execution.Pause;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepState;
import io.orchestrator.expression.Json;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Events;
import io.orchestrator.store.Stored;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Words for steps that wait, or will: signals, events, decisions, the ends of children. */
record Letters(Parts parts, Words words) {

  // -- signals

  SignalOutcome signal(String tenant, UUID id, String key, String name, Object data) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> stored = load(id).filter(s -> s.tenant().equals(tenant));
      if (stored.isEmpty()) {
        return SignalOutcome.UNKNOWN;
      }
      Execution execution = parts.fold(stored.get());
      if (Crossings.hasHeard(execution, key)) {
        return isSame(stored.get(), key, name, data) ? SignalOutcome.SAME : SignalOutcome.DIFFERENT;
      }
      if (!Crossings.listensFor(parts.plan(stored.get()), name)) {
        return SignalOutcome.UNKNOWN;
      }
      if (execution.status().isFinal()) {
        return SignalOutcome.LATE;
      }
      Event event = new Event.SignalReceived(key, name, data, parts.time().now());
      switch (words.apply(stored.get(), event, null)) {
        case STORED -> {
          return SignalOutcome.ACCEPTED;
        }
        case IGNORED -> {
          return SignalOutcome.FULL;
        }
        case LOST -> {} // look again
      }
    }
    throw tooManyRaces(id.toString());
  }

  private boolean isSame(Stored stored, String id, String name, Object data) {
    for (Stored.Line line : stored.history()) {
      Map<String, Object> signal =
          line.event().equals("signal_received")
              ? parts.commits().sealing().truth(stored.id(), line.data())
              : Map.of();
      if (id.equals(signal.get("id"))) {
        return name.equals(signal.get("name"))
            && Json.canonical(wrapped(data)).equals(Json.canonical(wrapped(signal.get("data"))));
      }
    }
    return false;
  }

  private static List<Object> wrapped(Object data) {
    return Arrays.asList(data);
  }

  // -- events

  /** Whether the execution took it; false too if it does not wait for it any more. */
  boolean event(UUID execution, String path, Occurrence occurrence) {
    return said(execution, at -> new Event.EventReceived(path, occurrence, at));
  }

  /** Tells a parent how its child has ended. */
  boolean childEnded(UUID parent, String path, int attempt, Object answer, Failure failure) {
    return said(parent, at -> new Event.ChildEnded(path, attempt, answer, failure, at));
  }

  private boolean said(UUID execution, Function<Instant, Event> word) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> stored = load(execution);
      if (stored.isEmpty() || Status.of(stored.get().status()).isFinal()) {
        return false;
      }
      switch (words.apply(stored.get(), word.apply(parts.time().now()), null)) {
        case STORED -> {
          return true;
        }
        case IGNORED -> {
          return false;
        }
        case LOST -> {} // look again
      }
    }
    throw tooManyRaces(execution.toString());
  }

  // -- decisions

  /**
   * Somebody's decision.
   *
   * @param link of the wait that a link is, to be used up; null without
   */
  CallbackOutcome decide(
      Events.Approval approval, String by, String decision, Object form, byte[] link) {
    byte[] answer = Callbacks.answerHash(Arrays.asList(decision, form), null);
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> stored = load(approval.execution());
      if (stored.isEmpty()) {
        return CallbackOutcome.UNKNOWN;
      }
      StepState state = parts.fold(stored.get()).step(approval.step());
      if (state == null || !(state.pause() instanceof Pause.Asked asked)) {
        return CallbackOutcome.LATE;
      }
      Pause.Vote before = asked.of(by);
      if (before != null) {
        boolean same =
            before.decision().equals(decision) && Objects.equals(text(before.form()), text(form));
        return same ? CallbackOutcome.SAME : CallbackOutcome.DIFFERENT;
      }
      Event event = new Event.DecisionMade(approval.step(), by, decision, form, parts.time().now());
      Commit.Answered used = link == null ? null : new Commit.Answered(link, answer);
      switch (words.apply(stored.get(), event, used)) {
        case STORED -> {
          return CallbackOutcome.ACCEPTED;
        }
        case IGNORED -> {
          return CallbackOutcome.LATE;
        }
        case LOST -> {} // look again
      }
    }
    throw tooManyRaces(approval.execution().toString());
  }

  private static String text(Object value) {
    return Json.canonical(wrapped(value));
  }

  private Optional<Stored> load(UUID execution) {
    Optional<Stored> stored = parts.recent().load(execution);
    stored.ifPresent(found -> parts.time().heard(found.readAt()));
    return stored;
  }

  private static IllegalStateException tooManyRaces(String what) {
    return new IllegalStateException(
        what + " moved " + Limits.RACES_MAX + " times while somebody had a word for it");
  }
}
