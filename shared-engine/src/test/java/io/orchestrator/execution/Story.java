package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Plan;
import io.orchestrator.testing.Flows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * One execution told as given, when, then; its clock stands still unless the story moves it. After
 * each event it is folded again from its written history, which must give the same.
 */
final class Story {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final UUID ID = UUID.fromString("01890000-0000-7000-8000-000000000001");

  private final Plan plan;
  private final List<Notation.Written> history = new ArrayList<>();
  private final List<Instant> times = new ArrayList<>();
  private final Edges edges = new Edges();
  private Instant now = NOON;
  private Execution execution = Execution.blank(ID, "acme");
  private Decision decision;

  private Story(Plan plan) {
    this.plan = plan;
  }

  /** Something that happens, at the story's time. */
  @FunctionalInterface
  interface Happening extends Function<Instant, Event> {}

  /** A flow with those steps, begun with no input. */
  static Story given(String steps) {
    return given("", steps);
  }

  /** A flow with more keys before its steps, begun with no input. */
  static Story given(String keys, String steps) {
    Story story = blank(keys + "steps:\n" + steps.indent(2));
    return story.when(at -> new Event.Triggered(null, null, at));
  }

  /** The same of one that has to wait for its turn. */
  static Story held(String keys, String steps) {
    Story story = blank(keys + "steps:\n" + steps.indent(2));
    return story.when(at -> new Event.Triggered(null, null, true, at));
  }

  /** A flow of which nothing has happened. */
  static Story blank(String keysAndSteps) {
    return new Story(Flows.plan("flow: story\n" + keysAndSteps));
  }

  /** And this happened before. */
  Story and(Happening... events) {
    for (Happening event : events) {
      when(event);
      assertThat(decision).as("what was given").isInstanceOf(Decision.Taken.class);
    }
    return this;
  }

  Story when(Happening happening) {
    Event event = happening.apply(now);
    decision = StateMachine.decide(plan, execution, event);
    assertThat(told(StateMachine.decide(plan, execution, event))).isEqualTo(told(decision));
    if (decision instanceof Decision.Taken taken) {
      taken.transitions().forEach(this::write);
      note(taken.transitions());
      assertThat(taken.next().frontier()).isEqualTo(folded().frontier());
      execution = folded();
      assertThat(execution.steps()).isEqualTo(taken.next().steps());
      assertThat(execution.status()).isEqualTo(taken.next().status());
    }
    return this;
  }

  private static Object told(Decision decision) {
    return switch (decision) {
      case Decision.Taken taken -> taken.transitions();
      case Decision.Ignored ignored -> ignored;
    };
  }

  private void note(List<Transition> lines) {
    Execution before = execution;
    for (Transition line : lines) {
      Execution after = before.after(line, now);
      edges.note(before, line, after);
      before = after;
    }
  }

  private void write(Transition transition) {
    history.add(Notation.write(transition));
    times.add(now);
  }

  private Execution folded() {
    Folding folding = folding(Set.of());
    if (folding.broken() != null) {
      throw folding.broken();
    }
    return folding.execution();
  }

  private Folding folding(Set<Integer> also) {
    List<Folding.Line> lines = new ArrayList<>();
    for (int i = 0; i < history.size(); i++) {
      lines.add(new Folding.Line(i + 1, times.get(i), history.get(i)));
    }
    return Folding.of(ID, "acme", lines, also);
  }

  /** Somebody lets it go on from where it failed. */
  Story retried(Edits edits) {
    return restored(true, edits, Rewind::toFailure);
  }

  Story retriedFrom(String path, Edits edits) {
    return restored(true, edits, rewind -> rewind.toStep(path, true));
  }

  Story rolledBackTo(String path) {
    return restored(false, Edits.NONE, rewind -> rewind.toStep(path, false));
  }

  Story rolledBackTo(int revision) {
    return restored(false, Edits.NONE, rewind -> rewind.toRevision(revision));
  }

  private Story restored(boolean retried, Edits edits, Function<Rewind, Rewind.Found> where) {
    Rewind.Found found = where.apply(new Rewind(plan, folding(Set.of()).moments()));
    if (found instanceof Rewind.Nowhere nowhere) {
      decision = new Decision.Ignored(nowhere.why());
      return this;
    }
    Rewind.Point point = (Rewind.Point) found;
    Execution past = folding(Set.of(point.revision())).at(point.revision());
    Restoration restoration =
        new Restoration(past, retried, point, point.edits().then(edits), Map.of());
    return later("1S").when(at -> new Event.RestoreRequested(restoration, at));
  }

  /** Time goes by; nothing else does. */
  Story later(String duration) {
    now = now.plus(Duration.parse("PT" + duration));
    return this;
  }

  /** Time goes by, and the execution hears of it. */
  Story passes(String duration) {
    return later(duration).when(elapsed());
  }

  /** These lines, and no others, came of it. */
  Story then(String... lines) {
    assertThat(decision).isInstanceOf(Decision.Taken.class);
    assertThat(Lines.of(((Decision.Taken) decision).transitions())).containsExactly(lines);
    return this;
  }

  /** Nothing came of it; the reason contains these words. */
  Story nothing(String why) {
    assertThat(decision).isInstanceOf(Decision.Ignored.class);
    assertThat(((Decision.Ignored) decision).why()).contains(why);
    return this;
  }

  Story is(Status status) {
    assertThat(execution.status()).isEqualTo(status);
    return this;
  }

  /** What is to be done now: {@code run a#1}, {@code wake PT5S}. */
  Story due(String... effects) {
    List<String> all =
        StateMachine.effects(plan, execution, now).stream()
            .map(
                effect ->
                    switch (effect) {
                      case Effect.RunStep run -> "run " + run.path() + "#" + run.attempt();
                      case Effect.WakeAt wake -> "wake " + Duration.between(now, wake.due());
                    })
            .toList();
    assertThat(all).containsExactly(effects);
    return this;
  }

  Execution execution() {
    return execution;
  }

  Edges edges() {
    return edges;
  }

  Decision decision() {
    return decision;
  }

  Plan plan() {
    return plan;
  }

  Instant now() {
    return now;
  }

  // -- what can happen

  static Happening succeeded(String path, int attempt, Object result) {
    return at -> new Event.StepSucceeded(path, attempt, result, "", at);
  }

  static Happening failed(String path, int attempt, Failure failure) {
    return at -> new Event.StepFailed(path, attempt, failure, at);
  }

  static Happening deferred(String path, int attempt, Object answer) {
    return at -> new Event.StepDeferred(path, attempt, answer, at);
  }

  static Happening begun(String path, int attempt) {
    return at -> new Event.StepBegun(path, attempt, at);
  }

  static Happening answered(String path, Object answer) {
    return at -> new Event.CallbackReceived(path, answer, null, at);
  }

  static Happening refused(String path, Failure failure) {
    return at -> new Event.CallbackReceived(path, null, failure, at);
  }

  static Happening elapsed() {
    return Event.TimeElapsed::new;
  }

  static Happening cancelled(String reason) {
    return at -> new Event.CancelRequested(reason, at);
  }

  static Happening cancelledAndUndone(String reason) {
    return at -> new Event.CancelRequested(reason, true, at);
  }

  static Happening paused(String reason) {
    return at -> new Event.PauseRequested(reason, at);
  }

  static Happening resumed(Raise raise) {
    return at -> new Event.ResumeRequested(raise, at);
  }

  static Happening admitted() {
    return Event.Admitted::new;
  }

  static Failure down() {
    return Failure.temporary("adapter_unavailable", "503");
  }

  static Failure broken() {
    return Failure.fatal("adapter_error", "500");
  }
}
