package io.orchestrator.execution;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How what an operator has done is written in the history, and read again. */
final class RepairNotation {
  static final String RETRIED = "execution_retried";
  static final String ROLLED_BACK = "execution_rolled_back";

  private RepairNotation() {}

  static Notation.Written write(Change.Repair repair, Map<String, Object> data) {
    return switch (repair) {
      case Change.Repair.Restored c -> {
        data.put("revision", (long) c.revision());
        write(c.edits(), data);
        if (!c.again().isEmpty()) {
          data.put("again", c.again());
        }
        if (c.vars() != null) {
          data.put("vars", c.vars());
        }
        write(c.tally(), data);
        String event = c.retried() ? RETRIED : ROLLED_BACK;
        yield new Notation.Written(event, null, 0, "", c.tally().timeout());
      }
      case Change.Repair.StepKept c -> {
        put(data, "output", c.output());
        put(data, "vars", c.vars());
        put(data, "served_by", c.servedBy().isEmpty() ? null : c.servedBy());
        yield new Notation.Written("step_kept", c.path(), c.attempt(), "", null);
      }
    };
  }

  private static void write(Edits edits, Map<String, Object> data) {
    if (edits.newInput()) {
      data.put("input", edits.input());
    }
    if (!edits.outputs().isEmpty()) {
      data.put("outputs", edits.outputs());
    }
    put(data, "version", edits.version());
    put(data, "reason", edits.reason().isEmpty() ? null : edits.reason());
  }

  private static void write(Tally tally, Map<String, Object> data) {
    if (!tally.spent().isEmpty()) {
      Map<String, Object> spent = new LinkedHashMap<>();
      tally.spent().forEach((path, attempt) -> spent.put(path, (long) attempt));
      data.put("spent", spent);
    }
    data.put("calls", tally.calls());
    data.put("tokens", tally.used().tokens());
    data.put("cost", tally.used().cost());
    if (!tally.timeouts().isEmpty()) {
      Map<String, Object> timeouts = new LinkedHashMap<>();
      tally.timeouts().forEach((path, length) -> timeouts.put(path, length.toString()));
      data.put("timeouts", timeouts);
    }
  }

  private static void put(Map<String, Object> data, String key, Object value) {
    if (value != null) {
      data.put(key, value);
    }
  }

  /** Null if it is no such line. */
  static Change.Repair read(Notation.Written line, Map<String, Object> data) {
    return switch (line.event()) {
      case RETRIED, ROLLED_BACK ->
          new Change.Repair.Restored(
              null,
              ((Long) data.get("revision")).intValue(),
              line.event().equals(RETRIED),
              new Edits(
                  data.containsKey("input"),
                  data.get("input"),
                  map(data.get("outputs")),
                  (String) data.get("version"),
                  data.get("reason") instanceof String reason ? reason : ""),
              data.get("again") instanceof List<?> paths
                  ? paths.stream().map(String.class::cast).toList()
                  : List.of(),
              data.get("vars") == null ? null : map(data.get("vars")),
              tally(line, data));
      case "step_kept" ->
          new Change.Repair.StepKept(
              line.step(),
              line.attempt(),
              data.get("output"),
              data.get("vars") == null ? null : map(data.get("vars")),
              data.get("served_by") instanceof String servedBy ? servedBy : "");
      default -> null;
    };
  }

  private static Tally tally(Notation.Written line, Map<String, Object> data) {
    Map<String, Integer> spent = new LinkedHashMap<>();
    map(data.get("spent")).forEach((path, count) -> spent.put(path, ((Long) count).intValue()));
    Map<String, Duration> timeouts = new LinkedHashMap<>();
    map(data.get("timeouts"))
        .forEach((path, length) -> timeouts.put(path, Duration.parse((String) length)));
    Usage used = new Usage((Long) data.get("tokens"), cost(data.get("cost")));
    return new Tally(spent, (Long) data.get("calls"), used, line.delay(), timeouts);
  }

  private static BigDecimal cost(Object value) {
    return value instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) value;
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    if (value != null) {
      ((Map<?, ?>) value).forEach((key, each) -> map.put((String) key, each));
    }
    return map;
  }
}
