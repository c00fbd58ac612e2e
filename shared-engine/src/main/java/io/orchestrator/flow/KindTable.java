package io.orchestrator.flow;

import static io.orchestrator.flow.Shapes.ANY;
import static io.orchestrator.flow.Shapes.EXPRESSION;
import static io.orchestrator.flow.Shapes.FILLED_MAP;
import static io.orchestrator.flow.Shapes.ID;
import static io.orchestrator.flow.Shapes.NAME;
import static io.orchestrator.flow.Shapes.SPAN;
import static io.orchestrator.flow.Shapes.TEXT;
import static io.orchestrator.flow.Shapes.TRUTH;
import static io.orchestrator.flow.Shapes.either;
import static io.orchestrator.flow.Shapes.key;
import static io.orchestrator.flow.Shapes.map;
import static io.orchestrator.flow.Shapes.need;
import static io.orchestrator.flow.Shapes.only;
import static io.orchestrator.flow.Shapes.ref;
import static io.orchestrator.flow.Shapes.words;

import io.orchestrator.flow.Shapes.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The shape of every kind of step, a row for each way to write it. A new kind is a new row. */
final class KindTable {
  private static final Map<String, Object> CONDITION =
      map(need("if", EXPRESSION), need("then", ref("steps")), key("else", ref("steps")));
  private static final Map<String, Object> AWAIT_CALLBACK =
      map(need("callback", only(true)), key("timeout", SPAN));
  private static final Map<String, Object> ERROR_TYPE =
      either(
          Shapes.matching(DataReaders.TYPE),
          Shapes.matching(Pattern.compile("\\$.*", Pattern.DOTALL)));

  private KindTable() {}

  /**
   * A way to write a kind.
   *
   * @param value of the kind's key
   * @param options beside it
   * @param calls whether it calls an adapter, so that another can stand in
   */
  record Row(String kind, Map<String, Object> value, List<Key> options, boolean calls) {
    private Row(String kind, Map<String, Object> value, Key... options) {
      this(kind, value, List.of(options), false);
    }

    private Row calling() {
      return new Row(kind, value, options, true);
    }

    /** Whether its value may say how long it waits. */
    boolean pauses() {
      return kind.equals("await") || kind.equals("approve");
    }

    /** Whether it can stand without options. */
    boolean standsAlone() {
      return options.stream().noneMatch(Key::needed);
    }
  }

  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    calls(rows);
    structures(rows);
    pauses(rows);
    data(rows);
    return rows;
  }

  private static void calls(List<Row> rows) {
    rows.add(
        new Row(
                "adapter",
                NAME,
                key("action", NAME),
                key("params", FILLED_MAP),
                key("await", AWAIT_CALLBACK))
            .calling());
    rows.add(new Row("use", NAME, key("with", FILLED_MAP)).calling());
  }

  private static void structures(List<Row> rows) {
    rows.add(new Row("parallel", ref("steps"), key("complete", only("all"))));
    rows.add(
        new Row("if", EXPRESSION, need("then", ref("steps")), key("else", ref("steps"))));
    rows.add(new Row("if", CONDITION));
    rows.add(new Row("conditional", CONDITION));
    rows.add(new Row("do", ref("steps")));
  }

  private static void pauses(List<Row> rows) {
    rows.add(new Row("wait", either(SPAN, map(need("until", EXPRESSION)))));
    rows.add(new Row("await", AWAIT_CALLBACK));
  }

  private static void data(List<Row> rows) {
    rows.add(new Row("set", Shapes.mapOf(ID, ANY, 1)));
    rows.add(new Row("return", ANY));
    rows.add(
        new Row(
            "raise",
            map(
                need("type", ERROR_TYPE),
                key("message", ANY),
                key("retryable", either(TRUTH, TEXT)),
                key("data", ANY))));
  }

  /** The keys that every step may have. */
  static List<Key> common() {
    return List.of(
        key("when", EXPRESSION),
        key("timeout", SPAN),
        key("deadline", SPAN),
        key("retry", ref("retry")),
        key("on_error", ref("handlers")),
        key("output", ANY),
        key("idempotency_key", ANY),
        key("delivery", words(OptionsReader.Delivery.class)),
        key("compensate", ref("body")),
        key("mask", ref("mask")),
        key("disabled", TRUTH),
        key("description", TEXT));
  }

  /** The keys that a step which calls an adapter may have beside. */
  static List<Key> ofCalls() {
    return List.of(key("fallback", Shapes.oneOrMore(NAME, 1)));
  }
}
