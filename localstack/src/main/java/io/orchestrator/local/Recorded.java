package io.orchestrator.local;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A real execution as a test of its flow: its history read line by line. */
final class Recorded {
  private static final Set<String> ENDS =
      Set.of("step_completed", "step_failed", "step_recovered", "step_skipped");

  private static final Set<String> AWAY = Set.of("adapter_unavailable", "circuit_open");

  private final Plan plan;
  private final Map<String, Object> execution;
  private final boolean timed;
  private final Map<String, List<Object>> answers = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> waits = new HashMap<>();
  private final Map<String, Instant> since = new HashMap<>();
  private final List<Object> path = new ArrayList<>();
  private final Set<String> open = new LinkedHashSet<>();
  private Map<String, Object> started = Map.of();
  private Instant begin;
  private Map<String, Object> cancel;

  private Recorded(Plan plan, Map<String, Object> execution, boolean timed) {
    this.plan = plan;
    this.execution = execution;
    this.timed = timed;
  }

  /**
   * The test.
   *
   * @param execution as the API shows it
   * @param history its lines, as the API shows them
   * @param timed whether answers take as long as they took
   */
  static Map<String, Object> test(
      Plan plan, Map<String, Object> execution, List<Map<String, Object>> history, boolean timed) {
    Recorded recorded = new Recorded(plan, execution, timed);
    history.forEach(recorded::read);
    return recorded.test();
  }

  private void read(Map<String, Object> line) {
    String event = Data.text(line.get("event"));
    String step = line.get("step") == null ? "" : Data.text(line.get("step"));
    Instant at = Instant.parse(Data.text(line.get("at")));
    Map<String, Object> data = Data.map(line.get("data"));
    switch (event) {
      case "execution_started" -> {
        started = data;
        begin = at;
      }
      case "execution_cancelled" -> {
        cancel = new LinkedHashMap<>();
        cancel.put("at", length(Duration.between(begin, at)));
        cancel.put("reason", Data.text(data.get("reason")));
      }
      default -> {}
    }
    Step meant = step.isEmpty() ? null : plan.at(step);
    if (meant != null) {
      line(event, step, meant, data, at);
    }
    for (Object path : data.get("started") instanceof List<?> list ? list : List.of()) {
      start(Data.text(path), at);
    }
    for (Object path : data.get("cancelled") instanceof List<?> list ? list : List.of()) {
      open.remove(Data.text(path));
    }
  }

  private void line(String event, String path, Step step, Map<String, Object> data, Instant at) {
    if (step.kind().blocks().isEmpty()
        && !event.equals("step_skipped")
        && !event.equals("step_recovered")
        && !event.equals("step_retrying")) {
      start(path, at);
    }
    switch (event) {
      case "step_waiting", "approval_requested" -> waits.put(path, waiting(data, at));
      case "step_completed" -> completed(path, step, data, at);
      case "step_failed" -> failed(path, step, Data.map(data.get("error")), at);
      case "step_retrying" -> {
        failed(path, step, Data.map(data.get("error")), at);
        since.put(path, at);
      }
      default -> {}
    }
    if (ENDS.contains(event)) {
      open.remove(path);
    }
  }

  private void start(String instance, Instant at) {
    Step step = plan.at(instance);
    if (step != null && step.kind().blocks().isEmpty() && open.add(instance)) {
      path.add(instance.indexOf('[') >= 0 ? instance : step.id());
      since.put(instance, at);
    }
  }

  private static Map<String, Object> waiting(Map<String, Object> data, Instant at) {
    Map<String, Object> wait = new LinkedHashMap<>();
    wait.put("at", at);
    wait.put("call", data.get("call"));
    wait.put("served_by", data.get("served_by"));
    return wait;
  }

  // -- what was answered

  /** Whether the outcome of a step came from outside. */
  private static boolean asks(Step step) {
    return switch (step.kind()) {
      case Kind.Call ignored -> true;
      case Kind.SubFlow ignored -> true;
      default -> told(step) != null;
    };
  }

  /** The word for what a step waits for; null if it waits for nothing. */
  private static String told(Step step) {
    return switch (step.kind()) {
      case Kind.Call call -> call.await() == null ? null : "callback";
      case Kind.Await ignored -> "callback";
      case Kind.AwaitSignal ignored -> "signal";
      case Kind.AwaitEvent ignored -> "event";
      case Kind.Approve ignored -> "approval";
      default -> null;
    };
  }

  private void completed(String path, Step step, Map<String, Object> data, Instant at) {
    if (!asks(step)) {
      return;
    }
    Object output = data.get("output");
    Map<String, Object> wait = waits.remove(path);
    Map<String, Object> answer = new LinkedHashMap<>();
    if (step.common().output() != null) {
      answer.put("$output", output);
    } else if (wait != null && told(step) != null) {
      answer.put(told(step), said(step, output));
      answer.put("after", length(Duration.between((Instant) wait.get("at"), at)));
      if (wait.get("call") != null) {
        answer.put("call", wait.get("call"));
      }
    } else if (timed && told(step) == null) {
      answer.put("$after", length(Duration.between(since.getOrDefault(path, at), at)));
      answer.put("$value", output);
    } else if (output instanceof Map<?, ?> || output instanceof List<?>) {
      answer.put("$value", output);
    } else {
      add(path, served(step, Data.text(data.get("served_by")), output));
      return;
    }
    Object by = wait == null ? data.get("served_by") : wait.get("served_by");
    add(path, served(step, Data.text(by), unwrapped(answer)));
  }

