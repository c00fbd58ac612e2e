package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan as a drawing: nodes are steps by path, edges are what can follow what. */
final class Graph {
  private final List<Object> nodes = new ArrayList<>();
  private final List<Object> edges = new ArrayList<>();

  private Graph() {}

  static Map<String, Object> of(Plan plan) {
    return of(plan.steps(), plan.onError(), plan.terms().onCancel(), plan.terms().atEnd());
  }

  /** The same of the blocks that a flow is made of. */
  static Map<String, Object> of(
      List<Step> steps, Handlers onError, List<Step> onCancel, List<Step> atEnd) {
    Graph graph = new Graph();
    graph.block(steps, "", "");
    onError.clauses().forEach(clause -> graph.block(clause.steps(), "", "on_error"));
    graph.block(onCancel, "", "on_cancel");
    graph.block(atEnd, "", "finally");
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("nodes", graph.nodes);
    data.put("edges", graph.edges);
    return data;
  }

  private void block(List<Step> steps, String parent, String label) {
    Step before = null;
    for (Step step : steps) {
      boolean first = before == null || step.place().slot() == Place.Slot.BRANCH;
      if (!first) {
        edge(before.path(), step.path(), "");
      } else if (!parent.isEmpty()) {
        edge(parent, step.path(), label);
      }
      node(step);
      before = step;
    }
  }

  private void node(Step step) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("path", step.path());
    node.put("id", step.id());
    node.put("kind", kind(step.kind()));
    node.put("parent", step.place().parent());
    if (step.kind() instanceof Kind.Call call) {
      node.put("adapter", call.adapter());
      node.put("action", call.action());
    }
    if (step.kind() instanceof Kind.SubFlow sub) {
      node.put("flow", sub.flow());
      node.put("version", sub.version());
    }
    nodes.add(node);
    List<List<Step>> blocks = step.kind().blocks();
    for (int i = 0; i < blocks.size(); i++) {
      block(blocks.get(i), step.path(), label(step.kind(), i));
    }
    step.common()
        .onError()
        .clauses()
        .forEach(clause -> block(clause.steps(), step.path(), "on_error"));
    if (step.common().compensate() != null) {
      block(List.of(step.common().compensate()), step.path(), "compensate");
    }
  }

  private void edge(String from, String to, String label) {
    Map<String, Object> edge = new LinkedHashMap<>();
    edge.put("from", from);
    edge.put("to", to);
    edge.put("label", label);
    edges.add(edge);
  }

  private static String label(Kind kind, int block) {
    return switch (kind) {
      case Kind.Conditional ignored -> block == 0 ? "then" : "else";
      case Kind.Switch s -> block < s.cases().size() ? s.cases().get(block).label() : "default";
      case Kind.Group ignored -> block == 0 ? "" : "finally";
      default -> "";
    };
  }

  private static String kind(Kind kind) {
    return switch (kind) {
      case Kind.Call c -> "adapter";
      case Kind.Parallel p -> "parallel";
      case Kind.Conditional c -> "conditional";
      case Kind.Switch s -> "switch";
      case Kind.Group g -> "do";
      case Kind.Foreach f -> "foreach";
      case Kind.Repeat r -> "repeat";
      case Kind.Wait w -> "wait";
      case Kind.Await a -> "await";
      case Kind.AwaitSignal a -> "await";
      case Kind.AwaitEvent a -> "await";
      case Kind.Approve a -> "approve";
      case Kind.SubFlow f -> "flow";
      case Kind.Emit e -> "emit";
      case Kind.Assign a -> "set";
      case Kind.Assert a -> "assert";
      case Kind.Return r -> "return";
      case Kind.Raise r -> "raise";
    };
  }
}
