package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A part of a document with its place in the text. */
public sealed interface Node {
  /** Where its text begins. */
  Spot spot();

  /** The same as plain data. */
  Object data();

  /** What to call it in a message. */
  String described();

  /** A map; the entries keep the order of the text. */
  record Mapping(Spot spot, Map<String, Entry> entries) implements Node {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** The value of a key, null if it is not there. */
    public Node get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    @Override
    public Object data() {
      Map<String, Object> data = new LinkedHashMap<>();
      entries.forEach((key, entry) -> data.put(key, entry.value().data()));
      return data;
    }

    @Override
    public String described() {
      return "a map";
    }
  }

  /** A key with its value. {@code spot} is the key's line and column under the value's pointer. */
  record Entry(Spot spot, Node value) {}

  /** A list. */
  record Sequence(Spot spot, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public Object data() {
      List<Object> data = new ArrayList<>(items.size());
      items.forEach(item -> data.add(item.data()));
      return data;
    }

    @Override
    public String described() {
      return "a list";
    }
  }

  /**
   * A single value.
   *
   * @param value null, Boolean, String, Long or BigDecimal
   * @param offsets where its characters stand
   */
  record Scalar(Spot spot, Object value, Offsets offsets) implements Node {
    @Override
    public Object data() {
      return value;
    }

    /** The place of one of its characters. */
    public Spot at(int offset) {
      return offsets.at(offset, spot);
    }

    @Override
    public String described() {
      return switch (value) {
        case null -> "nothing";
        case String text ->
            "the text '" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "'";
        default -> value.toString();
      };
    }
  }
}
