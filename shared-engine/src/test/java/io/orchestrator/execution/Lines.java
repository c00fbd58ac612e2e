package io.orchestrator.execution;

import io.orchestrator.expression.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lines of a history in words, so that a test can say what it expects. */
final class Lines {
  private Lines() {}

  static List<String> of(List<Transition> transitions) {
    return transitions.stream().map(Lines::of).toList();
  }

  static String of(Transition line) {
    return of(line.change())
        + paths("; runs ", line.started())
        + paths("; cancels ", line.cancelled())
        + paths("; skips ", line.skipped())
        + paths("; owes ", line.owed())
        + (line.used().isNothing()
            ? ""
            : "; used " + line.used().tokens() + " " + line.used().cost())
        + line.iterations().stream().map(Lines::of).collect(Collectors.joining())
        + word("; by ", line.by() == null ? "" : line.by());
  }

  private static String of(Iteration iteration) {
    return switch (iteration) {
      case Iteration.Begun b -> "; begins " + b.path();
      case Iteration.Ended e ->
          "; ends " + e.path() + " = " + Json.write(e.result()) + flag(" having acted", e.ran());
      case Iteration.Failed f -> "; gives up " + f.path() + flag(" having acted", f.ran());
    };
  }

  private static String paths(String word, List<String> paths) {
    return paths.isEmpty() ? "" : word + String.join(", ", paths);
  }

  private static String of(Change change) {
    return switch (change) {
      case Change.Started c ->
          "started" + span(" for ", c.timeout()) + vars(c.vars().isEmpty() ? null : c.vars());
      case Change.StepStarted c ->
          "entered "
              + at(c.path(), c.attempt())
              + word(" ", c.branch())
              + word(" ", c.warning())
              + (c.items() == null ? "" : " over " + Json.write(c.items()))
              + span(" for ", c.timeout());
      case Change.StepClosing c ->
          "closing "
              + at(c.path(), c.attempt())
              + (c.failure() == null
                  ? " with " + Json.write(c.output())
                  : " after " + c.failure().type())
              + flag(" handled", c.handled());
      case Change.CallBegun c -> "begun " + at(c.path(), c.attempt());
      case Change.StepCompleted c ->
          "completed "
              + at(c.path(), c.attempt())
              + " = "
              + Json.write(c.output())
              + vars(c.vars())
              + word(" by ", c.servedBy());
      case Change.StepRetrying c ->
          "retrying "
              + at(c.path(), c.attempt())
              + span(" in ", c.delay())
              + " after "
              + c.failure().type()
              + flag(" as handled", c.byHandler())
              + flag(" unjudged", c.unjudged());
      case Change.StepFailed c ->
          "failed "
              + at(c.path(), c.attempt())
              + " "
              + c.failure().type()
              + (c.clause() < 0 ? "" : " caught by " + c.clause())
              + flag(" handled", c.handled())
              + flag(" unjudged", c.unjudged());
      case Change.StepRecovered c -> "recovered " + c.path() + " = " + Json.write(c.output());
      case Change.StepSkipped c -> "skipped " + c.path() + word(" ", c.warning());
      case Change.StepWaiting c ->
          "waiting "
              + at(c.path(), c.attempt())
              + span(" for ", c.delay())
              + (c.call() == null ? "" : " called " + Json.write(c.call()));
      case Change.HandlersStarted c ->
          "handling " + c.failure().type() + " by " + c.clause() + flag(" handled", c.handled());
      case Change.Completed c -> "ended completed = " + Json.write(c.output());
      case Change.Failed c -> "ended failed " + c.failure().type() + flag(" handled", c.handled());
      case Change.Cancelled c -> "ended cancelled " + c.reason();
      case Change.TimedOut ignored -> "ended timed_out";
      case Change.Course course -> of(course);
      case Change.Crossing c -> String.valueOf(c);
      case Change.Repair repair -> of(repair);
    };
  }

  private static String of(Change.Course course) {
    return switch (course) {
      case Change.Course.EndStarted c ->
          "ending "
              + c.outcome().text()
              + (c.output() == null ? "" : " = " + Json.write(c.output()))
              + (c.failure() == null ? "" : " " + c.failure().type())
              + flag(" handled", c.handled())
              + word(" at ", c.step())
              + (c.reason() == null ? "" : " because " + c.reason())
              + flag(" and compensating", c.compensates());
      case Change.Course.CancelStarted c ->
          "cancelling " + c.reason() + flag(" and compensating", c.compensates());
      case Change.Course.CompensationStarted c ->
          "compensating"
              + (c.failure() == null ? "" : " " + c.failure().type())
              + flag(" handled", c.handled())
              + (c.reason() == null ? "" : " because " + c.reason());
      case Change.Course.StepCompensated c ->
          c.failure() == null
              ? "compensated " + c.path()
              : "not compensated " + c.path() + " " + c.failure().type();
      case Change.Course.FinallyStarted c ->
          "finally after "
              + c.outcome().text()
              + (c.failure() == null ? "" : " " + c.failure().type());
      case Change.Course.Compensated ignored -> "ended compensated";
      case Change.Course.CompensationFailed ignored -> "ended compensation_failed";
      case Change.Course.Paused c -> "paused" + word(" ", c.reason());
      case Change.Course.Resumed c ->
          "resumed"
              + (c.raise().equals(Raise.NONE) ? "" : " with " + Json.write(c.raise().toData()));
      case Change.Course.Halted c -> "halted " + c.path();
      case Change.Course.Held ignored -> "held";
      case Change.Course.Admitted c -> "admitted" + span(" for ", c.timeout());
    };
  }

  private static String of(Change.Repair repair) {
    return switch (repair) {
      case Change.Repair.Restored c ->
          (c.retried() ? "retried" : "rolled back")
              + " from "
              + c.revision()
              + (c.again().isEmpty() ? "" : " again " + String.join(", ", c.again()))
              + (c.edits().newInput() ? " with input " + Json.write(c.edits().input()) : "")
              + (c.edits().outputs().isEmpty()
                  ? ""
                  : " with outputs " + Json.write(c.edits().outputs()))
              + word(" by version ", c.edits().version() == null ? "" : c.edits().version());
      case Change.Repair.StepKept c ->
          "kept " + at(c.path(), c.attempt()) + " = " + Json.write(c.output()) + vars(c.vars());
    };
  }

  private static String at(String path, int attempt) {
    return path + "#" + attempt;
  }

  private static String word(String before, String text) {
    return text.isEmpty() ? "" : before + text;
  }

  private static String span(String before, Duration span) {
    return span == null ? "" : before + span;
  }

  private static String flag(String text, boolean set) {
    return set ? text : "";
  }

  private static String vars(Map<String, Object> vars) {
    return vars == null ? "" : " sets " + Json.write(vars);
  }
}
