package io.orchestrator.engine;

import io.orchestrator.cache.Claim;
import io.orchestrator.execution.Decision;
import io.orchestrator.execution.Effect;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.queue.Hint;
import io.orchestrator.store.Commit;
import io.orchestrator.store.StoreException;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One execution in the hands of one process: makes its calls, commits their outcomes and goes on
 * until it ends, waits, or the process has no time left. One thread decides; calls that run side by
 * side have threads of their own.
 */
final class RunAhead {
  private final Parts parts;
  private final Plan plan;
  private final LettingGo letting;
  private final Hold held;
  private final long endNanos;
  private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final Set<String> inFlight = new HashSet<>();
  private final List<Event> undecided = new ArrayList<>();
  private final List<Stored.Line> history;
  private Execution execution;
  private int commits;
  private boolean lost;

  private sealed interface Message {
    record Happened(Event event, String callOf) implements Message {}

    record Nudge() implements Message {}

    record Broke(StoreException away) implements Message {}
  }

  /**
   * @param history what the execution was folded from
   * @param traceparent the trace that it belongs to; null if it belongs to none
   */
  RunAhead(
      Parts parts,
      Plan plan,
      Execution execution,
      List<Stored.Line> history,
      String traceparent,
      Duration budget) {
    this.parts = parts;
    this.plan = plan;
    this.letting = new LettingGo(parts, plan, traceparent);
    this.execution = execution;
    this.history = new ArrayList<>(history);
    this.held = new Hold(parts.host());
    this.endNanos = parts.host().nanos() + budget.toNanos();
  }

  /** How long the row has said that this process looks after it. */
  Hold held() {
    return held;
  }

  /** The row has just got a lease of this process. */
  void leased() {
    held.says(execution.revision());
  }

  /** Gives somebody who may have it in hand the time to show. */
  void pause(Duration time) throws InterruptedException {
    Message word = parts.host().next(mailbox, time.toNanos());
    if (word != null) {
      mailbox.add(word);
    }
  }

  UUID id() {
    return execution.id();
  }

  /** Whether somebody had a word when nobody listened any more. */
  boolean missedNudge() {
    return mailbox.stream().anyMatch(Message.Nudge.class::isInstance);
  }

  /** What of its time is left. */
  Duration budget() {
    return Duration.ofNanos(endNanos - parts.host().nanos());
  }

  /** A hint for the execution as it stands here. */
  Hint hint(Hint.Kind kind) {
    return new Hint(execution.tenant(), execution.id(), execution.revision(), kind);
  }

  /** Somebody else has moved the execution, or has a word for it: look again. */
  RunAhead nudged() {
    mailbox.add(new Message.Nudge());
    return this;
  }

  /**
   * Whether there is no call that somebody could be making, so that nobody can have been lost over
   * it: a claim would only count strikes against a step that waits for its next attempt.
   */
  boolean rests() {
    return !letting.isRunnable(execution);
  }

  /**
   * The row of an execution that only waits may name an owner who is gone, and would be found by
   * every sweep until the wait is over.
   */
  void settleRow() {
    Instant wake = rests() ? letting.nextWake(execution, parts.time().now()) : null;
    if (wake != null && wake.isAfter(parts.time().now())) {
      parts.store().rest(execution.id(), execution.revision(), wake);
    }
  }

  /** Gives up steps that were taken over too often: something about them ends their processes. */
  void abandon() {
    for (Effect effect : StateMachine.effects(plan, execution, parts.time().now())) {
      if (effect instanceof Effect.RunStep run) {
        Failure failure =
            Failure.fatal(
                "internal", "its process was lost " + Limits.STRIKES_MAX + " times in this step");
        undecided.add(new Event.StepFailed(run.path(), run.attempt(), failure, parts.time().now()));
      }
    }
  }

  /** Calls that must not be repeated, had begun and whose process is gone, end here. */
  void recover() {
    for (StepState step : execution.active()) {
      if (step.begun() && plan.at(step.path()).common().atMostOnce()) {
        Failure failure =
            Failure.fatal(
                "interrupted", "its process was lost during the call, which is made at most once");
        undecided.add(
            new Event.StepFailed(step.path(), step.attempt(), failure, parts.time().now()));
      }
    }
  }

