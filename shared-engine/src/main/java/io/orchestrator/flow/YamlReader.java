package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one text by YAML's core schema, of which it refuses everything that says the same thing in
 * a hidden way.
 */
final class YamlReader {
  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setLabel("text")
          .setCodePointLimit(FlowLimits.TEXT_BYTES_MAX + 1)
          .build();

  private final String text;
  private final Problems problems;
  private final int points;
  private final boolean onlyPlainPoints;
  private Iterator<Event> events;

  YamlReader(String text, Problems problems) {
    this.text = text;
    this.problems = problems;
    this.points = text.codePointCount(0, text.length());
    this.onlyPlainPoints = points == text.length();
  }

  /** The root, null if the text cannot be read. */
  Node document() {
    try {
      events = new Parse(SETTINGS).parseString(text).iterator();
      return first();
    } catch (Unreadable e) {
      problems.error(e.code, e.spot, e.getMessage(), e.hint);
    } catch (MarkedYamlEngineException e) {
      explain(e);
    } catch (ReaderException e) {
      problems.error(
          Code.ENCODING,
          place(e.getPosition()),
          "the text holds a character that YAML does not allow",
          "");
    } catch (YamlEngineException e) {
      problems.error(Code.SYNTAX, Spot.START, "the text is not YAML", "");
    }
    return null;
  }

  private Node first() {
    Event event = skipTo(Event.ID.DocumentStart);
    if (event == null) {
      throw new Unreadable(Code.EMPTY, Spot.START, "the text is empty", "");
    }
    refuseDirectives((DocumentStartEvent) event);
    Node root = node(events.next(), "", 1);
    Event second = skipTo(Event.ID.DocumentStart);
    if (second != null) {
      problems.error(
          Code.SECOND_DOCUMENT,
          spot("", second),
          "the text holds a second document",
          "one flow is one file");
    }
    return root;
  }

  private Event skipTo(Event.ID id) {
    while (events.hasNext()) {
      Event event = events.next();
      if (event.getEventId() == id) {
        return event;
      }
    }
    return null;
  }

  private void refuseDirectives(DocumentStartEvent start) {
    // The parser reports the two standard tag handles of a document without directives as well.
    boolean tags =
        start.getTags().keySet().stream()
            .anyMatch(handle -> !handle.equals("!") && !handle.equals("!!"));
    if (start.getSpecVersion().isPresent() || tags) {
      problems.error(
          Code.DIRECTIVE,
          spot("", start),
          "YAML directives are not allowed",
          "remove the line with %");
    }
  }

