package io.orchestrator.execution;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the lines about the course of an execution as a whole are written, and read again. */
final class Courses {
  private Courses() {}

  static Notation.Written write(Change.Course course, Map<String, Object> data) {
    return switch (course) {
      case Change.Course.EndStarted c -> {
        data.put("outcome", c.outcome().text());
        if (c.output() != null) {
          data.put("output", c.output());
        }
        cause(data, c.failure(), c.handled(), c.reason());
        text(data, "step", c.step());
        flag(data, "compensates", c.compensates());
        yield line("execution_closing", null, null);
      }
      case Change.Course.CancelStarted c -> {
        text(data, "reason", c.reason());
        flag(data, "compensates", c.compensates());
        yield line("cancel_started", null, null);
      }
      case Change.Course.CompensationStarted c -> {
        cause(data, c.failure(), c.handled(), c.reason());
        yield line("compensation_started", null, null);
      }
      case Change.Course.StepCompensated c -> {
        cause(data, c.failure(), false, null);
        yield line(
            c.failure() == null ? "step_compensated" : "step_not_compensated", c.path(), null);
      }
      case Change.Course.FinallyStarted c -> {
        data.put("outcome", c.outcome().text());
        if (c.output() != null) {
          data.put("output", c.output());
        }
        cause(data, c.failure(), c.handled(), c.reason());
        yield line("finally_started", null, null);
      }
      case Change.Course.Compensated ignored -> line("execution_compensated", null, null);
      case Change.Course.CompensationFailed ignored -> line("compensation_failed", null, null);
      case Change.Course.Paused c -> {
        text(data, "reason", c.reason());
        yield line("execution_paused", null, null);
      }
      case Change.Course.Resumed c -> {
        if (!c.raise().equals(Raise.NONE)) {
          data.put("budget", c.raise().toData());
        }
        yield line("execution_resumed", null, null);
      }
      case Change.Course.Halted c -> line("step_halted", c.path(), null);
      case Change.Course.Held ignored -> line("execution_held", null, null);
      case Change.Course.Admitted c -> line("execution_admitted", null, c.timeout());
    };
  }

  private static Notation.Written line(String event, String step, Duration delay) {
    return new Notation.Written(event, step, 0, "", delay);
  }

  private static void cause(
      Map<String, Object> data, Failure failure, boolean handled, String reason) {
    if (failure != null) {
      data.put("error", failure.toData());
    }
    flag(data, "handled", handled);
    if (reason != null) {
      data.put("reason", reason);
    }
  }

  private static void text(Map<String, Object> data, String key, String text) {
    if (text != null && !text.isEmpty()) {
      data.put(key, text);
    }
  }

  private static void flag(Map<String, Object> data, String key, boolean set) {
    if (set) {
      data.put(key, true);
    }
  }

  /** The change that a line says; null if it is none of these. */
  static Change read(Notation.Written line, Map<String, Object> data) {
    return switch (line.event()) {
      case "execution_closing" ->
          new Change.Course.EndStarted(
              Status.of((String) data.get("outcome")),
              data.get("output"),
              failure(data),
              flag(data, "handled"),
              data.get("step") instanceof String step ? step : "",
              (String) data.get("reason"),
              flag(data, "compensates"));
      case "cancel_started" ->
          new Change.Course.CancelStarted(text(data), flag(data, "compensates"));
      case "compensation_started" ->
          new Change.Course.CompensationStarted(
              failure(data), flag(data, "handled"), (String) data.get("reason"));
      case "step_compensated", "step_not_compensated" ->
          new Change.Course.StepCompensated(line.step(), failure(data));
      case "finally_started" ->
          new Change.Course.FinallyStarted(
              Status.of((String) data.get("outcome")),
              data.get("output"),
              failure(data),
              flag(data, "handled"),
              (String) data.get("reason"));
      case "execution_compensated" -> new Change.Course.Compensated();
      case "compensation_failed" -> new Change.Course.CompensationFailed();
      case "execution_paused" -> new Change.Course.Paused(text(data));
      case "execution_resumed" ->
          new Change.Course.Resumed(
              data.get("budget") == null ? Raise.NONE : Raise.of(map(data.get("budget"))));
      case "step_halted" -> new Change.Course.Halted(line.step());
      case "execution_held" -> new Change.Course.Held();
      case "execution_admitted" -> new Change.Course.Admitted(line.delay());
      default -> null;
    };
  }

  private static String text(Map<String, Object> data) {
    return data.get("reason") instanceof String text ? text : "";
  }

  private static boolean flag(Map<String, Object> data, String key) {
    return Boolean.TRUE.equals(data.get(key));
  }

  private static Failure failure(Map<String, Object> data) {
    return data.get("error") == null ? null : Failure.of(map(data.get("error")));
  }

  @SuppressWarnings("unchecked") // what Json reads as an object has string keys
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  // -- what a call cost

  static void write(Usage used, Map<String, Object> data) {
    if (!used.isNothing()) {
      Map<String, Object> usage = new LinkedHashMap<>();
      usage.put("tokens", used.tokens());
      usage.put("cost", used.cost());
      data.put("usage", usage);
    }
  }

  static Usage usage(Map<String, Object> data) {
    return Usage.of(data);
  }
}