  /** Of an approval the single decisions; of any other wait what it was told. */
  private static Object said(Step step, Object output) {
    if (!(step.kind() instanceof Kind.Approve)) {
      return output;
    }
    List<Object> decisions = new ArrayList<>();
    for (Map<String, Object> each : Data.maps(Data.map(output).get("decisions"))) {
      Map<String, Object> one = new LinkedHashMap<>(each);
      one.remove("at");
      decisions.add(one);
    }
    return decisions;
  }

  /** A map that can be mistaken for nothing else needs no wrapping. */
  private static Object unwrapped(Map<String, Object> answer) {
    boolean plain =
        answer.keySet().equals(Set.of("$value"))
            && answer.get("$value") instanceof Map<?, ?> map
            && map.size() > 1
            && map.keySet().stream().noneMatch(key -> ((String) key).startsWith("$"))
            && !map.containsKey("callback")
            && !map.containsKey("event")
            && !map.containsKey("signal")
            && !map.containsKey("approval");
    return plain ? answer.get("$value") : answer;
  }

  private void failed(String path, Step step, Map<String, Object> error, Instant at) {
    if (!asks(step) || "expression".equals(error.get("type"))) {
      return; // nobody said it: it will be so again
    }
    Map<String, Object> wait = waits.remove(path);
    Map<String, Object> answer = new LinkedHashMap<>();
    if (wait != null && "timeout".equals(error.get("type"))) {
      answer.put("unanswered", true);
    } else if (wait != null && "callback".equals(told(step))) {
      answer.put("callback", Map.of("error", fault(error)));
      answer.put("after", length(Duration.between((Instant) wait.get("at"), at)));
    } else {
      answer.put("error", fault(error));
      if (timed) {
        answer.put("$after", length(Duration.between(since.getOrDefault(path, at), at)));
      }
    }
    add(path, away(step, error, answer));
  }

  /** Whoever stood in answered; those before it were away. */
  private static Object served(Step step, String by, Object answer) {
    if (by.isEmpty() || !(step.kind() instanceof Kind.Call call)) {
      return answer;
    }
    Map<String, Object> adapters = new LinkedHashMap<>();
    adapters.put(call.adapter(), Map.of("error", "adapter_unavailable"));
    for (Kind.Fallback other : call.fallback()) {
      boolean served = other.adapter().equals(by);
      adapters.put(other.adapter(), served ? answer : Map.of("error", "adapter_unavailable"));
      if (served) {
        break;
      }
    }
    // The definition of the step's adapter may name others, too.
    adapters.putIfAbsent(by, answer);
    return Map.of("$adapters", adapters);
  }

  /** Where others may stand in, all of them were away, too. */
  private static Object away(Step step, Map<String, Object> error, Object answer) {
    boolean away = AWAY.contains(Data.text(error.get("type")));
    if (!away || !(step.kind() instanceof Kind.Call call) || call.fallback().isEmpty()) {
      return answer;
    }
    Map<String, Object> adapters = new LinkedHashMap<>();
    adapters.put(call.adapter(), answer);
    call.fallback().forEach(o -> adapters.put(o.adapter(), Map.of("error", "adapter_unavailable")));
    return Map.of("$adapters", adapters);
  }

  private static Map<String, Object> fault(Map<String, Object> error) {
    Map<String, Object> fault = new LinkedHashMap<>();
    for (String key : List.of("type", "message", "status", "retryable", "data")) {
      if (error.get(key) != null) {
        fault.put(key, error.get(key));
      }
    }
    if (error.get("retry_after_ms") instanceof Long millis) {
      fault.put("retry_after", millis + "ms");
    }
    return fault;
  }

  private void add(String path, Object answer) {
    String name = path.indexOf('[') >= 0 ? path : plan.at(path).id();
    answers.computeIfAbsent(name, any -> new ArrayList<>()).add(answer);
  }

  private static String length(Duration duration) {
    return Math.max(0, duration.toMillis()) + "ms";
  }

  // -- the test

  private Map<String, Object> test() {
    Map<String, Object> test = new LinkedHashMap<>();
    test.put("name", "recorded " + execution.get("id"));
    if (begin != null) {
      test.put("start", begin.toString());
    }
    test.put("input", started.get("input"));
    if (started.get("trigger") != null) {
      test.put("trigger", started.get("trigger"));
    }
    Map<String, Object> mocks = new LinkedHashMap<>();
    answers.forEach((step, all) -> mocks.put(step, mock(all)));
    if (!mocks.isEmpty()) {
      test.put("mocks", mocks);
    }
    if (cancel != null) {
      test.put("cancel", cancel);
    }
    test.put("expect", expect());
    return test;
  }

  private static Object mock(List<Object> answers) {
    return answers.size() == 1 && !(answers.getFirst() instanceof List<?>)
        ? answers.getFirst()
        : answers;
  }

  private Map<String, Object> expect() {
    Map<String, Object> expect = new LinkedHashMap<>();
    expect.put("status", execution.get("status"));
    Map<String, Object> error = Data.map(execution.get("error"));
    if (!error.isEmpty()) {
      expect.put("handled", Boolean.TRUE.equals(execution.get("handled")));
      expect.put("error", error.get("type"));
    }
    expect.put("path", path);
    Map<String, Object> attempts = new LinkedHashMap<>();
    answers.forEach(
        (step, all) -> {
          if (all.size() > 1) {
            attempts.put(step, (long) all.size());
          }
        });
    if (!attempts.isEmpty()) {
      expect.put("attempts", attempts);
    }
    if ("completed".equals(execution.get("status"))) {
      expect.put("output", execution.get("output"));
    }
    return expect;
  }
}
