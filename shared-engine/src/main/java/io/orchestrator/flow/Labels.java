package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives every step its id: the written ones first, then bare names and generated ones in the order
 * of the text.
 */
final class Labels {
  private static final Comparator<Label> IN_TEXT =
      Comparator.<Label>comparingInt(label -> label.spot().line())
          .thenComparingInt(label -> label.spot().column());

  private final List<Label> labels = new ArrayList<>();
  private final Problems problems;

  Labels(Problems problems) {
    this.problems = problems;
  }

  /** A step whose id is written. */
  Label written(Spot spot, String id) {
    if (!Words.isId(id)) {
      problems.error(
          Code.BAD_ID,
          spot,
          "'" + id + "' cannot be a step's id",
          "letters, digits and _, a letter first, at most 63: " + Words.idFrom(id));
    } else {
      refuseReserved(id, spot);
    }
    return add(new Label(spot, id, Label.Origin.WRITTEN));
  }

  /** A step that is a bare name. */
  Label bare(Spot spot, String name) {
    String id = Words.idFrom(name);
    refuseReserved(id, spot);
    return add(new Label(spot, id, Label.Origin.BARE));
  }

  /** A step that is a kind key alone. */
  Label generated(Spot spot, String kind) {
    return add(new Label(spot, kind, Label.Origin.KIND));
  }

  private Label add(Label label) {
    labels.add(label);
    return label;
  }

  private void refuseReserved(String id, Spot spot) {
    if (Words.RESERVED.contains(id)) {
      problems.error(
          Code.RESERVED_NAME,
          spot,
          "'" + id + "' is a word of the language",
          "use another id, " + id + "_step say");
    }
  }

  /** Settles all ids. */
  void settle() {
    List<Label> ordered = labels.stream().sorted(IN_TEXT).toList();
    Map<String, Label> taken = new HashMap<>();
    for (Label label : ordered) {
      Label other =
          label.origin() == Label.Origin.WRITTEN ? taken.putIfAbsent(label.wanted(), label) : null;
      if (other != null) {
        problems.error(
            Code.DUPLICATE_ID,
            label.spot(),
            "the id '" + label.wanted() + "' is taken by the step on line " + other.spot().line(),
            "ids are unique in a flow");
      }
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Label label : ordered) {
      if (label.origin() != Label.Origin.WRITTEN) {
        label.settle(free(label, taken, counts));
        taken.put(label.id(), label);
      }
    }
    if (ordered.size() > FlowLimits.STEPS_MAX) {
      problems.error(
          Code.TOO_MANY_STEPS,
          ordered.get(FlowLimits.STEPS_MAX).spot(),
          "the flow has " + ordered.size() + " steps, " + FlowLimits.STEPS_MAX + " are allowed",
          "handlers count too; split the flow");
    }
  }

  private static String free(Label label, Map<String, Label> taken, Map<String, Integer> counts) {
    boolean kind = label.origin() == Label.Origin.KIND;
    if (!kind && !taken.containsKey(label.wanted())) {
      return label.wanted();
    }
    String key = label.origin() + " " + label.wanted();
    int number = counts.getOrDefault(key, kind ? 0 : 1);
    String id;
    do {
      number++;
      id = label.wanted() + "_" + number;
    } while (taken.containsKey(id));
    counts.put(key, number);
    return id;
  }
}