  void run() throws InterruptedException {
    if (held.revision() == 0) { // a hint that came late has used up some of the time until a sweep
      Instant last = history.getLast().at();
      held.says(execution.revision(), Duration.between(last, parts.time().now()));
    }
    elapse();
    while (!lost) {
      if (!undecided.isEmpty() && !settle()) {
        return;
      }
      if (execution.status().isFinal()) {
        return;
      }
      if (handsOver()) {
        if (inFlight.isEmpty()) {
          letting.handOver(execution, history);
          return;
        }
      } else {
        makeCalls();
      }
      if (undecided.isEmpty() && !listen()) {
        return;
      }
    }
  }

  private void elapse() {
    Instant now = parts.time().now();
    boolean due =
        StateMachine.effects(plan, execution, now).stream()
            .anyMatch(effect -> effect instanceof Effect.WakeAt wake && !wake.due().isAfter(now));
    if (due) {
      undecided.add(new Event.TimeElapsed(now));
    }
  }

  // -- calls

  private void makeCalls() {
    List<Effect> effects = StateMachine.effects(plan, execution, parts.time().now());
    List<Effect.RunStep> calls = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.RunStep run
          && !inFlight.contains(run.path())
          && permitted(run)) {
        calls.add(run);
      }
    }
    if (!undecided.isEmpty()) {
      return; // a call that is made once has to have its start committed first
    }
    // A call that is all there is to do needs no thread; with a timer or another branch somebody
    // has to listen meanwhile.
    boolean alone =
        calls.size() == 1 && effects.size() == 1 && inFlight.isEmpty() && mailbox.isEmpty();
    if (alone && !StateMachine.awaitsAnswer(plan.at(calls.getFirst().path()))) {
      Effect.RunStep run = calls.getFirst();
      undecided.add(make(execution, run));
      return;
    }
    for (Effect.RunStep run : calls) {
      inFlight.add(run.path());
      Execution seen = execution;
      parts.host().beside(run.path(), () -> outcome(seen, run), mailbox::add);
    }
  }

  private Message outcome(Execution seen, Effect.RunStep run) {
    try {
      return new Message.Happened(make(seen, run), run.path());
    } catch (StoreException away) {
      return new Message.Broke(away);
    }
  }

  private Event make(Execution seen, Effect.RunStep run) {
    return parts.make(plan, seen, run.path(), run.attempt(), letting.traceparent());
  }

  private boolean permitted(Effect.RunStep run) {
    Step step = plan.at(run.path());
    StepState state = execution.step(run.path());
    if (step.common().begins() && !state.begun()) {
      undecided.add(new Event.StepBegun(run.path(), run.attempt(), parts.time().now()));
      return false;
    }
    return true;
  }

  // -- what happened

  /** Waits for the next thing to happen; false if nothing will in this process. */
  private boolean listen() throws InterruptedException {
    Message first = mailbox.poll();
    Instant now = parts.time().now();
    if (first == null && !handsOver() && isReady(now)) {
      return true; // the next attempt has become due since the calls were made
    }
    Instant wake = letting.nextWake(execution, now);
    if (first == null && inFlight.isEmpty()) {
      Duration rest = wake == null ? null : Duration.between(parts.time().now(), wake);
      if (rest == null
          || rest.compareTo(Limits.WAIT_IN_PROCESS_MAX) > 0
          || !parts.options().runAhead()) {
        parts.recent().keep(execution, history);
        letting.park(execution, rest);
        return false;
      }
      first = parts.host().next(mailbox, Math.max(1, rest.toNanos()));
    } else if (first == null) {
      long nanos =
          wake == null ? Long.MAX_VALUE : Duration.between(parts.time().now(), wake).toNanos();
      first = parts.host().next(mailbox, Math.max(1, nanos));
    }
    hear(first);
    for (Message more = mailbox.poll(); more != null; more = mailbox.poll()) {
      hear(more);
    }
    return true;
  }

  private void hear(Message message) {
    switch (message) {
      case null -> elapse();
      case Message.Nudge ignored -> {
        reload();
        elapse();
      }
      case Message.Broke broke -> throw broke.away(); // the hint comes again
      case Message.Happened happened -> {
        inFlight.remove(happened.callOf());
        undecided.add(happened.event());
      }
    }
  }

  private boolean isReady(Instant now) {
    return StateMachine.effects(plan, execution, now).stream()
        .anyMatch(effect -> effect instanceof Effect.RunStep run && !inFlight.contains(run.path()));
  }

  // -- deciding and committing

  /**
   * Decides everything that happened as one chain and commits it; false if the execution is lost to
   * this process.
   */
  private boolean settle() {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      List<Transition> chain = new ArrayList<>();
      Execution next = execution;
      for (Event event : undecided) {
        switch (StateMachine.decide(plan, next, event)) {
          case Decision.Taken taken -> {
            chain.addAll(taken.transitions());
            next = taken.next();
          }
          case Decision.Ignored ignored -> parts.ignored(execution, event, ignored.why());
        }
      }
      if (chain.isEmpty()) {
        undecided.clear();
        return true;
      }
      String owner =
          keeps(next) && !(inFlight.isEmpty() && letsGo(next)) ? parts.options().owner() : null;
      Commit commit = parts.commits().of(plan, execution, chain, next, owner, null, null);
      switch (parts.commit(commit)) {
        case Verdict.Stored stored -> {
          Execution before = execution;
          execution = before.after(chain, stored.at());
          history.addAll(Parts.lines(commit, stored.at()));
          held.says(execution.revision());
          commits++;
          undecided.clear();
          parts.committed(
              new Observer.Moved(
                  plan, before, chain, execution, stored.at(), letting.traceparent()));
          return true;
        }
        case Verdict.Lost ignored -> {
          reload();
          if (lost) {
            return false;
          }
        }
        case Verdict.Duplicate ignored ->
            throw new IllegalStateException("only a start can be a duplicate");
      }
    }
    return false;
  }

  /**
   * Whether this process goes on with it: a call is ready, or will be so soon that it waits for it.
   */
  private boolean keeps(Execution next) {
    Instant soon = parts.time().now().plus(Limits.WAIT_IN_PROCESS_MAX);
    return StateMachine.effects(plan, next, soon).stream()
        .anyMatch(Effect.RunStep.class::isInstance);
  }

  /** Somebody has moved it, or taken it: looks again whether it is still this process's. */
  private void reload() {
    Stored stored = parts.load(execution.id());
    boolean moved = stored.revision() != execution.revision();
    execution = parts.fold(stored);
    history.clear();
    history.addAll(stored.history());
    lost |= !isOurs(stored, moved);
    if (!lost) {
      held.says(execution.revision());
    }
  }

  /**
   * Whether this process goes on with what it has just read. Without an owner it belongs to whoever
   * takes the hint that the mover has sent, and this process may be the one.
   */
  private boolean isOurs(Stored stored, boolean moved) {
    if (stored.owner() != null) {
      return stored.owner().equals(parts.options().owner());
    }
    if (!moved || execution.status().isFinal()) {
      return true;
    }
    return (!inFlight.isEmpty() || letting.isRunnable(execution))
        && parts.handovers().claim(execution.id(), execution.revision()) != Claim.LOST
        && parts
                .store()
                .claim(execution.id(), execution.revision(), parts.options().owner(), Limits.LEASE)
            > 0;
  }

  // -- letting go

  /** Whether this process should not start another call. */
  private boolean handsOver() {
    boolean moved = parts.options().runAhead() || commits > 0;
    return moved && letsGo(execution);
  }

  /** Whether this process leaves what comes next to another one. */
  private boolean letsGo(Execution next) {
    if (next.active().stream().anyMatch(StepState::begun)) {
      return false; // only this process knows that the call has not been made
    }
    return !parts.options().runAhead()
        || endNanos - parts.host().nanos() < Limits.BUDGET_MIN.toNanos()
        || (!parts.options().slow() && inFlight.isEmpty() && letting.nextIsSlow(next));
  }
}
