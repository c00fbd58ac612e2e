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
import static io.orchestrator.flow.Shapes.list;
import static io.orchestrator.flow.Shapes.map;
import static io.orchestrator.flow.Shapes.matching;
import static io.orchestrator.flow.Shapes.need;
import static io.orchestrator.flow.Shapes.oneOrMore;
import static io.orchestrator.flow.Shapes.only;
import static io.orchestrator.flow.Shapes.ref;
import static io.orchestrator.flow.Shapes.whole;
import static io.orchestrator.flow.Shapes.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The shape of every kind of step, a row for each way to write it. A new kind is a new row; a row
 * of which there is no reader yet is not part of the schema.
 */
final class KindTable {
  private static final Map<String, Object> STEPS = ref("steps");
  private static final Map<String, Object> CONDITION =
      map(need("if", EXPRESSION), need("then", STEPS), key("else", STEPS));
  private static final Map<String, Object> AWAIT_CALLBACK =
      map(need("callback", only(true)), key("timeout", SPAN));
  private static final Map<String, Object> ERROR_TYPE =
      either(matching(DataReaders.TYPE), Shapes.COMPUTED);
  static final Map<String, Object> EVENT = matching("[A-Za-z][A-Za-z0-9_.-]{0,99}");
  private static final Map<String, Object> TOLERATE =
      map(
          need(
              "tolerate",
              either(
                  whole(0, FlowLimits.ITEMS_MAX),
                  matching("(100(\\.0{1,3})?|0?[0-9]{1,2}(\\.[0-9]{1,3})?)%"))));
  private static final Map<String, Object> PEOPLE =
      oneOrMore(matching("(role|user):[^\\s,]{1,200}|[^$]*\\$.*"), 1);

  private KindTable() {}

  /**
   * A way to write a kind.
   *
   * @param value of the kind's key
   * @param options beside it
   * @param also what else must hold of the body
   * @param calls whether it calls an adapter, so that another can stand in
   */
  record Row(
      String kind,
      Map<String, Object> value,
      List<Shapes.Key> options,
      Map<String, Object> also,
      boolean calls) {
    private Row(String kind, Map<String, Object> value, Shapes.Key... options) {
      this(kind, value, List.of(options), Map.of(), false);
    }

    private Row calling() {
      return new Row(kind, value, options, also, true);
    }

    private Row where(Map<String, Object> holds) {
      return new Row(kind, value, options, holds, calls);
    }

    /** Whether it can stand without anything beside it. */
    boolean standsAlone() {
      return options.stream().noneMatch(Shapes.Key::needed) && !also.containsKey("anyOf");
    }
  }

