package io.orchestrator.simulation;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.engine.CallbackOutcome;
import io.orchestrator.engine.History;
import io.orchestrator.execution.Change;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Legality;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.reference.Ending;
import io.orchestrator.reference.Observed;
import io.orchestrator.store.Commit;
import io.orchestrator.store.MemoryExecutionStore;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What was committed, called and said; objects to whatever must not be. */
final class Truth {
  /**
   * A process that was frozen, over and over, may still make a call that it had decided to make.
   */
  private static final Duration STALE_MAX = Duration.ofSeconds(130);

  /** Stories cost time, so they are told of a single seed only. */
  private static final boolean TOLD = Long.getLong("simulation.seed") != null;

  private final Plan plan;
  private final boolean rough;
  private final Outside outside;
  private final List<Committed> past = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final Set<String> made = new HashSet<>();
  private final Map<String, String> keys = new HashMap<>();
  private final Set<String> accepted = new HashSet<>();
  private final Set<String> lines = new HashSet<>();
  private final List<String> story = new ArrayList<>();
  private Execution execution;
  private int ends;

  private record Committed(Instant until, Execution before) {}

  Truth(Plan plan, boolean rough, Outside outside) {
    this.plan = plan;
    this.rough = rough;
    this.outside = outside;
  }

  boolean isOver() {
    return execution != null && execution.status().isFinal();
  }

  int revision() {
    return execution.revision();
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a library of its own
  private static void must(boolean holds, String otherwise, Object... of) {
    if (!holds) {
      throw new AssertionError(String.format(otherwise, of));
    }
  }

  // -- what was committed

  void committed(Commit commit, Instant at) {
    if (commit.expected() == 0) {
      must(execution == null, "a second execution came of one start: %s", commit.execution());
      execution = Execution.blank(commit.execution(), commit.opening().tenant());
    }
    must(
        commit.expected() == execution.revision(),
        "revision %d has a second successor: the history is at %d",
        commit.expected(),
        execution.revision());
    past.add(new Committed(at, execution));
    for (Commit.Row row : commit.rows()) {
      Notation.Written line =
          new Notation.Written(row.event(), row.step(), row.attempt(), row.data(), row.dueAfter());
      Transition read = Notation.read(line);
      must(!execution.status().isFinal(), "a line after the end: %s", line);
      must(Notation.write(read).equals(line), "%s is written otherwise", line);
      Legality.check(execution, read);
      note(read);
      execution = execution.after(read, at);
      if (TOLD) {
        story.add(execution.revision() + " " + at + " " + line);
      }
    }
    if (commit.expected() == 0) {
      outside.begins(execution.id());
    }
    must(
        commit.head().state().equals(execution.frontier())
            && commit.head().status().equals(execution.status().text()),
        "the head row says %s, the history %s",
        commit.head(),
        execution);
    for (Commit.Row row : commit.rows()) {
      if (row.event().equals("step_waiting") && plan.at(row.step()).kind() instanceof Kind.Await) {
        outside.waitsAlone(execution.id(), row.step(), row.attempt());
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
    Notation.Written written = Notation.write(line);
    if (written.attempt() > 0) {
      String what = written.event() + " " + written.step() + "#" + written.attempt();
      must(lines.add(what), "twice: %s", what);
    }
  }

  // -- what was called and said

  void called(AdapterCall call, Instant now) {
    String path = call.path();
    Step step = plan.at(path);
    boolean instead =
        step.kind() instanceof Kind.Call asked && !asked.adapter().equals(call.adapter());
    String name = path + "#" + call.attempt();
    must(
        instead ? calls.contains(name) : wasReady(path, call.attempt(), now),
        "%s is called when it is %s",
        name,
        execution.step(path));
    boolean once = step.common().atMostOnce();
    must(
        !once || made.add(path + " of " + call.adapter()),
        "%s, which may be called once, is called again",
        name);
    String key = keys.putIfAbsent(path, call.idempotencyKey());
    must(
        key == null || key.equals(call.idempotencyKey()),
        "%s has the key %s, it had %s",
        name,
        call.idempotencyKey(),
        key);
    calls.add(name);
    story.add("call " + name + " of " + call.adapter() + " at " + now);
  }

  /** Whether the call is due now, or was when a process could still have decided to make it. */
  private boolean wasReady(String path, int attempt, Instant now) {
    if (isReady(execution, path, attempt)) {
      return true;
    }
    for (int i = past.size() - 1; i >= 0; i--) {
      if (past.get(i).until().isBefore(now.minus(rough ? STALE_MAX : Duration.ZERO))) {
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
        && (step.status() == StepStatus.RUNNING || step.status() == StepStatus.RETRYING)
        && step.attempt() == attempt;
  }

  void said(String path, int attempt, Ending.Word word, CallbackOutcome outcome) {
    String wait = path + "#" + attempt;
    story.add("said " + wait + " " + word + " " + outcome);
    must(outcome != CallbackOutcome.UNKNOWN, "nobody knows the wait of %s", wait);
    boolean again = accepted.contains(wait);
    must(!again || outcome != CallbackOutcome.ACCEPTED, "%s was answered twice", wait);
    must(!again || outcome != CallbackOutcome.LATE, "an answer to %s was forgotten", wait);
    if (outcome == CallbackOutcome.ACCEPTED) {
      accepted.add(wait);
    }
  }

  // -- the end

  /** Nothing is left to be done, and what is stored is what was committed. */
  void over(int ended, MemoryExecutionStore store) {
    must(ends == 1, "one start has %d ends", ends);
    must(execution.revision() == ended, "something happened after the end");
    must(execution.active().isEmpty(), "at work after the end: %s", execution.active());
    must(store.nextDue().isEmpty(), "somebody is to look after the end");
    List<Stored> all = store.all();
    must(all.size() == 1, "there are %d executions", all.size());
    Stored stored = all.getFirst();
    Execution folded = History.fold(stored);
    must(stored.owner() == null, "%s owns it after the end", stored.owner());
    must(
        folded.steps().equals(execution.steps())
            && folded.vars().equals(execution.vars())
            && folded.handled() == execution.handled()
            && java.util.Objects.equals(folded.output(), execution.output())
            && java.util.Objects.equals(folded.failure(), execution.failure()),
        "what is stored is not what was committed");
  }

  /** Notes something for the story, if anybody reads it. */
  void tell(long micros, Object... what) {
    if (TOLD) {
      story.add(micros / 1_000 + " ms " + Arrays.toString(what));
    }
  }

  /** Everything that happened, a line each. */
  String story() {
    return String.join("\n", story);
  }

  /** As the model sees it. */
  Observed observed() {
    boolean failed =
        execution.failure() != null
            && Set.of(Status.FAILED, Status.COMPENSATED, Status.COMPENSATION_FAILED)
                .contains(execution.status());
    Map<String, Observed.At> steps = new TreeMap<>();
    for (StepState step : execution.steps()) {
      steps.put(step.path(), new Observed.At(step.status().text(), step.attempt(), step.output()));
    }
    return new Observed(
        execution.status().text(),
        execution.output(),
        failed ? execution.failure().type() : null,
        failed && execution.handled(),
        steps,
        calls);
  }

  @Override
  public String toString() {
    return execution + (execution == null ? "" : " " + execution.frontier());
  }
}
