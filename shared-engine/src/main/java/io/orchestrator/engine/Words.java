package io.orchestrator.engine;

import io.orchestrator.execution.Decision;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Plan;
import io.orchestrator.store.Commit;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.Repair;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Words from outside for an execution that need not be in this process's hands: answers, cancels.
 */
record Words(Parts parts) {
  /** What became of an event. */
  enum Outcome {
    STORED,
    IGNORED,
    LOST
  }

  /**
   * An answer to a wait.
   *
   * @param failure null: {@code answer} is the result
   */
  CallbackOutcome callback(String token, Object answer, Failure failure) {
    byte[] tokenHash = Callbacks.hash(token);
    byte[] answerHash = Callbacks.answerHash(answer, failure);
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<ExecutionStore.WaitRow> wait =
          parts.store().findWait(tokenHash).filter(ExecutionStore.WaitRow::isCallback);
      if (wait.isEmpty()) {
        return CallbackOutcome.UNKNOWN;
      }
      if (wait.get().answerHash() != null) {
        return compared(wait, answerHash);
      }
      Optional<Stored> stored = parts.recent().load(wait.get().execution());
      if (stored.isEmpty()) {
        return CallbackOutcome.LATE;
      }
      parts.time().heard(stored.get().readAt());
      Event event =
          new Event.CallbackReceived(
              wait.get().step(),
              Callbacks.attempt(token),
              answer,
              named(failure, stored.get(), wait.get().step()),
              parts.time().now());
      switch (apply(stored.get(), event, new Commit.Answered(tokenHash, answerHash))) {
        case STORED -> {
          return CallbackOutcome.ACCEPTED;
        }
        case IGNORED -> { // perhaps because another copy of it was just taken
          return compared(parts.store().findWait(tokenHash), answerHash);
        }
        case LOST -> {} // look again
      }
    }
    throw new IllegalStateException(
        "the execution of a callback moved " + Limits.RACES_MAX + " times meanwhile");
  }

  private Failure named(Failure failure, Stored stored, String path) {
    try {
      return failure == null
          ? null
          : Reported.named(failure, parts.plan(stored), path, stored.tenant(), parts.slowCalls());
    } catch (UntrustedState untrusted) {
      parts.quarantine(stored.id(), untrusted);
      throw untrusted;
    }
  }

  private static CallbackOutcome compared(
      Optional<ExecutionStore.WaitRow> wait, byte[] answerHash) {
    byte[] before = wait.map(ExecutionStore.WaitRow::answerHash).orElse(null);
    if (before == null) {
      return CallbackOutcome.LATE;
    }
    return Arrays.equals(before, answerHash) ? CallbackOutcome.SAME : CallbackOutcome.DIFFERENT;
  }

  /** Stops an execution of a tenant. */
  CancelOutcome cancel(String tenant, UUID id, String reason, boolean compensates) {
    return cancel(tenant, id, reason, compensates, null);
  }

  /**
   * The same for somebody who has a name.
   *
   * @param by null if nobody has
   */
  CancelOutcome cancel(String tenant, UUID id, String reason, boolean compensates, String by) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> stored = parts.recent().load(id).filter(s -> s.tenant().equals(tenant));
      if (stored.isEmpty()) {
        return new CancelOutcome.NotFound();
      }
      if (Status.of(stored.get().status()).isFinal()) {
        return new CancelOutcome.AlreadyFinal(stored.get().status());
      }
      parts.time().heard(stored.get().readAt());
      Event event = ordered(by, new Event.CancelRequested(reason, compensates, parts.time().now()));
      switch (apply(stored.get(), event, null)) {
        case STORED -> {
          Stored now = parts.load(id);
          return new CancelOutcome.Done(now.revision(), now.status());
        }
        case IGNORED -> {
          return new CancelOutcome.Ending(stored.get().status());
        }
        case LOST -> {} // look again
      }
    }
    throw new IllegalStateException(
        id + " moved " + Limits.RACES_MAX + " times while it was to be cancelled");
  }

  private static Event ordered(String by, Event event) {
    return by == null ? event : new Event.Ordered(by, event);
  }

  /** Pauses an execution of a tenant, or lets it go on. */
  Resumption steer(String tenant, UUID id, Function<Instant, Event> wish) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> found = parts.recent().load(id).filter(s -> s.tenant().equals(tenant));
      if (found.isEmpty()) {
        return new Resumption.NotFound();
      }
      Stored stored = found.get();
      if (Status.of(stored.status()).isFinal()) {
        return new Resumption.AlreadyFinal(stored.status());
      }
      parts.time().heard(stored.readAt());
      Event event = wish.apply(parts.time().now());
      if (Status.of(stored.status()) != Status.QUARANTINED
          && StateMachine.decide(parts.plan(stored), parts.fold(stored), event)
              instanceof Decision.Ignored ignored) {
        return new Resumption.Refused(ignored.why());
      }
      if (apply(stored, event, null) == Outcome.STORED) {
        return new Resumption.Done(parts.load(id).status());
      }
    }
    throw new IllegalStateException(
        id + " moved " + Limits.RACES_MAX + " times while it was to be steered");
  }

  /**
   * Decides one event and commits what follows; whoever has calls of the execution in flight keeps
   * them.
   *
   * @param answered the wait that the event answers; null if none
   * @throws UntrustedState when the execution is or must be quarantined
   */
  Outcome apply(Stored stored, Event event, Commit.Answered answered) {
    try {
      return trusted(stored, event, answered);
    } catch (UntrustedState untrusted) {
      parts.quarantine(stored.id(), untrusted);
      throw untrusted;
    }
  }

  /** Commits what an operator has ordered; empty if somebody else was faster. */
  Optional<Execution> repair(Past past, Plan plan, Decision.Taken taken, Repair repair) {
    Stored stored = past.stored();
    Execution before = past.execution();
    List<Transition> lines = taken.transitions();
    Commit commit = parts.commits().of(plan, before, lines, taken.next(), null, null, null);
    if (!(parts.commit(commit, repair) instanceof Verdict.Stored at)) {
      return Optional.empty();
    }
    Execution next = before.after(lines, at.at());
    parts.committed(new Observer.Moved(plan, before, lines, next, at.at(), stored.traceparent()));
    List<Stored.Line> history = new ArrayList<>(stored.history());
    history.addAll(Parts.lines(commit, at.at()));
    parts.handovers().forget(stored.id(), stored.revision());
    parts.leases().nudge(stored.id());
    if (!next.status().isFinal()) {
      new LettingGo(parts, plan, stored.traceparent()).handOver(next, history);
    }
    return Optional.of(next);
  }

  private Outcome trusted(Stored stored, Event event, Commit.Answered answered) {
    if (Status.of(stored.status()) == Status.QUARANTINED) {
      throw new UntrustedState(stored.id() + " is quarantined");
    }
    Plan plan = parts.plan(stored);
    Execution execution = parts.fold(stored);
    return switch (StateMachine.decide(plan, execution, event)) {
      case Decision.Ignored ignored -> {
        parts.ignored(execution, event, ignored.why());
        yield Outcome.IGNORED;
      }
      case Decision.Taken taken -> {
        Commit commit =
            parts
                .commits()
                .of(
                    plan,
                    execution,
                    taken.transitions(),
                    taken.next(),
                    stored.isLeased() ? stored.owner() : null,
                    answered,
                    null);
        yield switch (parts.commit(commit)) {
          case Verdict.Stored at -> {
            Execution next = execution.after(taken.transitions(), at.at());
            parts.committed(
                new Observer.Moved(
                    plan, execution, taken.transitions(), next, at.at(), stored.traceparent()));
            List<Stored.Line> history = new ArrayList<>(stored.history());
            history.addAll(Parts.lines(commit, at.at()));
            parts.recent().keep(next, history);
            pass(
                new LettingGo(parts, plan, stored.traceparent()), stored, execution, next, history);
            yield Outcome.STORED;
          }
          case Verdict.Lost ignored -> Outcome.LOST;
          case Verdict.Duplicate ignored ->
              throw new IllegalStateException("only a start can be a duplicate");
        };
      }
    };
  }

  /**
   * Lets those know who go on with it. Whoever has calls of it in flight must look again, but
   * nobody else may take it: what is in flight would be called twice.
   */
  private void pass(
      LettingGo letting,
      Stored stored,
      Execution before,
      Execution next,
      List<Stored.Line> history) {
    parts.handovers().forget(stored.id(), stored.revision());
    parts.leases().nudge(stored.id());
    if (next.status().isFinal()) {
      return;
    }
    if (stored.isLeased()) {
      letting.hint(next);
    } else if (stored.owner() != null || !letting.isRunnable(before)) {
      letting.handOver(next, history);
    }
    // Else an earlier hint is out, and whoever has taken it may have calls in flight without a
    // lease yet: it loses its next commit and looks again. If it is gone, the sweeper finds out.
  }
}