  /** The rows of the kinds that can be read. */
  static List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    calls(rows);
    structures(rows);
    loops(rows);
    pauses(rows);
    data(rows);
    Values values = new Values(new Problems());
    StepsReader steps = new StepsReader(values, new Labels(values.problems()));
    Kinds kinds = new Kinds(values, steps.spans(), steps);
    rows.removeIf(row -> kinds.reader(row.kind()) == null);
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
    rows.add(
        new Row(
            "flow",
            matching(
                Words.NAME.pattern() + "(@[~^]?[0-9]{1,9}(\\.[0-9]{1,9}){0,2}(-[0-9A-Za-z.-]+)?)?"),
            key("input", ANY),
            key("mode", words(List.of("wait", "detach"))),
            key("on_cancel", words(List.of("cascade", "leave")))));
  }

  private static void structures(List<Row> rows) {
    Map<String, Object> complete =
        either(
            words(List.of("all", "any")), map(need("min", whole(1, Integer.MAX_VALUE))), TOLERATE);
    rows.add(
        new Row(
            "parallel",
            STEPS,
            key("complete", complete),
            key("concurrency", whole(1, FlowLimits.CONCURRENCY_MAX))));
    rows.add(new Row("if", EXPRESSION, need("then", STEPS), key("else", STEPS)));
    rows.add(new Row("if", CONDITION));
    rows.add(new Row("conditional", CONDITION));
    rows.add(new Row("do", STEPS, key("finally", STEPS)));
  }

  private static void loops(List<Row> rows) {
    rows.add(
        new Row(
            "foreach",
            TEXT,
            need("do", STEPS),
            key("as", Shapes.FREE_ID),
            key("concurrency", whole(1, FlowLimits.CONCURRENCY_MAX)),
            key("complete", either(only("all"), TOLERATE)),
            key("collect", ANY)));
    rows.add(
        new Row(
                "repeat",
                STEPS,
                key("until", EXPRESSION),
                key("every", SPAN),
                key("max", whole(1, FlowLimits.ROUNDS_MAX)))
            .where(
                either(Map.of("required", List.of("until")), Map.of("required", List.of("max")))));
  }

  private static void pauses(List<Row> rows) {
    rows.add(new Row("wait", either(SPAN, map(need("until", EXPRESSION)))));
    Map<String, Object> signal = map(need("signal", EVENT), key("timeout", SPAN));
    Map<String, Object> event =
        map(
            need("event", EVENT),
            key("key", EXPRESSION),
            key("match", EXPRESSION),
            key("buffer", either(Shapes.length(FlowLimits.EVENT_KEPT), Shapes.COMPUTED)),
            key("timeout", SPAN));
    rows.add(new Row("await", either(AWAIT_CALLBACK, signal, event)).where(once("await")));
    Map<String, Object> approve =
        map(
            need("title", TEXT),
            key("to", PEOPLE),
            key("options", options()),
            key("form", ref("input")),
            key("quorum", whole(1, FlowLimits.QUORUM_MAX)),
            key("remind", SPAN),
            key("escalate", map(need("after", SPAN), need("to", PEOPLE))),
            key("timeout", SPAN));
    rows.add(new Row("approve", approve).where(once("approve")));
  }

  private static Map<String, Object> options() {
    Map<String, Object> option = matching("[A-Za-z][A-Za-z0-9_-]{0,62}");
    Map<String, Object> list = list(option, 1);
    list.put("uniqueItems", true);
    return either(option, list);
  }

  /** A wait says only once how long it waits: in its own map or as the step's timeout. */
  private static Map<String, Object> once(String kind) {
    Map<String, Object> inner = Map.of("type", "object", "required", List.of("timeout"));
    return Map.of("not", Map.of("required", List.of("timeout"), "properties", Map.of(kind, inner)));
  }

  private static void data(List<Row> rows) {
    rows.add(new Row("set", Shapes.mapOf(ID, ANY, 1)));
    Map<String, Object> nothingToUndo = Map.of("not", Map.of("required", List.of("compensate")));
    rows.add(new Row("return", ANY).where(nothingToUndo));
    rows.add(
        new Row(
                "raise",
                map(
                    need("type", ERROR_TYPE),
                    key("message", ANY),
                    key("retryable", either(TRUTH, TEXT)),
                    key("data", ANY)))
            .where(nothingToUndo));
    rows.add(new Row("assert", EXPRESSION, key("message", TEXT)));
    rows.add(
        new Row(
            "emit",
            map(need("type", either(EVENT, Shapes.FILLED)), key("key", ANY), key("data", ANY))));
    Map<String, Object> choices = list(map(need("when", EXPRESSION), need("steps", STEPS)), 1);
    rows.add(
        new Row(
            "switch",
            EXPRESSION,
            need("cases", Shapes.mapOf(TEXT, STEPS, 1)),
            key("default", STEPS)));
    rows.add(new Row("switch", choices, key("default", STEPS)));
  }

  /** The keys that every step may have. */
  static List<Shapes.Key> common() {
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
  static List<Shapes.Key> ofCalls() {
    return List.of(key("fallback", oneOrMore(NAME, 1)));
  }
}
