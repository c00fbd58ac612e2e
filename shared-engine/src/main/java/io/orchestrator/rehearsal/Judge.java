package io.orchestrator.rehearsal;

import io.orchestrator.execution.Culprit;
import io.orchestrator.execution.StepState;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Spot;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares how a rehearsal went with what its test expects. */
final class Judge {
  private final FlowTest test;
  private final FlowTest.Expect expect;
  private final Played played;
  private final List<Miss> misses = new ArrayList<>();

  private Judge(FlowTest test, Played played) {
    this.test = test;
    this.expect = test.expect();
    this.played = played;
  }

  /** Everything that is not as expected. */
  static List<Miss> misses(FlowTest test, Played played) {
    Judge judge = new Judge(test, played);
    judge.judge();
    return List.copyOf(judge.misses);
  }

  private void judge() {
    Played.Stop stop = played.stop();
    boolean wanted = expect.status() != null && played.outcome().equals(expect.status().data());
    if (stop != null && !(wanted && (stop.waits() || played.outcome().equals("refused")))) {
      miss("run", test.spot(), stop.message(), null, null, List.of(), stop.step());
    }
    if (expect.status() != null && !wanted) {
      status();
    }
    if (expect.handled() != null) {
      compare("handled", expect.handled(), played.execution().handled());
    }
    if (expect.path() != null) {
      path();
    }
    if (expect.never() != null) {
      expect.never().forEach(this::never);
    }
    expect.attempts().forEach(this::attempts);
    if (expect.output() != null) {
      compare("output", expect.output(), played.execution().output());
    }
    if (expect.error() != null) {
      error(expect.error(), flowError());
    }
    if (expect.vars() != null) {
      differences(
          "vars",
          expect.vars(),
          played.execution().vars(),
          Match.missing("vars", expect.vars().data(), played.execution().vars()));
    }
    if (expect.duration() != null) {
      duration(expect.duration());
    }
    if (expect.emitted() != null) {
      differences(
          "emitted",
          expect.emitted(),
          played.emitted(),
          Match.missing("emitted", expect.emitted().data(), played.emitted()));
    }
    expect.steps().forEach(this::step);
  }

  private void miss(
      String what,
      Spot spot,
      String message,
      Object expected,
      Object actual,
      List<String> lines,
      String step) {
    misses.add(new Miss(what, spot, message, expected, actual, lines, step));
  }

  private void compare(String what, FlowTest.Wanted wanted, Object actual) {
    differences(what, wanted, actual, Match.differences(what, wanted.data(), actual));
  }

  private void differences(
      String what, FlowTest.Wanted wanted, Object actual, List<String> differences) {
    if (!differences.isEmpty()) {
      miss(
          what,
          wanted.spot(),
          differences.getFirst(),
          wanted.data(),
          Shown.data(actual),
          differences,
          "");
    }
  }

  private void status() {
    String wanted = String.valueOf(expect.status().data());
    String message = "status: expected " + wanted + ", was " + played.outcome();
    Map<String, Object> error = flowError();
    String why = error == null ? "" : " (" + error.get("type") + ": " + error.get("message") + ")";
    String step = error == null ? "" : String.valueOf(error.getOrDefault("path", ""));
    miss(
        "status",
        expect.status().spot(),
        message + why,
        wanted,
        played.outcome(),
        List.of(message + why),
        step);
  }

  /** Why the execution failed, with the step that did; null if it did not. */
  private Map<String, Object> flowError() {
    if (played.execution().failure() == null) {
      return null;
    }
    Map<String, Object> error = played.execution().failure().toData();
    List<StepState> states = List.copyOf(played.marks().states());
    StepState failed = Culprit.of(states, "", played.execution().failure());
    if (failed != null) {
      Step step = played.plan().at(failed.path());
      error.put("step", step == null ? failed.path() : step.id());
      error.put("path", failed.path());
      error.put("attempt", (long) failed.attempt());
    }
    return error;
  }

  private void error(FlowTest.Wanted wanted, Map<String, Object> actual) {
    if (wanted.data() instanceof String type) {
      Object is = actual == null ? null : actual.get("type");
      differences("error", wanted, is, Match.differences("error.type", type, is));
    } else {
      differences("error", wanted, actual, Match.missing("error", wanted.data(), actual));
    }
  }

  private void path() {
    List<String> wanted = expect.path().stream().map(FlowTest.StepName::text).toList();
    List<Played.Started> actual = played.path();
    boolean same = wanted.size() == actual.size();
    for (int i = 0; same && i < wanted.size(); i++) {
      same = expect.path().get(i).names(actual.get(i).id(), actual.get(i).path());
    }
    if (same) {
      return;
    }
    boolean paths = wanted.stream().anyMatch(name -> name.indexOf('/') >= 0);
    List<String> took =
        actual.stream().map(started -> paths ? started.path() : started.id()).toList();
    Lists.Diff diff =
        Lists.diff(
            expect.path(),
            actual,
            (name, started) -> name.names(started.id(), started.path()),
            FlowTest.StepName::text,
            started -> paths ? started.path() : started.id());
    Spot spot = expect.path().isEmpty() ? expect.spot() : expect.path().getFirst().spot();
    miss("path", spot, "the path is another", wanted, took, diff.lines(), diff.firstMore());
  }

