package io.orchestrator.simulation;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.engine.CallbackOutcome;
import io.orchestrator.engine.Opened;
import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Legality;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.reference.Ending;
import io.orchestrator.reference.Nature;
import io.orchestrator.reference.Observed;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What was committed, called and said of one execution; objects to whatever must not be. */
final class Truth {
  /**
   * A process that was frozen, over and over, may still make a call that it had decided to make.
   */
  private static final Duration STALE_MAX = Duration.ofSeconds(130);

  private final Chronicle chronicle;
  private final String name;
  private final Plan plan;
  private final Outside outside;
  private final Duties duties;
  private final boolean hides;
  private final List<Committed> past = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final List<String> undone = new ArrayList<>();
  private final Map<String, UUID> children = new LinkedHashMap<>();
  private final Set<String> made = new HashSet<>();
  private final Map<String, String> keys = new HashMap<>();
  private final Set<String> accepted = new HashSet<>();
  private final Set<String> lines = new HashSet<>();
  private Execution execution;
  private int ends;

  private record Committed(Instant until, Execution before) {}

  Truth(Chronicle chronicle, String name, Plan plan, Outside outside) {
    this.chronicle = chronicle;
    this.name = name;
    this.plan = plan;
    this.outside = outside;
    this.duties = new Duties(plan);
    this.hides = plan.masks().of("input").contains(List.of("pin"));
  }

  /** Whose execution it is; empty for the one that was started first. */
  String name() {
    return name;
  }

  Plan plan() {
    return plan;
  }

  boolean isOver() {
    return execution.status().isFinal();
  }

  /** Whether it has its turn. */
  boolean isAtWork() {
    return !execution.isHeld() && !isOver();
  }

  boolean isPaused() {
    return execution.status() == Status.PAUSED;
  }

