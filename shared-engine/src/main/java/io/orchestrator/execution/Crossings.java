package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides what a word from outside means: a signal, an event, a decision, the end of a child. */
public final class Crossings {
  /** Types of events that only the engine publishes begin so: they carry links. */
  public static final String NOTICES = "approval.";

  /** This decision ends an approval whatever the quorum is. */
  static final String REJECT = "reject";

  private static final int SIGNALS_KEPT_MAX = 1_000;

  private Crossings() {}

  static Decision decide(Plan plan, Execution execution, Event.Word word) {
    Walk walk = new Walk(plan, execution, word.at());
    return switch (word) {
      case Event.SignalReceived signal -> signal(walk, signal);
      case Event.EventReceived event -> event(walk, event);
      case Event.DecisionMade made -> decision(walk, made);
      case Event.ChildEnded ended -> child(walk, ended);
    };
  }

  // -- signals

  private static Decision signal(Walk walk, Event.SignalReceived event) {
    Mailbox mailbox = walk.execution().mailbox();
    if (mailbox.hasHeard(event.id())) {
      return new Decision.Ignored("it has had the signal " + event.id() + " already");
    }
    if (mailbox.size() >= SIGNALS_KEPT_MAX) {
      return new Decision.Ignored(SIGNALS_KEPT_MAX + " signals are kept that nobody has taken");
    }
    walk.record(new Change.SignalReceived(event.id(), event.name(), event.data()));
    for (StepState state : walk.execution().active()) {
      Instance step = walk.at(state.path());
      boolean waits =
          step != null
              && state.status() == StepStatus.WAITING
              && step.kind() instanceof Kind.AwaitSignal await
              && await.name().equals(event.name());
      if (waits) {
        Mailbox.Signal signal = new Mailbox.Signal(event.id(), event.name(), event.data());
        walk.pauses().take(step, state.attempt(), signal);
        break;
      }
    }
    return walk.decision();
  }

  /** Whether a signal has reached the execution. */
  public static boolean hasHeard(Execution execution, String id) {
    return execution.mailbox().hasHeard(id);
  }

  /** Whether a flow has a step that waits for signals of that name. */
  public static boolean listensFor(Plan plan, String name) {
    return plan.everyStep().stream()
        .anyMatch(
            step -> step.kind() instanceof Kind.AwaitSignal await && await.name().equals(name));
  }

  // -- events

  private static Decision event(Walk walk, Event.EventReceived event) {
    String path = event.path();
    if (!takes(walk.plan, walk.execution(), path, event.occurrence())) {
      return new Decision.Ignored(
          "step " + path + " does not wait for the event " + event.occurrence().id());
    }
    Instance step = walk.at(path);
    int attempt = walk.state(step).attempt();
    walk.record(new Change.EventTaken(path, attempt, event.occurrence().id()));
    walk.complete(step, attempt, event.occurrence().data(), "");
    return walk.decision();
  }

  /**
   * Whether a step waits for an event: it is the right one, came while it listened or not too long
   * before, and was not taken by another wait then.
   */
  public static boolean takes(Plan plan, Execution execution, String path, Occurrence event) {
    Instance step = Instance.at(plan, path);
    StepState state = execution.step(path);
    if (step == null
        || state == null
        || !state.status().isActive()
        || !(step.kind() instanceof Kind.AwaitEvent)
        || !(state.pause() instanceof Pause.Listening listening)) {
      return false;
    }
    boolean meant =
        listening.type().equals(event.type())
            && (listening.key() == null || listening.key().equals(event.key()));
    return meant && !isPast(plan, execution, path, event) && matches(plan, execution, step, event);
  }

  private static boolean isPast(Plan plan, Execution execution, String path, Occurrence event) {
    boolean early = !event.receivedAt().isAfter(execution.step(path).startedAt());
    return early
        && (execution.mailbox().hasHeard(event.id())
            || event.receivedAt().isBefore(since(plan, execution, path)));
  }

  private static boolean matches(Plan plan, Execution execution, Instance step, Occurrence event) {
    Kind.AwaitEvent await = (Kind.AwaitEvent) step.kind();
    if (await.match() == null) {
      return true;
    }
    View view = new View(plan, execution, event.receivedAt());
    try {
      return await.match().condition(view.of(step, Map.of("event", event.toData())));
    } catch (ExpressionException e) {
      return false; // an event of another shape than the condition expects is not the one
    }
  }

  /** The earliest moment at which an event may have come that a listening step takes. */
  public static Instant since(Plan plan, Execution execution, String path) {
    Instance step = Instance.at(plan, path);
    Kind.AwaitEvent await = (Kind.AwaitEvent) step.kind();
    if (await.buffer() == null) {
      return execution.startedAt();
    }
    Instant listens = execution.step(path).startedAt();
    View view = new View(plan, execution, listens);
    try {
      return listens.minus(Spans.length(await.buffer(), view.of(step), listens));
    } catch (ExpressionException e) {
      return listens; // a length that cannot be worked out reaches back to nothing
    }
  }

  // -- decisions

  private static Decision decision(Walk walk, Event.DecisionMade event) {
    Instance step = walk.at(event.path());
    StepState state = step == null ? null : walk.state(step);
    if (state == null
        || !(step.kind() instanceof Kind.Approve)
        || !(state.pause() instanceof Pause.Asked asked)
        || state.status() != StepStatus.WAITING) {
      return new Decision.Ignored("step " + event.path() + " asks nobody");
    }
    if (asked.of(event.by()) != null) {
      return new Decision.Ignored(event.by() + " has decided about " + event.path() + " already");
    }
    if (!((List<?>) asked.question().get("options")).contains(event.decision())) {
      return new Decision.Ignored(event.decision() + " is no option of " + event.path());
    }
    int attempt = state.attempt();
    walk.record(
        new Change.DecisionMade(event.path(), attempt, event.by(), event.decision(), event.form()));
    Pause.Asked now = (Pause.Asked) walk.state(step).pause();
    long same =
        now.votes().stream().filter(vote -> vote.decision().equals(event.decision())).count();
    if (event.decision().equals(REJECT) || same >= (Long) asked.question().get("quorum")) {
      walk.complete(step, attempt, outcome(now, walk.now), "");
    }
    return walk.decision();
  }

  /** What {@code $id} is: the decision that ended it, and all of them. */
  private static Map<String, Object> outcome(Pause.Asked asked, Instant now) {
    Pause.Vote last = asked.votes().getLast();
    Map<String, Object> outcome = new LinkedHashMap<>(data(last, now));
    outcome.put("decisions", asked.votes().stream().<Object>map(v -> data(v, v.at())).toList());
    return outcome;
  }

  private static Map<String, Object> data(Pause.Vote vote, Instant at) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("decision", vote.decision());
    data.put("by", vote.by());
    data.put("form", vote.form());
    data.put("at", at.toString());
    return data;
  }

  // -- children

  /** A child of the next attempt exists only if somebody has begun that, and was lost over it. */
  private static Decision child(Walk walk, Event.ChildEnded event) {
    Instance step = walk.at(event.path());
    StepState state = step == null ? null : walk.state(step);
    boolean waits =
        state != null
            && step.kind() instanceof Kind.SubFlow flow
            && !flow.detached()
            && state.attempt() == event.attempt()
            && state.status().isActive();
    if (!waits) {
      return new Decision.Ignored(
          "step " + event.path() + " does not wait for the end of attempt " + event.attempt());
    }
    if (event.failure() == null) {
      walk.complete(step, event.attempt(), event.answer(), "");
    } else {
      walk.fail(step, event.attempt(), event.failure(), false);
    }
    return walk.decision();
  }
}
