package io.orchestrator.execution;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the lines about the world outside are written in the history, and read again. */
final class CrossingNotation {
  private CrossingNotation() {}

  static Notation.Written write(Change.Crossing change, Map<String, Object> data) {
    return switch (change) {
      case Change.StepListening c -> {
        data.put("type", c.type());
        value(data, "key", c.key());
        yield new Notation.Written("step_listening", c.path(), c.attempt(), "", null);
      }
      case Change.SignalReceived c -> {
        data.put("id", c.id());
        data.put("name", c.name());
        value(data, "data", c.data());
        yield new Notation.Written("signal_received", null, 0, "", null);
      }
      case Change.SignalTaken c -> {
        data.put("id", c.id());
        yield new Notation.Written("signal_taken", c.path(), c.attempt(), "", null);
      }
      case Change.EventTaken c -> {
        data.put("id", c.id());
        yield new Notation.Written("event_taken", c.path(), c.attempt(), "", null);
      }
      case Change.EventEmitted c -> {
        data.put("type", c.type());
        data.put("key", c.key());
        value(data, "data", c.data());
        yield new Notation.Written("event_emitted", c.path(), c.attempt(), "", null);
      }
      case Change.ApprovalRequested c -> {
        data.put("question", c.question());
        yield new Notation.Written("approval_requested", c.path(), c.attempt(), "", c.delay());
      }
      case Change.ApprovalReminded c -> {
        data.put("number", (long) c.number());
        yield new Notation.Written("approval_reminded", c.path(), c.attempt(), "", c.delay());
      }
      case Change.ApprovalEscalated c -> {
        data.put("to", c.to());
        yield new Notation.Written("approval_escalated", c.path(), c.attempt(), "", c.delay());
      }
      case Change.DecisionMade c -> {
        data.put("by", c.by());
        data.put("decision", c.decision());
        value(data, "form", c.form());
        yield new Notation.Written("decision_made", c.path(), c.attempt(), "", null);
      }
    };
  }

  /** Null if it is no such line. */
  static Change.Crossing read(Notation.Written line, Map<String, Object> data) {
    String path = line.step();
    int attempt = line.attempt();
    return switch (line.event()) {
      case "step_listening" ->
          new Change.StepListening(
              path, attempt, (String) data.get("type"), (String) data.get("key"));
      case "signal_received" ->
          new Change.SignalReceived(
              (String) data.get("id"), (String) data.get("name"), data.get("data"));
      case "signal_taken" -> new Change.SignalTaken(path, attempt, (String) data.get("id"));
      case "event_taken" -> new Change.EventTaken(path, attempt, (String) data.get("id"));
      case "event_emitted" ->
          new Change.EventEmitted(
              path, attempt, (String) data.get("type"), (String) data.get("key"), data.get("data"));
      case "approval_requested" ->
          new Change.ApprovalRequested(path, attempt, map(data.get("question")), line.delay());
      case "approval_reminded" ->
          new Change.ApprovalReminded(
              path, attempt, ((Long) data.get("number")).intValue(), line.delay());
      case "approval_escalated" ->
          new Change.ApprovalEscalated(path, attempt, strings(data.get("to")), line.delay());
      case "decision_made" ->
          new Change.DecisionMade(
              path,
              attempt,
              (String) data.get("by"),
              (String) data.get("decision"),
              data.get("form"));
      default -> null;
    };
  }

  private static void value(Map<String, Object> data, String key, Object value) {
    if (value != null) {
      data.put(key, value);
    }
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> map = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((key, each) -> map.put((String) key, each));
    return map;
  }

  private static List<String> strings(Object value) {
    return ((List<?>) value).stream().map(String.class::cast).toList();
  }
}
