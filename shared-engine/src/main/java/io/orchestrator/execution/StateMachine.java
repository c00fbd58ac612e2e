package io.orchestrator.execution;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides what an event means for an execution. Pure: the same three always give the same answer.
 */
public final class StateMachine {
  private StateMachine() {}

  /** What the event changes, or why it changes nothing. */
  public static Decision decide(Plan plan, Execution execution, Event event) {
    if (event instanceof Event.Order order) {
      return Orders.decide(plan, execution, order);
    }
    if (execution.status().isFinal()) {
      return new Decision.Ignored("the execution is " + execution.status().text() + " already");
    }
    if (event instanceof Event.Triggered triggered) {
      return execution.revision() > 0
          ? new Decision.Ignored("it has begun already")
          : begin(plan, execution, triggered);
    }
    if (execution.revision() == 0) {
      return new Decision.Ignored("it has not begun yet");
    }
    return switch (execution.status()) {
      case QUEUED, RUNNING, WAITING, PAUSED, COMPENSATING -> react(plan, execution, event);
      case QUARANTINED, COMPLETED, FAILED, CANCELLED, TIMED_OUT, COMPENSATED, COMPENSATION_FAILED ->
          new Decision.Ignored("the execution is " + execution.status().text());
    };
  }

  private static Decision begin(Plan plan, Execution execution, Event.Triggered triggered) {
    Walk walk = new Walk(plan, execution, triggered.at());
    walk.begin(triggered.input(), triggered.trigger(), triggered.held());
    return walk.decision();
  }

  private static Decision react(Plan plan, Execution execution, Event event) {
    return switch (event) {
      case Event.Triggered ignored -> new Decision.Ignored("it has begun already");
      case Event.StepSucceeded e -> {
        String stale = stale(plan, execution, e.path(), e.attempt());
        if (stale != null) {
          yield new Decision.Ignored(stale);
        }
        Walk walk = new Walk(plan, execution, e.at());
        walk.spend(Usage.of(e.result()));
        walk.complete(walk.at(e.path()), e.attempt(), e.result(), e.servedBy());
        yield walk.decision();
      }
      case Event.StepFailed e -> {
        String stale = stale(plan, execution, e.path(), e.attempt());
        if (stale != null) {
          yield new Decision.Ignored(stale);
        }
        Walk walk = new Walk(plan, execution, e.at());
        // A model whose answer cannot be used is paid for nevertheless.
        walk.spend(Usage.of(e.failure().data()));
        walk.fail(walk.at(e.path()), e.attempt(), e.failure(), false);
        yield walk.decision();
      }
      case Event.StepDeferred e -> {
        String stale = stale(plan, execution, e.path(), e.attempt());
        if (stale != null) {
          yield new Decision.Ignored(stale);
        }
        Walk walk = new Walk(plan, execution, e.at());
        walk.spend(Usage.of(e.answer()));
        walk.defer(walk.at(e.path()), e.attempt(), e.answer(), e.servedBy());
        yield walk.decision();
      }
      case Event.StepBegun e -> begun(plan, execution, e);
      case Event.CallbackReceived e -> callback(plan, execution, e);
      case Event.Order order -> Orders.decide(plan, execution, order);
      case Event.Word word -> Crossings.decide(plan, execution, word);
      case Event.TimeElapsed e -> elapse(plan, execution, e.at());
      case Event.CancelRequested e -> Steering.cancel(plan, execution, e);
      case Event.PauseRequested e -> Steering.pause(plan, execution, e);
      case Event.ResumeRequested e -> Steering.resume(plan, execution, e);
      case Event.Admitted e -> Steering.admit(plan, execution, e);
    };
  }

  /** Why an outcome is not the one that the execution waits for; null if it is. */
  private static String stale(Plan plan, Execution execution, String path, int attempt) {
    StepState state = execution.step(path);
    if (state == null) {
      return "step " + path + " has not been reached, or its iteration is over";
    }
    boolean inCall = state.status() == StepStatus.RUNNING || state.status() == StepStatus.RETRYING;
    if (!inCall || state.unjudged() || !isCall(plan, path)) {
      return "step " + path + " is " + state.status().text() + ", no call of it is expected to end";
    }
    return state.attempt() == attempt
        ? null
        : "attempt "
            + attempt
            + " of step "
            + path
            + " is not the current one, "
            + state.attempt()
            + " is";
  }

