package io.orchestrator.execution;

import io.orchestrator.expression.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a transition is written in the history, and read again. What is not there has its usual
 * value.
 */
public final class Notation {
  private Notation() {}

  /**
   * A transition as the history stores it.
   *
   * @param event name of the change
   * @param step path; null if it concerns the execution
   * @param attempt 0 if it has none
   * @param data everything else as compact JSON
   * @param delay after which a timer that it sets is due; null if it sets none
   */
  public record Written(String event, String step, int attempt, String data, Duration delay) {}

  /** The transition as written. */
  public static Written write(Transition transition) {
    Map<String, Object> data = new LinkedHashMap<>();
    Written head = write(transition.change(), data);
    list(data, "started", transition.started());
    list(data, "cancelled", transition.cancelled());
    list(data, "skipped", transition.skipped());
    Iterations.write(transition, data);
    list(data, "owed", transition.owed());
    Courses.write(transition.used(), data);
    value(data, "by", transition.by());
    return new Written(head.event(), head.step(), head.attempt(), Json.write(data), head.delay());
  }

  private static Written write(Change change, Map<String, Object> data) {
    return switch (change) {
      case Change.Started c -> {
        data.put("input", c.input());
        value(data, "trigger", c.trigger());
        value(data, "vars", c.vars());
        yield new Written("execution_started", null, 0, "", c.timeout());
      }
      case Change.StepStarted c -> {
        text(data, "branch", c.branch());
        text(data, "warning", c.warning());
        value(data, "items", c.items());
        yield new Written("step_started", c.path(), c.attempt(), "", c.timeout());
      }
      case Change.StepClosing c -> {
        value(data, "output", c.output());
        value(data, "error", c.failure() == null ? null : c.failure().toData());
        flag(data, "handled", c.handled());
        yield new Written("step_closing", c.path(), c.attempt(), "", null);
      }
      case Change.CallBegun c -> new Written("call_begun", c.path(), c.attempt(), "", null);
      case Change.StepCompleted c -> {
        value(data, "output", c.output());
        value(data, "vars", c.vars());
        text(data, "served_by", c.servedBy());
        yield new Written("step_completed", c.path(), c.attempt(), "", null);
      }
      case Change.StepRetrying c -> {
        data.put("error", c.failure().toData());
        flag(data, "by_handler", c.byHandler());
        flag(data, "unjudged", c.unjudged());
        yield new Written("step_retrying", c.path(), c.attempt(), "", c.delay());
      }
      case Change.StepFailed c -> {
        data.put("error", c.failure().toData());
        value(data, "clause", c.clause() < 0 ? null : (long) c.clause());
        flag(data, "handled", c.handled());
        flag(data, "unjudged", c.unjudged());
        yield new Written("step_failed", c.path(), c.attempt(), "", null);
      }
      case Change.StepRecovered c -> {
        value(data, "output", c.output());
        yield new Written("step_recovered", c.path(), 0, "", null);
      }
      case Change.StepSkipped c -> {
        text(data, "warning", c.warning());
        yield new Written("step_skipped", c.path(), 0, "", null);
      }
      case Change.StepWaiting c -> {
        value(data, "call", c.call());
        text(data, "served_by", c.servedBy());
        yield new Written("step_waiting", c.path(), c.attempt(), "", c.delay());
      }
      case Change.HandlersStarted c -> {
        data.put("error", c.failure().toData());
        text(data, "step", c.step());
        data.put("clause", (long) c.clause());
        flag(data, "handled", c.handled());
        yield new Written("handlers_started", null, 0, "", null);
      }
      case Change.Completed c -> {
        value(data, "output", c.output());
        yield new Written("execution_completed", null, 0, "", null);
      }
      case Change.Failed c -> {
        data.put("error", c.failure().toData());
        flag(data, "handled", c.handled());
        yield new Written("execution_failed", null, 0, "", null);
      }
      case Change.Cancelled c -> {
        text(data, "reason", c.reason());
        yield new Written("execution_cancelled", null, 0, "", null);
      }
      case Change.Crossing c -> CrossingNotation.write(c, data);
      case Change.TimedOut ignored -> new Written("execution_timed_out", null, 0, "", null);
      case Change.Course course -> Courses.write(course, data);
      case Change.Repair repair -> RepairNotation.write(repair, data);
    };
  }

  private static void value(Map<String, Object> data, String key, Object value) {
    if (value != null) {
      data.put(key, value);
    }
  }

  private static void text(Map<String, Object> data, String key, String text) {
    if (!text.isEmpty()) {
      data.put(key, text);
    }
  }

