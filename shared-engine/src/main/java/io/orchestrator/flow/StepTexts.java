package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A flow's text taken apart: each step without those inside it, and what is left of the rest. */
public record StepTexts(Map<String, Step> steps, Map<String, Object> settings) {
  /**
   * A step.
   *
   * @param parent the step that holds it; empty on top
   * @param block pointer of the list that it is in, with ids instead of numbers
   * @param pointer of its text
   * @param data what it says, without the steps inside it
   */
  public record Step(String parent, String block, String pointer, int line, Object data) {}

  /** Null if the document is no flow. */
  public static StepTexts of(Document document) {
    Flow flow = FlowReader.read(document, new Problems());
    return flow == null ? null : new Taking(flow).apart(document.root());
  }

  /** Finds the steps of a flow in its text. */
  private static final class Taking {
    private final Map<String, Syntax.Step> byItem = new HashMap<>();
    private final Map<String, Step> steps = new LinkedHashMap<>();

    Taking(Flow flow) {
      block(flow.steps());
      flow.define().values().forEach(this::inside);
      handlers(flow.onError());
      block(flow.terms().onCancel());
      block(flow.terms().atEnd());
    }

    private void block(List<Syntax.Step> block) {
      for (Syntax.Step step : block) {
        byItem.put(item(step.spot().pointer()), step);
        inside(step.body());
      }
    }

    private void inside(Syntax.Body body) {
      body.kind().blocks().forEach(this::block);
      handlers(body.options().onError());
    }

    private void handlers(Syntax.Handling handling) {
      if (handling != null) {
        handling.clauses().forEach(clause -> block(clause.steps()));
      }
    }

    /** A step's place is that of its name, which may be a key inside the item of the list. */
    private static String item(String pointer) {
      int last = pointer.lastIndexOf('/');
      return pointer.substring(last + 1).matches("[0-9]+") ? pointer : pointer.substring(0, last);
    }

    StepTexts apart(Node root) {
      Map<String, Object> settings = new LinkedHashMap<>();
      if (own(root, "", "") instanceof Map<?, ?> map) {
        map.forEach((key, value) -> settings.put((String) key, value));
      }
      return new StepTexts(steps, settings);
    }

    /** The data of a node without the lists of steps in it, which are gone through on the way. */
    private Object own(Node node, String parent, String block) {
      return switch (node) {
        case Node.Scalar scalar -> scalar.value();
        case Node.Sequence list -> {
          List<Object> items = new ArrayList<>();
          for (Node item : list.items()) {
            items.add(own(item, parent, block + "/" + items.size()));
          }
          yield items;
        }
        case Node.Mapping map -> {
          Map<String, Object> data = new LinkedHashMap<>();
          map.entries()
              .forEach(
                  (key, entry) -> {
                    String below = block + "/" + key;
                    if (isBlock(entry.value())) {
                      each((Node.Sequence) entry.value(), parent, below);
                    } else {
                      data.put(key, own(entry.value(), parent, below));
                    }
                  });
          yield data;
        }
      };
    }

    private boolean isBlock(Node node) {
      return node instanceof Node.Sequence list
          && !list.items().isEmpty()
          && list.items().stream().allMatch(item -> byItem.containsKey(item.spot().pointer()));
    }

    private void each(Node.Sequence block, String parent, String pointer) {
      for (Node item : block.items()) {
        Syntax.Step step = byItem.get(item.spot().pointer());
        Spot spot = step.spot();
        // Before those inside it, so that steps come in the order of the text.
        steps.put(step.id(), new Step(parent, pointer, spot.pointer(), spot.line(), null));
        Object data = own(item, step.id(), step.id());
        steps.put(step.id(), new Step(parent, pointer, spot.pointer(), spot.line(), data));
      }
    }
  }
}
