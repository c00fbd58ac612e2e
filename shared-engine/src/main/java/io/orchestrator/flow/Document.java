package io.orchestrator.flow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML or JSON text as a tree with positions. Flows and adapter definitions are read through it.
 */
public record Document(Node root) {
  /**
   * Reads a text strictly: one document, text keys, no duplicates, tags, anchors, aliases, merge
   * keys or directives.
   *
   * @param problems takes what is wrong
   * @return null if the text cannot be read at all
   */
  public static Document read(String text, Problems problems) {
    if (text.length() > FlowLimits.TEXT_BYTES_MAX
        || text.getBytes(StandardCharsets.UTF_8).length > FlowLimits.TEXT_BYTES_MAX) {
      tooLarge(problems);
      return null;
    }
    Node root = new YamlReader(text, problems).document();
    return root == null ? null : new Document(root);
  }

  /**
   * The same from bytes, which must be well-formed UTF-8. They are counted before anything else
   * looks at them.
   */
  public static Document read(byte[] utf8, Problems problems) {
    if (utf8.length > FlowLimits.TEXT_BYTES_MAX) {
      tooLarge(problems);
      return null;
    }
    String text = new String(utf8, StandardCharsets.UTF_8);
    // Decoding replaces what is malformed, so encoding again gives other bytes from there on.
    int fault = Arrays.mismatch(utf8, text.getBytes(StandardCharsets.UTF_8));
    if (fault >= 0) {
      String before = new String(utf8, 0, fault, StandardCharsets.UTF_8);
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      int column = before.length() - before.lastIndexOf('\n');
      problems.error(
          Code.ENCODING, new Spot("", line, column), "the text is not well-formed UTF-8", "");
      return null;
    }
    return read(text, problems);
  }

  /** A tree from plain data, without lines and columns; pointers begin with the given one. */
  public static Document of(Object data, String pointer) {
    return new Document(node(data, pointer));
  }

  /** The whole tree as plain data. */
  public Object data() {
    return root.data();
  }

  private static Node node(Object data, String pointer) {
    Spot spot = new Spot(pointer, 0, 0);
    return switch (data) {
      case Map<?, ?> map -> {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        map.forEach(
            (key, value) -> {
              String below = Spot.child(pointer, (String) key);
              entries.put((String) key, new Node.Entry(new Spot(below, 0, 0), node(value, below)));
            });
        yield new Node.Mapping(spot, entries);
      }
      case List<?> list -> {
        List<Node> items = new ArrayList<>();
        for (Object item : list) {
          items.add(node(item, pointer + "/" + items.size()));
        }
        yield new Node.Sequence(spot, items);
      }
      case null, default -> new Node.Scalar(spot, data, Offsets.NONE);
    };
  }

  private static void tooLarge(Problems problems) {
    problems.error(
        Code.TOO_LARGE,
        Spot.START,
        "the text is larger than " + FlowLimits.TEXT_BYTES_MAX / 1024 + " KiB",
        "");
  }
}
