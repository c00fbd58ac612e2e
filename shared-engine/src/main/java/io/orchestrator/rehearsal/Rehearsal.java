package io.orchestrator.rehearsal;

import io.orchestrator.adapter.InputSchema;
import io.orchestrator.execution.Change;
import io.orchestrator.execution.Crossings;
import io.orchestrator.execution.Decision;
import io.orchestrator.execution.Effect;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Occurrence;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.execution.StepState;
import io.orchestrator.execution.StepStatus;
import io.orchestrator.execution.Transition;
import io.orchestrator.expression.Expression;
import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import io.orchestrator.flow.Trigger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * One run of a flow in memory and virtual time, with the world's answers from a test. The same
 * state machine decides as for every execution; played again, it goes the same way. One thread.
 */
public final class Rehearsal {
  private final Stage stage;
  private final Plan plan;
  private final FlowTest script;
  private final boolean dry;
  private final long endNanos;
  private final Instant begin;
  private final Agenda agenda = new Agenda();
  private final Mocks mocks;
  private final Calls calls;
  private final SubFlows flows;
  private final Waits waits = new Waits(agenda);
  private final List<Occurrence> kept = new ArrayList<>();
  private final Marks marks;
  private final Set<String> asked = new HashSet<>();
  private Execution execution;
  private Instant now;
  private Instant elapsed;
  private Played.Stop stop;
  private int arrivals;

  private Rehearsal(Stage given, FlowTest script, boolean dry, long endNanos, int depth) {
    this.stage = given.with(script.mocks());
    this.plan = stage.plan();
    this.script = script;
    this.dry = dry;
    this.endNanos = endNanos;
    this.begin = script.start() == null ? Limits.START : script.start();
    this.now = begin;
    this.mocks = new Mocks(script.mocks());
    this.marks = new Marks(plan);
    Sandboxes sandboxes = new Sandboxes(stage.definitions(), stage.tenant(), () -> now);
    this.calls = new Calls(stage, mocks, sandboxes, agenda, dry);
    this.flows =
        new SubFlows(
            depth < Limits.FLOWS_DEEP_MAX ? stage : stage.alone(),
            script,
            mocks,
            agenda,
            dry,
            (other, inner) -> new Rehearsal(other, inner, dry, endNanos, depth + 1).play());
    byte[] name = (plan.flow() + "/" + script.name()).getBytes(StandardCharsets.UTF_8);
    this.execution = Execution.blank(UUID.nameUUIDFromBytes(name), stage.tenant());
  }

  /**
   * Plays a test: a call that nobody answers ends it.
   *
   * @param endNanos when it must have ended, by {@link System#nanoTime}
   */
  public static Played test(Stage stage, FlowTest script, long endNanos) {
    return new Rehearsal(stage, script, false, endNanos, 0).play();
  }

  /**
   * Plays without a test: no adapter is called, and what nobody answers gives null.
   *
   * @param endNanos when it must have ended, by {@link System#nanoTime}
   */
  public static Played dry(Stage stage, FlowTest script, long endNanos) {
    return new Rehearsal(stage, script, true, endNanos, 0).play();
  }

  private Played play() {
    Scope outside = new Scope(name -> root(name), now, execution.id().toString());
    if (!admitted(outside)) {
      return played("ignored");
    }
    Object input = input(outside);
    String misfit = misfit(input);
    if (!misfit.isEmpty()) {
      stop = new Played.Stop("", "the input does not fit the flow: " + misfit, false);
      return played("refused");
    }
    script.arrivals().forEach(this::expect);
    decide(new Event.Triggered(input, script.trigger(), now));
    while (!execution.status().isFinal() && stop == null) {
      if (execution.revision() > Limits.TRANSITIONS_MAX) {
        stop = tooLong();
      } else if (System.nanoTime() - endNanos > 0) {
        stop = new Played.Stop("", "its time on this machine is up", false);
      } else if (!makeCalls() && !hear() && !letTimeGoBy()) {
        stop = stuck();
      }
    }
    return played(execution.status().text());
  }

  private Played played(String outcome) {
    return new Played(
        plan,
        execution,
        outcome,
        marks.path(),
        made(),
        emitted(),
        stop,
        calls.warnings(),
        Duration.between(begin, now),
        marks);
  }

  private List<Made> made() {
    List<Made> made = new ArrayList<>(calls.made());
    made.addAll(flows.made());
    made.sort(Comparator.comparing(Made::at)); // stable: what is made at one time keeps its order
    return List.copyOf(made);
  }

