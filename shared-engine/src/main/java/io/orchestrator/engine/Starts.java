package io.orchestrator.engine;

import io.orchestrator.execution.Decision;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.flow.Plan;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Turn;
import io.orchestrator.store.Verdict;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts executions, those of flows that limit their number when it is their turn. */
record Starts(Parts parts, Words words) {
  private static final Logger LOG = LoggerFactory.getLogger(Starts.class);

  /**
   * @param id that the execution will have
   */
  Start start(UUID id, StartRequest request, Plan plan) {
    try {
      Commit.IdempotencyKey key = parts.admissions().key(plan, request);
      Turn turn =
          parts.admissions().ask(plan, request.tenant(), id, request.input(), request.trigger());
      return turn instanceof Turn.Refused
          ? refused(request, plan, key)
          : start(request, plan, key, id, turn);
    } catch (Admissions.BadKey bad) {
      return new Start.BadInput(bad.problems());
    }
  }

  private Start start(
      StartRequest request, Plan plan, Commit.IdempotencyKey key, UUID id, Turn turn) {
    Execution blank = Execution.blank(id, request.tenant());
    Event event =
        new Event.Triggered(
            request.input(), request.trigger(), turn instanceof Turn.Waiting, parts.time().now());
    Decision.Taken taken = (Decision.Taken) StateMachine.decide(plan, blank, event);
    Commit.Opening opening =
        new Commit.Opening(
            request.tenant(), plan.flow(), plan.version(), key, request.traceparent());
    Commit commit =
        parts.commits().of(plan, blank, taken.transitions(), taken.next(), null, null, opening);
    return switch (parts.commit(commit)) {
      case Verdict.Stored stored -> {
        Execution begun = blank.after(taken.transitions(), stored.at());
        parts.committed(
            new Observer.Moved(
                plan, blank, taken.transitions(), begun, stored.at(), request.traceparent()));
        if (begun.isHeld()) {
          makeRoom(plan, begun, turn);
        } else if (!begun.status().isFinal()) {
          new LettingGo(parts, plan, request.traceparent())
              .handOver(begun, Parts.lines(commit, stored.at()));
        }
        yield new Start.Accepted(begun.id(), plan.flow(), plan.version(), begun.status().text());
      }
      case Verdict.Duplicate duplicate -> {
        parts.admissions().giveBack(plan, id);
        yield repeated(duplicate);
      }
      case Verdict.Lost ignored -> begunBefore(id, key);
    };
  }

  /** A process that was lost has begun it: a child's id and key follow from its parent's step. */
  private Start begunBefore(UUID id, Commit.IdempotencyKey key) {
    return (key == null ? Optional.<Stored>empty() : parts.store().load(id))
        .<Start>map(s -> new Start.Repeated(id, s.flow(), s.version(), s.status()))
        .orElseThrow(() -> new IllegalStateException("the id " + id + " is taken"));
  }

  /** There is no room; the same start again is told of the execution that it began. */
  private Start refused(StartRequest request, Plan plan, Commit.IdempotencyKey key) {
    Optional<Verdict.Duplicate> earlier =
        key == null ? Optional.empty() : parts.store().started(request.tenant(), key);
    return earlier
        .map(this::repeated)
        .orElseGet(() -> new Start.NoRoom(plan.terms().concurrency().limit()));
  }

  private Start repeated(Verdict.Duplicate duplicate) {
    if (!duplicate.sameRequest()) {
      return new Start.KeyReused();
    }
    return parts
        .store()
        .load(duplicate.execution())
        .<Start>map(s -> new Start.Repeated(s.id(), s.flow(), s.version(), s.status()))
        .orElseGet(Start.KeyReused::new);
  }

  // -- turns

  /** An execution that waits for its turn is looked at: it begins if there is room by now. */
  void turn(Plan plan, Execution held) {
    Turn turn = parts.admissions().ask(plan, held);
    switch (turn) {
      case Turn.Taken ignored -> admit(held.id());
      case Turn.Waiting ignored -> makeRoom(plan, held, turn);
      case Turn.Refused ignored -> LOG.warn("{} waits for a turn that its flow refuses", held.id());
    }
  }

  /** Cancels what is in the way of an execution that waits for its turn, and lets it begin. */
  private void makeRoom(Plan plan, Execution held, Turn turn) {
    if (turn instanceof Turn.Waiting waiting && !waiting.inItsWay().isEmpty()) {
      for (UUID other : waiting.inItsWay()) {
        var _ = words.cancel(held.tenant(), other, "replaced by " + held.id(), false);
      }
      if (parts.admissions().ask(plan, held) instanceof Turn.Taken) {
        admit(held.id());
      }
    }
  }

  private void admit(UUID id) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> stored = parts.store().load(id);
      if (stored.isEmpty()) {
        return;
      }
      parts.time().heard(stored.get().readAt());
      Event event = new Event.Admitted(parts.time().now());
      if (words.apply(stored.get(), event, null) != Words.Outcome.LOST) {
        return;
      }
    }
  }
}