  /** Whether it is about to end, or its handlers deal with its failure. */
  boolean isEnding() {
    return duties.isEnding();
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a library of its own
  static void must(boolean holds, String otherwise, Object... of) {
    if (!holds) {
      throw new AssertionError(String.format(otherwise, of));
    }
  }

  // -- what was committed

  void committed(Commit commit, Instant at) {
    boolean begins = commit.expected() == 0;
    if (begins) {
      execution = Execution.blank(commit.execution(), commit.opening().tenant());
    }
    must(
        commit.expected() == execution.revision(),
        "revision %d has a second successor: the history is at %d",
        commit.expected(),
        execution.revision());
    Execution before = execution;
    past.add(new Committed(at, before));
    for (Commit.Row row : commit.rows()) {
      String data =
          plan.masks().any()
              ? Opened.line(World.CALLBACKS, commit.execution(), row.data())
              : row.data();
      Notation.Written line =
          new Notation.Written(row.event(), row.step(), row.attempt(), data, row.dueAfter());
      must(!hides || !row.data().contains(Oracle.HIDDEN), "in clear: %s", row);
      committed(line, !data.equals(row.data()), at);
    }
    must(
        commit.head().state().equals(execution.frontier())
            && commit.head().status().equals(execution.status().text()),
        "the head row says %s, the history %s",
        commit.head(),
        execution);
    givesUp(before, at);
    if (begins) {
      outside.begins(execution.id());
    }
    commit.rows().forEach(this::waits);
    if (isPaused() && before.status() != Status.PAUSED) {
      outside.paused(execution.id());
    }
  }

  private void committed(Notation.Written line, boolean sealed, Instant at) {
    Transition read = Notation.read(line);
    must(!execution.status().isFinal(), "a line after the end: %s", line);
    must(sealed || Notation.write(read).equals(line), "%s is written otherwise", line);
    Legality.check(execution, read);
    note(read);
    duties.committed(read);
    execution = execution.after(read, at);
    if (chronicle.isTold()) {
      chronicle.tell(this, execution.revision() + " " + at + " " + line);
    }
  }

  private void waits(Commit.Row row) {
    if (row.event().equals("step_waiting") && plan.at(row.step()).kind() instanceof Kind.Await) {
      outside.waitsAlone(execution.id(), row.step(), row.attempt());
    }
    if (row.event().equals("approval_requested")) {
      outside.asks(execution.id(), row.step(), row.attempt());
    }
  }

  /** Steps that have waited for the end of another execution and do so no more. */
  private void givesUp(Execution before, Instant at) {
    for (StepState state : before.active()) {
      StepState now = execution.step(state.path());
      boolean same = now != null && now.attempt() == state.attempt();
      boolean goesOn = same && (now.status().isActive() || now.status() == StepStatus.COMPLETED);
      if (!InstancePath.isIteration(state.path())
          && plan.at(state.path()).kind() instanceof Kind.SubFlow sub
          && !sub.detached()
          && !sub.leaves()
          && !goesOn) {
        chronicle.givesUp(Nature.child(name, state.path(), state.attempt()), at);
      }
    }
  }

  private void note(Transition line) {
    Change change = line.change();
    if (change instanceof Change.Completed
        || change instanceof Change.Failed
        || change instanceof Change.Cancelled
        || change instanceof Change.TimedOut
        || change instanceof Change.Course.Compensated
        || change instanceof Change.Course.CompensationFailed) {
      ends++;
    }
    if (change instanceof Change.Course.StepCompensated one) {
      undone.add(one.path());
    }
    Notation.Written written = Notation.write(line);
    if (written.attempt() > 0) {
      boolean several =
          change instanceof Change.DecisionMade || change instanceof Change.ApprovalReminded;
      String which =
          change instanceof Change.DecisionMade made ? made.by() : several ? written.data() : "";
      String what = written.event() + " " + written.step() + "#" + written.attempt() + " " + which;
      must(lines.add(what), "twice: %s", what);
    }
  }

  // -- what was called and said

  void called(AdapterCall call, Instant now) {
    String path = call.path();
    Step step = plan.at(path);
    boolean instead =
        step.kind() instanceof Kind.Call asked && !asked.adapter().equals(call.adapter());
    String which = path + "#" + call.attempt();
    must(
        instead ? calls.contains(which) : wasReady(path, call.attempt(), now),
        "%s is called when it is %s, the execution %s",
        which,
        execution.step(path),
        execution.status());
    boolean once = step.common().atMostOnce();
    must(
        !once || made.add(path + " of " + call.adapter()),
        "%s, which may be called once, is called again",
        which);
    String key = keys.putIfAbsent(path, call.idempotencyKey());
    boolean said = step.common().idempotencyKey() != null;
    must(
        said || call.idempotencyKey().equals(execution.id() + "/" + path),
        "%s has the key %s",
        which,
        call.idempotencyKey());
    must(
        key == null || key.equals(call.idempotencyKey()),
        "%s has the key %s, it had %s",
        which,
        call.idempotencyKey(),
        key);
    duties.called(path, execution);
    calls.add(which);
    chronicle.tell(this, "call " + which + " of " + call.adapter() + " at " + now);
  }

  /** A step has started another execution. */
  void starts(String path, int attempt, UUID child, Instant now) {
    String which = path + "#" + attempt;
    must(children.put(which, child) == null, "%s has started a second execution", which);
    boolean late = !wasReady(path, attempt, now);
    if (late) { // its start was on its way when the step was given up
      chronicle.givesUp(Nature.child(name, path, attempt), now);
    }
    calls.add(which);
  }

  /** Whether the call is due now, or was when a process could still have decided to make it. */
  private boolean wasReady(String path, int attempt, Instant now) {
    if (isReady(execution, path, attempt)) {
      return true;
    }
    for (int i = past.size() - 1; i >= 0; i--) {
      Duration stale = chronicle.isRough() ? STALE_MAX : Duration.ZERO;
      if (past.get(i).until().isBefore(now.minus(stale))) {
        return false;
      }
      if (isReady(past.get(i).before(), path, attempt)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isReady(Execution at, String path, int attempt) {
    StepState step = at.step(path);
    return step != null
        && !at.status().isFinal()
        && at.status() != Status.PAUSED
        && (step.status() == StepStatus.RUNNING || step.status() == StepStatus.RETRYING)
        && step.attempt() == attempt;
  }

  void said(String path, int attempt, Ending.Word word, CallbackOutcome outcome) {
    String wait = path + "#" + attempt;
    chronicle.tell(this, "said " + wait + " " + word + " " + outcome);
    must(outcome != CallbackOutcome.UNKNOWN, "nobody knows the wait of %s", wait);
    boolean again = accepted.contains(wait);
    must(!again || outcome != CallbackOutcome.ACCEPTED, "%s was answered twice", wait);
    must(!again || outcome != CallbackOutcome.LATE, "an answer to %s was forgotten", wait);
    if (outcome == CallbackOutcome.ACCEPTED) {
      accepted.add(wait);
    }
  }

  /** Somebody has decided, or has wanted to. */
  void decided(String path, int attempt, Ending.Vote vote, CallbackOutcome outcome) {
    String wait = path + "#" + attempt + " " + vote.by();
    chronicle.tell(this, "decided " + wait + " " + vote + " " + outcome);
    must(outcome != CallbackOutcome.UNKNOWN, "nobody knows the question of %s", wait);
    boolean first = outcome != CallbackOutcome.ACCEPTED || accepted.add(wait);
    must(first, "%s has decided twice", wait);
  }

  // -- the end

  /** Nothing is left to be done, and what is stored is what was committed. */
  void over(Stored stored) {
    must(ends == 1, "one start has %d ends", ends);
    must(execution.active().isEmpty(), "at work after the end: %s", execution.active());
    duties.over();
    Execution folded = Opened.fold(World.CALLBACKS, stored);
    must(stored.owner() == null, "%s owns it after the end", stored.owner());
    must(
        folded.steps().equals(execution.steps())
            && folded.vars().equals(execution.vars())
            && folded.handled() == execution.handled()
            && Objects.equals(folded.output(), execution.output())
            && Objects.equals(folded.failure(), execution.failure()),
        "what is stored is not what was committed");
  }

  /** As the model sees it. */
  Observed observed() {
    boolean failed =
        execution.failure() != null
            && Set.of(Status.FAILED, Status.COMPENSATED, Status.COMPENSATION_FAILED)
                .contains(execution.status());
    Map<String, Observed.At> steps = new TreeMap<>();
    for (StepState step : execution.steps()) {
      Object output = chronicle.named(step.output());
      steps.put(step.path(), new Observed.At(step.status().text(), step.attempt(), output));
    }
    Map<String, Observed> started = new LinkedHashMap<>();
    children.forEach((which, child) -> started.put(which, chronicle.of(child).observed()));
    return new Observed(
        execution.status().text(),
        chronicle.named(execution.output()),
        failed ? execution.failure().type() : null,
        failed && execution.handled(),
        steps,
        calls,
        undone,
        started);
  }

  @Override
  public String toString() {
    return name + execution + (execution == null ? "" : " " + execution.frontier());
  }
}
