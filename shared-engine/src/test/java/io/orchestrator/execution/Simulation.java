package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One execution in memory and virtual time, with a world that an oracle plays. Disturbed, it hands
 * messages over doubled, late and shuffled, and loses its memory now and then.
 */
final class Simulation {
  private static final int DECISIONS_MAX = 20_000;
  private static final Map<String, Object> INPUT = input();

  private final Plan plan;
  private final Oracle oracle;
  private final SplittableRandom disturbance;
  private final Ledger ledger;
  private final PriorityQueue<Message> messages =
      new PriorityQueue<>(Comparator.comparing(Message::due).thenComparingInt(Message::number));
  private final Set<String> inFlight = new HashSet<>();
  private final Set<String> announced = new HashSet<>();
  private Instant now = Story.NOON;
  private Execution execution = Execution.blank(Story.ID, "acme");
  private int number;
  private boolean comparable = true;

  private record Message(Instant due, int number, String callOf, Story.Happening happening) {}

  private Simulation(Plan plan, Oracle oracle, SplittableRandom disturbance) {
    this.plan = plan;
    this.oracle = oracle;
    this.disturbance = disturbance;
    this.ledger = new Ledger(plan);
  }

  /** A run in which everything comes once and in time. */
  static Simulation undisturbed(Plan plan, long seed) {
    return new Simulation(plan, new Oracle(seed), null).run();
  }

  /** The same in a bad world. */
  static Simulation disturbed(Plan plan, long seed) {
    return new Simulation(plan, new Oracle(seed), new SplittableRandom(seed + 1)).run();
  }

  private static Map<String, Object> input() {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("n", 7L);
    input.put("yes", true);
    input.put("list", List.of(1L, 2L));
    return input;
  }

  Execution execution() {
    return execution;
  }

  Edges edges() {
    return ledger.edges();
  }

  /** Whether its result depends on nothing but the oracle. */
  boolean comparable() {
    return comparable && ledger.orderFree();
  }

  /** What it came to, the parts that do not depend on time. */
  Map<String, Object> result() {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", execution.status());
    result.put("output", execution.output());
    result.put("failure", execution.failure());
    result.put("handled", execution.handled());
    result.put("vars", execution.vars());
    Map<String, Object> steps = new TreeMap<>();
    for (StepState step : execution.steps()) {
      steps.put(
          step.path(),
          step.status() + " " + step.attempt() + " " + step.output() + " " + step.failure());
    }
    result.put("steps", steps);
    return result;
  }

  private boolean sometimes(int percent) {
    return disturbance != null && disturbance.nextInt(100) < percent;
  }

  private Simulation run() {
    hear(at -> new Event.Triggered(INPUT, null, at));
    if (sometimes(6)) {
      comparable = false;
      send(
          Duration.ofMillis(disturbance.nextInt(60_000)),
          null,
          at -> new Event.CancelRequested("enough", at));
    }
    for (int i = 0; !execution.status().isFinal(); i++) {
      assertThat(i).as("decisions of one execution").isLessThan(DECISIONS_MAX);
      if (sometimes(10)) {
        crash();
      }
      announceWaits();
      act();
      step();
    }
    assertThat(StateMachine.effects(plan, execution, now)).isEmpty();
    for (Message left : messages) {
      now = left.due.isAfter(now) ? left.due : now;
      hear(left.happening);
    }
    ledger.ended(execution);
    return this;
  }

  // -- the world

  private void act() {
    for (Effect effect : StateMachine.effects(plan, execution, now)) {
      if (effect instanceof Effect.RunStep run) {
        StepState state = execution.step(run.path());
        if (plan.at(run.path()).common().atMostOnce() && !state.begun()) {
          hear(at -> new Event.StepBegun(run.path(), run.attempt(), at));
          act();
          return;
        }
        if (inFlight.add(run.path() + "#" + run.attempt())) {
          call(run);
          if (sometimes(10) && !state.begun()) {
            call(run); // a doubled hint
          }
        }
      }
    }
  }

