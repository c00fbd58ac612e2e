package io.orchestrator.execution;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which lines of the history led from which status to which, of executions and of steps. */
final class Edges {
  /** What a step is before anything has happened to it. */
  static final String NOTHING = "[*]";

  private final Map<String, Set<String>> executions = new TreeMap<>();
  private final Map<String, Set<String>> steps = new TreeMap<>();

  /** A line led from the one to the other. */
  void note(Execution before, Transition line, Execution after) {
    String event = Notation.write(line).event();
    String from = before.revision() == 0 ? NOTHING : before.status().text();
    add(executions, from, after.status().text(), event);
    for (StepState step : after.steps()) {
      StepState earlier = before.step(step.path());
      String was = earlier == null ? NOTHING : earlier.status().text();
      boolean named = step.path().equals(Legality.path(line.change()));
      if (named || earlier == null || earlier.status() != step.status()) {
        String along =
            line.started().contains(step.path()) ? "(started)" : "(" + step.status().text() + ")";
        add(steps, was, step.status().text(), named ? event : along);
      }
    }
  }

  void addAll(Edges other) {
    other.executions.forEach(
        (edge, events) -> executions.computeIfAbsent(edge, k -> new TreeSet<>()).addAll(events));
    other.steps.forEach(
        (edge, events) -> steps.computeIfAbsent(edge, k -> new TreeSet<>()).addAll(events));
  }

  private static void add(Map<String, Set<String>> edges, String from, String to, String event) {
    edges.computeIfAbsent(from + " --> " + to, edge -> new TreeSet<>()).add(event);
  }

  String executionDiagram() {
    return diagram(executions);
  }

  String stepDiagram() {
    return diagram(steps);
  }

  private static String diagram(Map<String, Set<String>> edges) {
    StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
    edges.forEach(
        (edge, events) ->
            text.append("  ")
                .append(edge)
                .append(" : ")
                .append(String.join(", ", events))
                .append('\n'));
    return text.append("```\n").toString();
  }
}
