package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How an execution goes on from a state that it had before: what finished is kept, what was active
 * begins anew with a number of its own, so that nothing that is still on its way is taken for it.
 */
final class Restoring {
  private Restoring() {}

  // -- deciding

  static Decision decide(Plan plan, Execution execution, Event.RestoreRequested event) {
    Restoration wish = event.restoration();
    Execution past = wish.past();
    if (past.status().isFinal()) {
      return new Decision.Ignored(
          "at revision " + past.revision() + " the execution was " + past.status().text());
    }
    Map<String, Kept> kept = new HashMap<>(wish.point().kept());
    Map<String, Object> changed = new LinkedHashMap<>();
    for (Map.Entry<String, Object> edit : wish.edits().outputs().entrySet()) {
      StepState state = past.step(edit.getKey());
      if (state != null && state.status() == StepStatus.COMPLETED) {
        changed.put(edit.getKey(), edit.getValue());
      } else {
        kept.compute(edit.getKey(), (path, was) -> Kept.saying(was, edit.getValue()));
      }
    }
    boolean fresh = past.steps().isEmpty();
    Object input = wish.edits().newInput() ? wish.edits().input() : past.input();
    Opening opening = Opening.of(plan, past, input, past.trigger(), event.at());
    if (fresh && opening.broken() != null) {
      return new Decision.Ignored(opening.broken().message());
    }
    List<String> active = new ArrayList<>();
    past.active().stream().filter(Restoring::beginsAnew).forEach(s -> active.add(s.path()));
    Walk walk = new Walk(plan, execution, event.at());
    try {
      Change.Repair.Restored line =
          new Change.Repair.Restored(
              past,
              past.revision(),
              wish.retried(),
              wish.edits().with(changed),
              active.stream().filter(path -> !kept.containsKey(path)).toList(),
              fresh && wish.edits().newInput() ? opening.vars() : null,
              tally(plan, execution, wish, opening.timeout(), event.at()));
      walk.restore(line, kept);
    } catch (ExpressionException broken) {
      return new Decision.Ignored(broken.getMessage());
    }
    wish.point().signals().forEach(walk::record);
    if (fresh) {
      walk.enterFirst(opening);
    } else {
      goOn(walk, active, past);
    }
    boolean stands = walk.execution().status().isFinal() || !walk.execution().active().isEmpty();
    return stands
        ? walk.decision()
        : new Decision.Ignored("nothing would go on from revision " + past.revision());
  }

  /** Whether it is a step that waits for somebody, and no pause of a loop or a structure. */
  private static boolean beginsAnew(StepState state) {
    return !state.structure() && !InstancePath.isIteration(state.path());
  }

  private static Tally tally(
      Plan plan, Execution execution, Restoration wish, Duration whole, Instant at) {
    Execution past = wish.past();
    Map<String, Integer> spent = Spent.beyond(execution, past);
    wish.attempts().forEach((path, attempt) -> Spent.note(spent, past, path, attempt));
    Map<String, Duration> timeouts = new LinkedHashMap<>();
    for (StepState state : past.active()) {
      boolean timed =
          state.structure() && state.status() == StepStatus.RUNNING && state.due() != null;
      Instance step = timed ? Instance.at(plan, state.path()) : null;
      if (step != null && step.common().timeout() != null) {
        timeouts.put(
            state.path(),
            Spans.length(step.common().timeout(), new View(plan, past, at).of(step), at));
      }
    }
    Duration timeout = past.standing().closing() == null ? whole : null;
    return new Tally(
        spent,
        Math.max(execution.calls(), past.calls()),
        execution.used().isNothing() ? past.used() : execution.used(),
        timeout,
        timeouts);
  }

  /** What is to begin anew begins before what was kept lets anything follow from it. */
  private static void goOn(Walk walk, List<String> active, Execution past) {
    List<String> finished = new ArrayList<>();
    for (String path : active) {
      if (walk.isKept(path)) {
        finished.add(path);
      } else if (isWanted(walk, path, past)) {
        walk.enterAgain(walk.at(path), walk.execution().firstAttempt(path));
      }
    }
    for (String path : finished) {
      Kept kept = walk.takeKept(path);
      if (kept != null && isWanted(walk, path, past)) {
        walk.keep(walk.at(path), kept);
      }
    }
    if (!walk.execution().status().isFinal()) {
      walk.follow(past.standing().halted());
    }
    if (!walk.execution().status().isFinal()) {
      walk.elapse();
    }
  }

  /** Whether nothing that followed from the others has ended the step meanwhile. */
  private static boolean isWanted(Walk walk, String path, Execution past) {
    Execution now = walk.execution();
    StepState state = now.step(path);
    boolean ending =
        !Objects.equals(now.standing().closing(), past.standing().closing())
            && !inBlock(walk, path);
    return !now.status().isFinal() && !ending && state != null && state.status().isActive();
  }

  private static boolean inBlock(Walk walk, String path) {
    return walk.at(path).place().slot() == Place.Slot.FINALLY;
  }

  // -- folding

  /** What the line says, on the state that it restores. */
  static void apply(Draft draft, Change.Repair.Restored line, Instant at) {
    Tally tally = line.tally();
    draft.spent = Spent.joined(draft.spent, tally.spent());
    if (line.edits().newInput()) {
      draft.input = line.edits().input();
    }
    line.edits().outputs().forEach((path, output) -> draft.put(draft.steps.get(path).with(output)));
    if (line.vars() != null) {
      draft.vars = line.vars();
    }
    for (String path : line.again()) {
      draft.put(StepState.ready(path, draft.steps.get(path).attempt(), at));
    }
    for (String path : List.copyOf(draft.active)) {
      StepState state = draft.steps.get(path);
      if (state.structure() && !InstancePath.isIteration(path)) {
        draft.put(opened(draft, state, tally.timeouts().get(path), at));
      }
    }
    draft.endedAt = null;
    draft.deadline = tally.timeout() == null ? null : at.plus(tally.timeout());
    draft.standing = draft.standing.restored(tally.calls(), tally.used());
  }

  private static StepState opened(Draft draft, StepState state, Duration timeout, Instant at) {
    int spent = Spent.of(draft.spent, state.path());
    int attempt = spent >= state.attempt() ? spent + 1 : state.attempt();
    boolean pausing = state.status() == StepStatus.RETRYING;
    Instant due = timeout == null ? null : at.plus(timeout);
    return pausing
        ? state.again(attempt, state.due(), state.armed())
        : state.again(attempt, due, due == null ? 0 : draft.revision);
  }
}
