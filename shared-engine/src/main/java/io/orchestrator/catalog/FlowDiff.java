package io.orchestrator.catalog;

import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.StepTexts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What changed from one version of a flow to another: by step, by setting, and as text. */
public final class FlowDiff {
  private final StepTexts from;
  private final StepTexts to;

  private FlowDiff(StepTexts from, StepTexts to) {
    this.from = from;
    this.to = to;
  }

  /**
   * A version, or a draft.
   *
   * @param name {@code 1.0.0} or {@code draft}
   * @param bindings what its names meant when it was published; null for a draft
   */
  public record Side(String name, String source, Map<String, Object> bindings) {}

  /** As the API shows it. */
  public static Map<String, Object> of(String flow, Side from, Side to) {
    StepTexts before = texts(from);
    StepTexts after = texts(to);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", flow);
    data.put("from", from.name());
    data.put("to", to.name());
    boolean readable = before != null && after != null;
    FlowDiff diff = readable ? new FlowDiff(before, after) : null;
    data.put("steps", readable ? diff.steps() : null);
    data.put("settings", readable ? changes(before.settings(), after.settings()) : null);
    boolean published = from.bindings() != null && to.bindings() != null;
    data.put("names", published ? changes(from.bindings(), to.bindings()) : List.of());
    data.put(
        "text",
        TextDiff.unified(
            flow + " " + from.name(), from.source(), flow + " " + to.name(), to.source()));
    return data;
  }

  /** Null for a draft that is no flow yet. */
  private static StepTexts texts(Side side) {
    Document document = Document.read(side.source(), new Problems());
    return document == null ? null : StepTexts.of(document);
  }

  private List<Map<String, Object>> steps() {
    Set<String> moved = moved();
    Set<String> ids = new LinkedHashSet<>(to.steps().keySet());
    ids.addAll(from.steps().keySet());
    List<Map<String, Object>> changes = new ArrayList<>();
    for (String id : ids) {
      StepTexts.Step before = from.steps().get(id);
      StepTexts.Step after = to.steps().get(id);
      List<Map<String, Object>> fields =
          before == null || after == null ? List.of() : changes(before.data(), after.data());
      String change =
          before == null
              ? "added"
              : after == null
                  ? "removed"
                  : !fields.isEmpty() ? "changed" : moved.contains(id) ? "moved" : "";
      if (!change.isEmpty()) {
        changes.add(step(id, change, moved.contains(id), before, after, fields));
      }
    }
    return changes;
  }

  private static Map<String, Object> step(
      String id,
      String change,
      boolean moved,
      StepTexts.Step before,
      StepTexts.Step after,
      List<Map<String, Object>> fields) {
    Map<String, Object> step = new LinkedHashMap<>();
    step.put("id", id);
    step.put("change", change);
    step.put("moved", moved);
    step.put("parent", (after == null ? before : after).parent());
    step.put("from", place(before));
    step.put("to", place(after));
    step.put("fields", fields);
    return step;
  }

  private static Map<String, Object> place(StepTexts.Step step) {
    if (step == null) {
      return null;
    }
    Map<String, Object> place = new LinkedHashMap<>();
    place.put("path", step.pointer());
    place.put("line", (long) step.line());
    place.put("body", step.data());
    return place;
  }

  /** Steps that are in another block, or no longer in the order of their neighbours. */
  private Set<String> moved() {
    Set<String> moved = new LinkedHashSet<>();
    Map<String, List<String>> blocks = new LinkedHashMap<>();
    to.steps()
        .forEach(
            (id, step) -> {
              StepTexts.Step before = from.steps().get(id);
              if (before != null && !before.block().equals(step.block())) {
                moved.add(id);
              } else if (before != null) {
                blocks.computeIfAbsent(step.block(), _ -> new ArrayList<>()).add(id);
              }
            });
    List<String> order = new ArrayList<>(from.steps().keySet());
    blocks.values().forEach(block -> moved.addAll(outOfOrder(block, order)));
    return moved;
  }

  /** The fewest members of a block whose move explains its new order. */
  private static List<String> outOfOrder(List<String> block, List<String> order) {
    int[] length = new int[block.size()];
    int[] next = new int[block.size()];
    int first = -1;
    for (int i = block.size() - 1; i >= 0; i--) {
      length[i] = 1;
      next[i] = -1;
      for (int j = i + 1; j < block.size(); j++) {
        if (order.indexOf(block.get(i)) < order.indexOf(block.get(j)) && length[j] >= length[i]) {
          length[i] = length[j] + 1;
          next[i] = j;
        }
      }
      first = first < 0 || length[i] >= length[first] ? i : first;
    }
    List<String> moved = new ArrayList<>(block);
    for (int i = first; i >= 0; i = next[i]) {
      moved.remove(block.get(i));
    }
    return moved;
  }

  // -- data

  /** The places at which two trees differ, each with both values. */
  private static List<Map<String, Object>> changes(Object before, Object after) {
    List<Map<String, Object>> changes = new ArrayList<>();
    compare("", before, after, changes);
    return changes;
  }

  private static void compare(
      String path, Object before, Object after, List<Map<String, Object>> changes) {
    if (Objects.equals(before, after)) {
      return;
    }
    if (before instanceof Map<?, ?> a && after instanceof Map<?, ?> b) {
      Set<Object> keys = new LinkedHashSet<>(a.keySet());
      keys.addAll(b.keySet());
      for (Object key : keys) {
        String below = path + "/" + key.toString().replace("~", "~0").replace("/", "~1");
        if (a.containsKey(key) && b.containsKey(key)) {
          compare(below, a.get(key), b.get(key), changes);
        } else {
          String change = a.containsKey(key) ? "removed" : "added";
          changes.add(change(below, change, a.get(key), b.get(key)));
        }
      }
    } else if (before instanceof List<?> a && after instanceof List<?> b && a.size() == b.size()) {
      for (int i = 0; i < a.size(); i++) {
        compare(path + "/" + i, a.get(i), b.get(i), changes);
      }
    } else {
      changes.add(change(path, "changed", before, after));
    }
  }

  private static Map<String, Object> change(
      String path, String change, Object before, Object after) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("path", path);
    data.put("change", change);
    data.put("before", before);
    data.put("after", after);
    return data;
  }
}