  private void call(Effect.RunStep run) {
    String path = run.path();
    int attempt = run.attempt();
    ledger.called(execution, path, attempt);
    boolean awaits = CallPlan.awaits(plan, path);
    CallPlan call =
        CallPlan.of(plan, execution, path, awaits ? "url" : null, awaits ? "token" : null, now);
    Oracle.Outcome outcome =
        call instanceof CallPlan.Unready unready
            ? new Oracle.Outcome.Refusal(unready.failure())
            : oracle.call(path, attempt, awaits);
    Duration latency = oracle.latency(path, attempt);
    String callOf = path + "#" + attempt;
    switch (outcome) {
      case Oracle.Outcome.Value done ->
          send(latency, callOf, at -> new Event.StepSucceeded(path, attempt, done.value(), "", at));
      case Oracle.Outcome.Refusal refusal ->
          send(latency, callOf, at -> new Event.StepFailed(path, attempt, refusal.failure(), at));
      case Oracle.Outcome.Later later -> {
        send(latency, callOf, at -> new Event.StepDeferred(path, attempt, later.answer(), at));
        if (awaits) {
          answer(path, attempt, latency);
        }
      }
    }
  }

  /** A wait that is a step of its own is announced to nobody: the world just answers it. */
  private void announceWaits() {
    for (StepState state : execution.active()) {
      boolean await =
          plan.at(state.path()).kind() instanceof Kind.Await
              && state.status() == StepStatus.WAITING;
      if (await && announced.add(state.path() + "#" + state.attempt())) {
        answer(state.path(), state.attempt(), Duration.ofSeconds(1));
      }
    }
  }

  private void answer(String path, int attempt, Duration latency) {
    comparable &= attempt == 1;
    Story.Happening well = at -> new Event.CallbackReceived(path, oracle.answer(path), null, at);
    switch (oracle.answering(path)) {
      case LATE -> send(latency.plusSeconds(40), null, well);
      case EARLY -> send(latency.dividedBy(2), null, well);
      case TWICE -> {
        send(latency.plusSeconds(4), null, well);
        send(latency.plusSeconds(9), null, well);
      }
      case NEVER -> {}
      case REFUSED -> {
        comparable = false;
        Failure failure = Failure.temporary("adapter_error", "the other side gave up");
        send(
            latency.plusSeconds(3),
            null,
            at -> new Event.CallbackReceived(path, null, failure, at));
      }
    }
  }

  private void send(Duration delay, String callOf, Story.Happening happening) {
    Instant due = now.plus(delay);
    messages.add(new Message(late(due), number++, callOf, happening));
    while (sometimes(25)) {
      messages.add(
          new Message(
              late(due).plusMillis(disturbance.nextInt(20_000)), number++, null, happening));
    }
  }

  private Instant late(Instant due) {
    return disturbance == null ? due : due.plusMillis(disturbance.nextInt(2_000));
  }

  // -- time and memory

  private void step() {
    if (execution.status().isFinal()) {
      return;
    }
    Instant wake = null;
    for (Effect effect : StateMachine.effects(plan, execution, now)) {
      if (effect instanceof Effect.WakeAt at && (wake == null || at.due().isBefore(wake))) {
        wake = at.due();
      }
    }
    Message next = messages.peek();
    assertThat(next != null || wake != null)
        .as("somebody will look at %s %s", execution, execution.frontier())
        .isTrue();
    if (next != null && (wake == null || !next.due.isAfter(wake))) {
      now = next.due.isAfter(now) ? next.due : now;
      messages.remove();
      inFlight.remove(next.callOf);
      hear(next.happening);
    } else {
      now = wake.isAfter(now) ? wake : now;
      hear(Event.TimeElapsed::new);
    }
    if (sometimes(5)) {
      hear(Event.TimeElapsed::new);
    }
  }

  /** The process is lost with its calls, of which some have been heard and some never will be. */
  private void crash() {
    List<Message> kept = new ArrayList<>();
    for (Message message : messages) {
      if (message.callOf == null || sometimes(50)) {
        kept.add(new Message(message.due, message.number, null, message.happening));
      }
    }
    messages.clear();
    messages.addAll(kept);
    inFlight.clear();
    List<Effect> before = StateMachine.effects(plan, execution, now);
    execution = ledger.folded();
    assertThat(StateMachine.effects(plan, execution, now)).isEqualTo(before);
    for (StepState state : execution.active()) {
      if (state.begun()) {
        comparable = false;
        Failure failure = Failure.fatal("interrupted", "its process was lost");
        hear(at -> new Event.StepFailed(state.path(), state.attempt(), failure, at));
      }
    }
  }

  private void hear(Story.Happening happening) {
    Event event = happening.apply(now);
    Decision decision = StateMachine.decide(plan, execution, event);
    ledger.decided(execution, event, decision);
    if (decision instanceof Decision.Taken taken) {
      ledger.committed(execution, taken, now);
      execution = taken.next();
    }
  }
}