  private void never(FlowTest.StepName name) {
    if (played.path().stream().anyMatch(each -> name.names(each.id(), each.path()))) {
      String message = "never: " + name.text() + " started";
      miss("never", name.spot(), message, null, name.text(), List.of(message), name.plain());
    }
  }

  private void attempts(FlowTest.Attempts wanted) {
    long actual = attemptsOf(wanted.step());
    if (actual != wanted.count()) {
      String message =
          "attempts of "
              + wanted.step().text()
              + ": expected "
              + wanted.count()
              + ", was "
              + actual;
      miss(
          "attempts",
          wanted.step().spot(),
          message,
          wanted.count(),
          actual,
          List.of(message),
          wanted.step().plain());
    }
  }

  /** Calls are counted, over all iterations that the name means; of other steps the attempts. */
  private long attemptsOf(FlowTest.StepName name) {
    long calls =
        played.calls().stream()
            .filter(made -> name.names(made.id(), made.path()) && !standsIn(made))
            .count();
    if (calls > 0) {
      return calls;
    }
    return played.marks().states().stream()
        .filter(state -> isMeant(name, state) && !isCall(state))
        .mapToLong(StepState::attempt)
        .sum();
  }

  /** A call of another adapter than the step's own belongs to the same attempt. */
  private boolean standsIn(Made made) {
    Step step = played.plan().at(made.path());
    return step != null
        && step.kind() instanceof Kind.Call call
        && !call.adapter().equals(made.adapter());
  }

  private boolean isMeant(FlowTest.StepName name, StepState state) {
    Step step = played.plan().at(state.path());
    return name.names(step == null ? "" : step.id(), state.path());
  }

  private boolean isCall(StepState state) {
    Step step = played.plan().at(state.path());
    return step != null && step.kind() instanceof Kind.Call;
  }

  private void duration(FlowTest.Between between) {
    Duration actual = played.length();
    if (actual.compareTo(between.least()) < 0 || actual.compareTo(between.most()) > 0) {
      String wanted =
          between.least().equals(between.most())
              ? Lengths.text(between.least())
              : Lengths.text(between.least()) + " to " + Lengths.text(between.most());
      String message = "duration: expected " + wanted + ", was " + Lengths.text(actual);
      miss("duration", between.spot(), message, wanted, Lengths.text(actual), List.of(message), "");
    }
  }

  // -- one step

  private void step(FlowTest.OfStep wanted) {
    FlowTest.StepName name = wanted.step();
    StepState state =
        played.marks().states().stream()
            .filter(each -> isMeant(name, each))
            .reduce((first, last) -> last)
            .orElse(null);
    wanted
        .fields()
        .forEach(
            (field, value) -> {
              String what = "steps." + name.text() + "." + field;
              Object actual = field(name, state, field);
              List<String> differences =
                  field.equals("error")
                      ? errorOf(what, value, actual)
                      : Match.differences(what, value.data(), actual);
              if (!differences.isEmpty()) {
                miss(
                    what,
                    value.spot(),
                    differences.getFirst(),
                    value.data(),
                    Shown.data(actual),
                    differences,
                    name.plain());
              }
            });
  }

  private static List<String> errorOf(String what, FlowTest.Wanted wanted, Object actual) {
    if (wanted.data() instanceof String type) {
      Object is = actual instanceof Map<?, ?> map ? map.get("type") : null;
      return Match.differences(what + ".type", type, is);
    }
    return Match.missing(what, wanted.data(), actual);
  }

  private Object field(FlowTest.StepName name, StepState state, String field) {
    Made last =
        played.calls().stream()
            .filter(made -> name.names(made.id(), made.path()))
            .reduce((first, later) -> later)
            .orElse(null);
    return switch (field) {
      case "status" -> state == null ? "not reached" : state.status().text();
      case "attempts" -> attemptsOf(name);
      case "params" -> last == null ? null : last.params();
      case "idempotency_key" -> last == null ? null : last.idempotencyKey();
      case "output" -> state == null ? null : state.output();
      case "served_by" -> state == null || state.servedBy().isEmpty() ? null : state.servedBy();
      case "error" ->
          state == null || state.failure() == null
              ? null
              : new LinkedHashMap<>(state.failure().toData());
      default -> throw new IllegalStateException("nothing is known of " + field);
    };
  }
}
