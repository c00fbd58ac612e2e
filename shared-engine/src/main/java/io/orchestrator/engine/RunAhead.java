package io.orchestrator.engine;

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
import io.orchestrator.queue.QueueName;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One execution in the hands of one process: makes its calls, commits their outcomes and goes on
 * until it ends, waits, or the process has no time left. One thread decides; calls that run side by
 * side have threads of their own.
 */
final class RunAhead {
  private final Engine.Parts parts;
  private final Plan plan;
  private final long endNanos;
  private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final Set<String> inFlight = new HashSet<>();
  private final List<Event> undecided = new ArrayList<>();
  private final List<Stored.Line> history;
  private Execution execution;
  private int commits;
  private volatile int heldRevision;
  private volatile long movedNanos;

  private sealed interface Message {
    record Happened(Event event, String callOf) implements Message {}

    record Nudge() implements Message {}
  }

  /**
   * @param history what the execution was folded from
   */
  RunAhead(
      Engine.Parts parts,
      Plan plan,
      Execution execution,
      List<Stored.Line> history,
      Duration budget) {
    this.parts = parts;
    this.plan = plan;
    this.execution = execution;
    this.history = new ArrayList<>(history);
    this.endNanos = System.nanoTime() + budget.toNanos();
    moved();
  }

  /**
   * The revision if it has not moved for a while, for the lease; empty if a commit has just
   * prolonged it.
   */
  OptionalInt quietRevision() {
    boolean quiet = System.nanoTime() - movedNanos >= Limits.RENEWAL.toNanos();
    return quiet ? OptionalInt.of(heldRevision) : OptionalInt.empty();
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
    return Duration.ofNanos(endNanos - System.nanoTime());
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

  private void moved() {
    heldRevision = execution.revision();
    movedNanos = System.nanoTime();
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
    elapse();
    while (true) {
      if (!undecided.isEmpty() && !settle()) {
        return;
      }
      if (execution.status().isFinal()) {
        return;
      }
      if (handsOver()) {
        if (inFlight.isEmpty()) {
          handOver();
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
      undecided.add(parts.calls().make(plan, execution, run.path(), run.attempt()));
      return;
    }
    for (Effect.RunStep run : calls) {
      inFlight.add(run.path());
      Execution seen = execution;
      Thread.ofVirtual()
          .name(run.path())
          .start(
              () ->
                  mailbox.add(
                      new Message.Happened(
                          parts.calls().make(plan, seen, run.path(), run.attempt()), run.path())));
    }
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
    Instant wake = nextWake(now);
    if (first == null && inFlight.isEmpty()) {
      Duration rest = wake == null ? null : Duration.between(parts.time().now(), wake);
      if (rest == null
          || rest.compareTo(Limits.WAIT_IN_PROCESS_MAX) > 0
          || !parts.options().runAhead()) {
        park(rest);
        return false;
      }
      first = mailbox.poll(Math.max(1, rest.toNanos()), TimeUnit.NANOSECONDS);
    } else if (first == null) {
      long nanos =
          wake == null ? Long.MAX_VALUE : Duration.between(parts.time().now(), wake).toNanos();
      first = mailbox.poll(Math.max(1, nanos), TimeUnit.NANOSECONDS);
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

  private Instant nextWake(Instant now) {
    Instant earliest = null;
    for (Effect effect : StateMachine.effects(plan, execution, now)) {
      if (effect instanceof Effect.WakeAt wake
          && (earliest == null || wake.due().isBefore(earliest))) {
        earliest = wake.due();
      }
    }
    return earliest;
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
          history.addAll(Engine.Parts.lines(commit, stored.at()));
          moved();
          commits++;
          undecided.clear();
          parts.committed(plan, before, chain, execution);
          return true;
        }
        case Verdict.Lost ignored -> reload();
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

  private void reload() {
    Stored stored = parts.load(execution.id());
    execution = History.fold(stored);
    history.clear();
    history.addAll(stored.history());
    moved();
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
        || endNanos - System.nanoTime() < Limits.BUDGET_MIN.toNanos()
        || (!parts.options().slow() && inFlight.isEmpty() && nextIsSlow(next));
  }

  private boolean nextIsSlow(Execution next) {
    return StateMachine.effects(plan, next, parts.time().now()).stream()
        .anyMatch(
            effect -> effect instanceof Effect.RunStep run && parts.isSlow(plan, next, run.path()));
  }

  /** Sends the hint for what is to be done next and lets go. */
  void handOver() {
    keep();
    boolean runnable =
        StateMachine.effects(plan, execution, parts.time().now()).stream()
            .anyMatch(Effect.RunStep.class::isInstance);
    if (runnable) {
      QueueName queue =
          !parts.options().slow() && nextIsSlow(execution) ? QueueName.SLOW : QueueName.STEP;
      parts.hint(queue, execution, Hint.Kind.RUN, Duration.ZERO);
    } else {
      Instant wake = nextWake(parts.time().now());
      park(wake == null ? null : Duration.between(parts.time().now(), wake));
    }
  }

  /** Leaves a timer to the queue if that can hold a message so long; else the sweeper wakes it. */
  private void park(Duration rest) {
    keep();
    if (rest != null && rest.compareTo(Limits.HINT_DELAY_MAX) <= 0) {
      parts.hint(
          QueueName.STEP, execution, Hint.Kind.WAKE, rest.isNegative() ? Duration.ZERO : rest);
    }
  }

  private void keep() {
    parts.handovers().release(execution);
    parts
        .handovers()
        .keep(new Handovers.Handover(plan.flow(), plan.version(), execution, List.copyOf(history)));
  }
}