  private static void flag(Map<String, Object> data, String key, boolean set) {
    if (set) {
      data.put(key, true);
    }
  }

  private static void list(Map<String, Object> data, String key, List<String> paths) {
    if (!paths.isEmpty()) {
      data.put(key, paths);
    }
  }

  /**
   * Reads a line of the history.
   *
   * @throws IllegalStateException when it is not one that this version knows: such an execution
   *     cannot be trusted
   */
  public static Transition read(Written line) {
    try {
      Map<String, Object> data = Masked.lifted(map(Json.read(line.data())));
      Change change = change(line, data);
      return new Transition(
          change,
          strings(data.get("started")),
          strings(data.get("cancelled")),
          strings(data.get("skipped")),
          Iterations.read(change, data),
          strings(data.get("owed")),
          Courses.usage(data),
          who(change, data));
    } catch (ClassCastException | NullPointerException broken) {
      throw new IllegalStateException(
          "the history line " + line.event() + " cannot be read", broken);
    }
  }

  /** Who ordered it. A decision of people says so itself. */
  private static String who(Change change, Map<String, Object> data) {
    return change instanceof Change.DecisionMade ? null : (String) data.get("by");
  }

  private static Change change(Written line, Map<String, Object> data) {
    String path = line.step();
    int attempt = line.attempt();
    return switch (line.event()) {
      case "execution_started" ->
          new Change.Started(
              data.get("input"),
              data.get("trigger") == null ? null : map(data.get("trigger")),
              data.get("vars") == null ? Map.of() : map(data.get("vars")),
              line.delay());
      case "step_started" ->
          new Change.StepStarted(
              path,
              attempt,
              text(data, "branch"),
              text(data, "warning"),
              list(data.get("items")),
              line.delay());
      case "step_closing" ->
          new Change.StepClosing(
              path,
              attempt,
              data.get("output"),
              data.get("error") == null ? null : failure(data),
              Boolean.TRUE.equals(data.get("handled")));
      case "call_begun" -> new Change.CallBegun(path, attempt);
      case "step_completed" ->
          new Change.StepCompleted(
              path,
              attempt,
              data.get("output"),
              data.get("vars") == null ? null : map(data.get("vars")),
              text(data, "served_by"));
      case "step_retrying" ->
          new Change.StepRetrying(
              path,
              attempt,
              failure(data),
              line.delay(),
              Boolean.TRUE.equals(data.get("by_handler")),
              Boolean.TRUE.equals(data.get("unjudged")));
      case "step_failed" ->
          new Change.StepFailed(
              path,
              attempt,
              failure(data),
              clause(data),
              Boolean.TRUE.equals(data.get("handled")),
              Boolean.TRUE.equals(data.get("unjudged")));
      case "step_recovered" -> new Change.StepRecovered(path, data.get("output"));
      case "step_skipped" -> new Change.StepSkipped(path, text(data, "warning"));
      case "step_waiting" ->
          new Change.StepWaiting(
              path, attempt, line.delay(), data.get("call"), text(data, "served_by"));
      case "handlers_started" ->
          new Change.HandlersStarted(
              failure(data),
              text(data, "step"),
              clause(data),
              Boolean.TRUE.equals(data.get("handled")));
      case "execution_completed" -> new Change.Completed(data.get("output"));
      case "execution_failed" ->
          new Change.Failed(failure(data), Boolean.TRUE.equals(data.get("handled")));
      case "execution_cancelled" -> new Change.Cancelled(text(data, "reason"));
      case "execution_timed_out" -> new Change.TimedOut();
      default -> {
        Change course = Courses.read(line, data);
        Change crossing = course == null ? CrossingNotation.read(line, data) : course;
        Change other = crossing == null ? RepairNotation.read(line, data) : crossing;
        if (other == null) {
          throw new IllegalStateException(
              "the history says " + line.event() + ", which is unknown");
        }
        yield other;
      }
    };
  }

  private static Failure failure(Map<String, Object> data) {
    return Failure.of(map(data.get("error")));
  }

  private static int clause(Map<String, Object> data) {
    return data.get("clause") instanceof Long number ? number.intValue() : -1;
  }

  private static String text(Map<String, Object> data, String key) {
    return data.get(key) instanceof String text ? text : "";
  }

  @SuppressWarnings("unchecked") // what Json reads as an object has string keys
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked") // a list may hold anything
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  private static List<String> strings(Object value) {
    return value == null ? List.of() : ((List<?>) value).stream().map(String.class::cast).toList();
  }
}