  private List<Map<String, Object>> emitted() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Change.EventEmitted event : marks.emitted()) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("type", event.type());
      data.put("key", event.key().isEmpty() ? null : event.key());
      data.put("data", event.data());
      all.add(data);
    }
    return all;
  }

  // -- the start

  private Object root(String name) {
    return name.equals("trigger") ? script.trigger() : null;
  }

  private Trigger.Webhook hook() {
    Object type = script.trigger() == null ? "" : script.trigger().get("type");
    if (script.trigger() == null || (type != null && !type.equals("webhook.received"))) {
      return null;
    }
    return stage.flow().triggers().stream()
        .filter(Trigger.Webhook.class::isInstance)
        .map(Trigger.Webhook.class::cast)
        .findFirst()
        .orElse(null);
  }

  private boolean admitted(Scope scope) {
    Trigger.Webhook hook = hook();
    Expression filter = hook == null || hook.filter() == null ? null : hook.filter().expression();
    try {
      return filter == null || filter.condition(scope);
    } catch (ExpressionException broken) {
      stop = new Played.Stop("", "the trigger's filter: " + broken.getMessage(), false);
      return false;
    }
  }

  /** As written; without, what the webhook makes of the request. */
  private Object input(Scope scope) {
    if (script.given() || script.trigger() == null) {
      return script.input();
    }
    Trigger.Webhook hook = hook();
    return hook == null || hook.input() == null
        ? script.trigger().get("body")
        : hook.input().template().fill(scope);
  }

  private String misfit(Object input) {
    List<InputSchema.Misfit> misfits =
        stage.input() == null ? List.of() : stage.input().misfits(input);
    return misfits.isEmpty()
        ? ""
        : "input" + misfits.getFirst().path() + " " + misfits.getFirst().message();
  }

  private void expect(FlowTest.Arrival arrival) {
    switch (arrival) {
      case FlowTest.Arrival.Cancel cancel ->
          agenda.add(begin.plus(cancel.at()), at -> new Event.CancelRequested(cancel.reason(), at));
      case FlowTest.Arrival.Signal signal -> {
        String id = "signal-" + arrivals++;
        agenda.add(
            begin.plus(signal.at()),
            at -> new Event.SignalReceived(id, signal.name(), signal.data(), at));
      }
      case FlowTest.Arrival.Occurrence event -> {
        String id = "event-" + arrivals++;
        agenda.add(
            begin.plus(event.at()),
            at -> arrive(new Occurrence(id, event.type(), event.key(), event.data(), at)));
      }
    }
  }

  /** An event has come: it is kept, and every step that waits for it takes it. */
  private Event arrive(Occurrence event) {
    kept.add(event);
    for (StepState state : execution.active()) {
      if (Crossings.takes(plan, execution, state.path(), event)) {
        decide(new Event.EventReceived(state.path(), event, now));
      }
    }
    return null;
  }

  // -- what happens next

  private boolean makeCalls() {
    boolean some = false;
    for (Effect effect : StateMachine.effects(plan, execution, now)) {
      if (effect instanceof Effect.RunStep run
          && stop == null
          && asked.add(run.path() + "#" + run.attempt())) {
        begin(run);
        stop = make(run);
        some = true;
      }
    }
    return some;
  }

  private Played.Stop make(Effect.RunStep run) {
    Kind kind = plan.at(run.path()).kind();
    if (kind instanceof Kind.SubFlow) {
      return flows.run(execution, run.path(), run.attempt(), now);
    }
    if (kind instanceof Kind.AwaitEvent) {
      look(run);
      return null;
    }
    return calls.make(execution, run.path(), run.attempt(), now);
  }

  /** A step begins to listen: perhaps its event has come before. */
  private void look(Effect.RunStep run) {
    String path = run.path();
    for (Occurrence event : kept) {
      if (Crossings.takes(plan, execution, path, event)) {
        agenda.add(now, at -> new Event.EventReceived(path, event, at));
        return;
      }
    }
    agenda.add(now, at -> new Event.StepDeferred(path, run.attempt(), null, at));
  }

  /** A call that may be made only once has its start written down first. */
  private void begin(Effect.RunStep run) {
    boolean once = plan.at(run.path()).common().begins();
    if (once && !execution.step(run.path()).begun()) {
      decide(new Event.StepBegun(run.path(), run.attempt(), now));
    }
  }

  private boolean hear() {
    if (!agenda.isDue(now)) {
      return false;
    }
    Event event = agenda.take(now);
    if (event != null) {
      decide(event);
    }
    return true;
  }

  private boolean letTimeGoBy() {
    Instant wake = nextWake();
    Instant heard = agenda.next();
    if (heard != null && (wake == null || !heard.isAfter(wake))) {
      now = heard;
      return true;
    }
    if (wake == null || isWaitedForInVain(wake)) {
      return wake != null;
    }
    now = wake;
    elapsed = wake;
    decide(new Event.TimeElapsed(now));
    return true;
  }

  /** When somebody must look again; null if there is nothing to look for. */
  private Instant nextWake() {
    Instant wake = null;
    for (Effect effect : StateMachine.effects(plan, execution, now)) {
      if (effect instanceof Effect.WakeAt at) {
        Instant due = at.due().isBefore(now) ? now : at.due();
        if (!due.equals(elapsed) && (wake == null || due.isBefore(wake))) {
          wake = due;
        }
      }
    }
    return wake;
  }

  /** Whether time would only go by because nobody answers a step of which the test says nothing. */
  private boolean isWaitedForInVain(Instant wake) {
    for (StepState state : execution.active()) {
      boolean waits = state.status() == StepStatus.WAITING && wake.equals(state.due());
      if (waits && isAsked(state) && !asked.contains("answered " + key(state))) {
        String path = state.path();
        stop =
            new Played.Stop(
                path,
                path
                    + " waits for an answer and has no mock; say what comes, or that nothing does:"
                    + " {unanswered: true}",
                true);
        return true;
      }
    }
    return false;
  }

  private boolean isAsked(StepState state) {
    return Waits.isAsked(plan.at(state.path()));
  }

  private static String key(StepState state) {
    return state.path() + "#" + state.attempt();
  }

  // -- deciding

  private void decide(Event event) {
    if (StateMachine.decide(plan, execution, event) instanceof Decision.Taken taken) {
      for (Transition transition : taken.transitions()) {
        Execution before = execution;
        execution = before.after(transition, now);
        marks.note(before, transition, execution, now);
        if (transition.change() instanceof Change.EventEmitted emitted) {
          publish(emitted);
        }
      }
      elapsed = null;
      execution.active().forEach(this::answer);
    }
  }

  /** What an execution emits reaches its own waits, too. */
  private void publish(Change.EventEmitted event) {
    String id = "emitted-" + arrivals++;
    agenda.add(now, at -> arrive(new Occurrence(id, event.type(), event.key(), event.data(), at)));
  }

  /** A step that has begun to wait is told what the test says. */
  private void answer(StepState state) {
    if (state.status() != StepStatus.WAITING
        || !isAsked(state)
        || !asked.add("waits " + key(state))) {
      return;
    }
    Step step = plan.at(state.path());
    if (step.kind() instanceof Kind.Call || step.kind() instanceof Kind.SubFlow) {
      asked.add("answered " + key(state)); // what answers its call answers this, too
      return;
    }
    switch (mocks.next(step.id(), state.path())) {
      case Mocks.Found.Said said -> {
        asked.add("answered " + key(state));
        waits.answer(step, state, said.answer(), now);
      }
      case Mocks.Found.UsedUp used ->
          stop =
              new Played.Stop(
                  state.path(),
                  state.path()
                      + " waits for answer "
                      + used.question()
                      + ", and its mock has "
                      + used.answers(),
                  false);
      case Mocks.Found.Unmocked none -> {
        if (dry) {
          asked.add("answered " + key(state));
          waits.assume(step, state, now);
        }
      }
    }
  }

  // -- the end before the end

  private Played.Stop stuck() {
    if (stop != null) {
      return stop;
    }
    Map.Entry<String, String> where =
        execution.active().isEmpty()
            ? Map.entry("", "it is " + execution.status().text())
            : Map.entry(
                execution.active().getLast().path(),
                execution.active().getLast().path()
                    + " is "
                    + execution.active().getLast().status().text());
    return new Played.Stop(
        where.getKey(), where.getValue() + ", and nothing will move it on", true);
  }

  private static Played.Stop tooLong() {
    return new Played.Stop(
        "", "it went on for more than " + Limits.TRANSITIONS_MAX + " transitions", false);
  }
}