  private Node node(Event event, String pointer, int depth) {
    Spot spot = spot(pointer, event);
    if (event instanceof AliasEvent alias) {
      throw new Unreadable(
          Code.ANCHOR,
          spot,
          "the alias *" + alias.getAlias() + " is not allowed",
          "write the value out, or quote it");
    }
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      problems.error(
          Code.ANCHOR,
          spot,
          "the anchor &" + node.getAnchor().get().getValue() + " is not allowed",
          "remove it");
    }
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar, spot);
    }
    if (depth > FlowLimits.DEPTH_MAX) {
      throw new Unreadable(
          Code.TOO_DEEP,
          spot,
          "maps and lists are nested more than " + FlowLimits.DEPTH_MAX + " deep",
          "");
    }
    if (event instanceof CollectionStartEvent collection && collection.getTag().isPresent()) {
      refuseTag(collection.getTag().get(), "", spot);
    }
    return event instanceof SequenceStartEvent ? sequence(spot, depth) : mapping(spot, depth);
  }

  private Node sequence(Spot spot, int depth) {
    List<Node> items = new ArrayList<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.SequenceEnd;
        next = events.next()) {
      items.add(node(next, spot.pointer() + "/" + items.size(), depth + 1));
    }
    return new Node.Sequence(spot, items);
  }

  private Node mapping(Spot spot, int depth) {
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    for (Event next = events.next();
        next.getEventId() != Event.ID.MappingEnd;
        next = events.next()) {
      Node key = node(next, spot.pointer(), depth + 1);
      String name =
          key instanceof Node.Scalar scalar && scalar.value() instanceof String string
              ? string
              : null;
      boolean merge = "<<".equals(name) && ((ScalarEvent) next).isPlain();
      String pointer = name == null ? spot.pointer() : Spot.child(spot.pointer(), name);
      Spot at = spot(pointer, next);
      Event content = events.next();
      Node value = node(content, pointer, depth + 1);
      if (name == null) {
        problems.error(
            Code.KEY_NOT_TEXT, at, "a key must be a text, this is " + key.described(), "quote it");
      } else if (merge) {
        problems.error(Code.MERGE_KEY, at, "the merge key << is not allowed", "write the keys out");
      } else if (entries.containsKey(name)) {
        int line = entries.get(name).spot().line();
        problems.error(
            Code.DUPLICATE_KEY, at, "the key '" + name + "' is there already, on line " + line, "");
      } else {
        boolean version = spot.pointer().isEmpty() && name.equals("version");
        entries.put(name, new Node.Entry(at, version ? asText(value, content) : value));
      }
    }
    return new Node.Mapping(spot, entries);
  }

  /** A version is a text however it looks: 1.10 is not 1.1. */
  private static Node asText(Node version, Event event) {
    return version instanceof Node.Scalar scalar && scalar.value() instanceof Number
        ? new Node.Scalar(version.spot(), ((ScalarEvent) event).getValue(), Offsets.NONE)
        : version;
  }

  private Node scalar(ScalarEvent event, Spot spot) {
    String value = event.getValue();
    if (event.getTag().isPresent()) {
      refuseTag(event.getTag().get(), value, spot);
      // What was probably meant goes on, so that nothing else is told of the same text.
      String tag = event.getTag().get();
      boolean negation = tag.startsWith("!") && tag.length() > 1;
      return new Node.Scalar(
          spot, negation ? "not " + (tag.substring(1) + " " + value).strip() : value, Offsets.NONE);
    }
    refuseBrokenCharacters(value, spot);
    Offsets offsets = offsets(event, spot);
    if (!event.isPlain()) {
      return new Node.Scalar(spot, value, offsets);
    }
    Object plain;
    try {
      plain = CoreScalars.read(value);
    } catch (ArithmeticException e) {
      problems.error(Code.NUMBER, spot, e.getMessage(), "quote it if it is a text");
      plain = value;
    }
    return new Node.Scalar(spot, plain, offsets);
  }

  private Offsets offsets(ScalarEvent event, Spot spot) {
    if (event.getStartMark().isEmpty() || event.getEndMark().isEmpty()) {
      return Offsets.NONE;
    }
    Offsets.Style style =
        event.isLiteral() || event.isFolded()
            ? Offsets.Style.BLOCK
            : event.isPlain()
                ? Offsets.Style.PLAIN
                : event.isDQuoted() ? Offsets.Style.DOUBLE : Offsets.Style.SINGLE;
    int start = index(event.getStartMark().get());
    int end = index(event.getEndMark().get());
    return Offsets.of(new Offsets.Written(text, start, end, style, event.getValue(), spot));
  }

  /** The place of a mark, which counts code points. */
  private int index(Mark mark) {
    return onlyPlainPoints
        ? Math.min(mark.getIndex(), text.length())
        : text.offsetByCodePoints(0, Math.min(mark.getIndex(), points));
  }

  private void refuseBrokenCharacters(String value, Spot spot) {
    for (int i = 0; i < value.length(); i++) {
      int c = value.codePointAt(i);
      if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        String what = c == 0 ? "NUL" : "half a surrogate pair";
        problems.error(Code.ENCODING, spot, "a text must not hold " + what, "");
        return;
      }
      i += Character.charCount(c) - 1;
    }
  }

  private void refuseTag(String tag, String value, Spot spot) {
    problems.error(
        Code.TAG,
        spot,
        "YAML reads " + tag + " as a tag, and tags are not allowed",
        tagHint(tag, value));
  }

  private static String tagHint(String tag, String value) {
    if (!tag.startsWith("!") || tag.startsWith("!!") || tag.length() == 1) {
      return tag.equals("!") && !value.isEmpty()
          ? "write `not " + value + "`"
          : "quote the text or remove the tag";
    }
    return "write `not " + (tag.substring(1) + " " + value).strip() + "`";
  }

  private void explain(MarkedYamlEngineException e) {
    Optional<Mark> at = e.getProblemMark();
    String context = e.getContext() == null ? "" : e.getContext();
    if (context.contains("tag") && text.indexOf('!') >= 0) {
      Mark start = e.getContextMark().or(() -> at).orElseThrow();
      String tag = tagAt(start);
      if (!tag.isEmpty()) {
        refuseTag(tag, "", spot("", start));
        return;
      }
    }
    if (context.contains("directive") || text.startsWith("%")) {
      problems.error(
          Code.DIRECTIVE,
          spot("", at),
          "YAML directives are not allowed",
          "remove the line with %");
      return;
    }
    String message = (context.isEmpty() ? "" : context + ": ") + e.getProblem();
    problems.error(Code.SYNTAX, spot("", at), message, syntaxHint(context, e.getProblem()));
  }

  private String tagAt(Mark mark) {
    int start =
        text.offsetByCodePoints(
            0, Math.min(mark.getIndex(), text.codePointCount(0, text.length())));
    int end = start;
    while (end < text.length() && ",]}\n\r".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String tag = text.substring(start, end).strip();
    return tag.startsWith("!") ? tag : "";
  }

  private static String syntaxHint(String context, String problem) {
    if (context.contains("alias") || context.contains("anchor")) {
      return "put a text with * or & in quotes: 'input.orders[*].id'";
    }
    boolean open = problem.contains("stream end");
    if (!open && (context.contains("flow sequence") || context.contains("flow mapping"))) {
      return "put a text with [, ], {, } or a comma in quotes";
    }
    if (problem.contains("mapping values are not allowed")) {
      return "quote a text that holds `: `";
    }
    return problem.contains("cannot start any token")
        ? "quote the text; indent with spaces, not tabs"
        : "";
  }

  private Spot place(int index) {
    int end = text.offsetByCodePoints(0, Math.min(index, text.codePointCount(0, text.length())));
    String before = text.substring(0, end);
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Spot("", line, before.length() - before.lastIndexOf('\n'));
  }

  private static Spot spot(String pointer, Event event) {
    return spot(pointer, event.getStartMark());
  }

  private static Spot spot(String pointer, Optional<Mark> mark) {
    return mark.map(at -> spot(pointer, at)).orElse(new Spot(pointer, 0, 0));
  }

  private static Spot spot(String pointer, Mark mark) {
    return new Spot(pointer, mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Ends the reading of a text of which nothing more can be said. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Code code;
    private final transient Spot spot;
    private final String hint;

    Unreadable(Code code, Spot spot, String message, String hint) {
      super(message, null, false, false);
      this.code = code;
      this.spot = spot;
      this.hint = hint;
    }
  }
}