  private static boolean isCall(Plan plan, String path) {
    return plan.at(path).kind().calls();
  }

  /** Whether a next attempt is made by making the call again, not by entering the step again. */
  public static boolean isRepeated(Kind kind) {
    return kind instanceof Kind.Call || kind instanceof Kind.SubFlow;
  }

  private static Decision begun(Plan plan, Execution execution, Event.StepBegun event) {
    String stale = stale(plan, execution, event.path(), event.attempt());
    if (stale != null) {
      return new Decision.Ignored(stale);
    }
    if (execution.status() == Status.PAUSED) {
      return new Decision.Ignored("the execution is paused, no call begins");
    }
    if (execution.step(event.path()).begun()) {
      return new Decision.Ignored("the call of step " + event.path() + " has begun already");
    }
    Walk walk = new Walk(plan, execution, event.at());
    walk.record(new Change.CallBegun(event.path(), event.attempt()));
    return walk.decision();
  }

  /**
   * A good answer completes its step whatever the attempt, also while the call that announces it is
   * still running; a bad one is that of its own attempt alone.
   */
  private static Decision callback(Plan plan, Execution execution, Event.CallbackReceived event) {
    Step step = plan.at(event.path());
    StepState state = execution.step(event.path());
    if (step == null || state == null || !awaitsAnswer(step)) {
      return new Decision.Ignored("step " + event.path() + " awaits no answer");
    }
    if (!state.status().isActive()) {
      return new Decision.Ignored(
          "step " + event.path() + " is " + state.status().text() + " already");
    }
    int since = execution.attemptSinceEntered(event.path(), event.attempt());
    boolean over = event.failure() == null ? since < 1 : event.attempt() != state.attempt();
    if (event.attempt() > 0 && over) {
      return new Decision.Ignored(
          "attempt " + event.attempt() + " of step " + event.path() + " is over");
    }
    boolean pausing = state.status() == StepStatus.RETRYING && state.due().isAfter(event.at());
    if (pausing && event.failure() != null && event.failure().equals(state.failure())) {
      return new Decision.Ignored(
          "step " + event.path() + " has had the same answer, it is to be repeated");
    }
    Walk walk = new Walk(plan, execution, event.at());
    if (event.failure() == null) {
      walk.complete(walk.at(event.path()), state.attempt(), event.answer(), state.servedBy());
    } else {
      walk.fail(walk.at(event.path()), state.attempt(), event.failure(), false);
    }
    return walk.decision();
  }

  /** Whether a step can be answered by a callback. */
  public static boolean awaitsAnswer(Step step) {
    return step.kind() instanceof Kind.Await
        || (step.kind() instanceof Kind.Call call && call.await() != null);
  }

  private static Decision elapse(Plan plan, Execution execution, Instant now) {
    if (execution.status() == Status.PAUSED) {
      return new Decision.Ignored("the execution is paused, what is due waits");
    }
    Walk walk = new Walk(plan, execution, now);
    walk.elapse();
    return walk.decision();
  }

  /**
   * Everything that has to be done for an execution as it stands; the calls that are due by {@code
   * now} and the times at which somebody must look again. It follows from the state alone, so that
   * a crash loses none of it.
   */
  public static List<Effect> effects(Plan plan, Execution execution, Instant now) {
    List<Effect> effects = new ArrayList<>();
    if (execution.status() == Status.PAUSED || execution.isHeld()) {
      return effects;
    }
    for (StepState state : execution.active()) {
      boolean ready =
          state.status() == StepStatus.RUNNING
              || (state.status() == StepStatus.RETRYING
                  && !state.due().isAfter(now)
                  && !state.unjudged()
                  && isRepeated(plan.at(state.path()).kind()));
      if (ready && isCall(plan, state.path())) {
        effects.add(new Effect.RunStep(state.path(), state.attempt()));
      } else if (state.due() != null) {
        effects.add(new Effect.WakeAt(state.due()));
      }
    }
    if (execution.deadline() != null && !execution.status().isFinal()) {
      effects.add(new Effect.WakeAt(execution.deadline()));
    }
    return effects;
  }
}
