package io.orchestrator.flow;

import static io.orchestrator.flow.Shapes.ANY;
import static io.orchestrator.flow.Shapes.DELAY;
import static io.orchestrator.flow.Shapes.EXPRESSION;
import static io.orchestrator.flow.Shapes.ID;
import static io.orchestrator.flow.Shapes.NAME;
import static io.orchestrator.flow.Shapes.SPAN;
import static io.orchestrator.flow.Shapes.TEXT;
import static io.orchestrator.flow.Shapes.either;
import static io.orchestrator.flow.Shapes.key;
import static io.orchestrator.flow.Shapes.list;
import static io.orchestrator.flow.Shapes.map;
import static io.orchestrator.flow.Shapes.matching;
import static io.orchestrator.flow.Shapes.need;
import static io.orchestrator.flow.Shapes.oneOrMore;
import static io.orchestrator.flow.Shapes.ref;
import static io.orchestrator.flow.Shapes.whole;
import static io.orchestrator.flow.Shapes.words;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The JSON Schema (2020-12) of the language, made of the tables that its reader goes by. It accepts
 * what the reader accepts and refuses what the reader calls structural; what a flow means is beyond
 * it.
 */
public final class LanguageSchema {
  private LanguageSchema() {}

  /** The schema as plain data. */
  public static Map<String, Object> data() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", InputSchema.DIALECT);
    schema.put("title", "Orchestrator flow");
    schema.put(
        "description",
        "A flow as YAML or JSON. Expressions and references are checked at publish.");
    schema.putAll(flow());
    Map<String, Object> defs = new LinkedHashMap<>();
    defs.put("steps", list(ref("step"), 1));
    defs.put("step", step());
    defs.put("body", body());
    defs.put("handlers", handlers());
    defs.put("types", types());
    defs.put("retry", retry());
    defs.put("mask", oneOrMore(matching(MaskPath.SHAPE), 0));
    defs.put("trigger", TriggerTable.trigger());
    SchemaShape.define(defs);
    TestShape.define(defs);
    schema.put("$defs", defs);
    return schema;
  }

  private static Map<String, Object> flow() {
    Map<String, Object> flow =
        map(
            need("flow", NAME),
            key("version", version()),
            key("title", TEXT),
            key("description", TEXT),
            key("category", TEXT),
            key("tags", oneOrMore(TEXT, 0)),
            key("owner", TEXT),
            key("trigger", either(words(List.of("webhook.received")), ref("trigger"))),
            key("triggers", list(ref("trigger"), 1)),
            key("input", ref("input")),
            key("vars", Shapes.mapOf(ID, ANY, 1)),
            key("define", Shapes.mapOf(NAME, ref("body"), 0)),
            need("steps", ref("steps")),
            key("output", ANY),
            key("on_error", ref("handlers")),
            key("on_cancel", either(ref("steps"), afterCancel())),
            key("finally", ref("steps")),
            key("timeout", SPAN),
            key("concurrency", concurrency()),
            key("idempotency", map(need("key", EXPRESSION), key("ttl", SPAN))),
            key("search", search()),
            key("budget", budget()),
            key("mask", ref("mask")),
            key("tests", list(ref("test"), 0)));
    flow.put("not", Map.of("required", List.of("trigger", "triggers")));
    return flow;
  }

  private static Map<String, Object> version() {
    Map<String, Object> version = new LinkedHashMap<>(matching(Semver.VERSION));
    version.put("maxLength", (long) Semver.CHARACTERS_MAX);
    return version;
  }

  private static Map<String, Object> afterCancel() {
    Map<String, Object> after =
        map(key("steps", ref("steps")), key("then", words(TermsReader.AfterCancel.class)));
    after.put("minProperties", 1L);
    return after;
  }

  private static Map<String, Object> concurrency() {
    return map(
        need("limit", whole(1, FlowLimits.CONCURRENT_EXECUTIONS_MAX)),
        key("key", EXPRESSION),
        key("on_limit", words(Concurrency.OnLimit.class)));
  }

  private static Map<String, Object> search() {
    Map<String, Object> search = Shapes.mapOf(ID, EXPRESSION, 0);
    search.put("maxProperties", (long) FlowLimits.SEARCH_MAX);
    return search;
  }

  private static Map<String, Object> budget() {
    return map(
        key("steps", whole(1, Long.MAX_VALUE)),
        key("transitions", whole(1, FlowLimits.TRANSITIONS_MAX)),
        key("tokens", whole(1, Long.MAX_VALUE)),
        key("cost", Map.of("type", "number", "exclusiveMinimum", 0L)),
        key("on_exceed", words(TermsReader.OnExceed.class)));
  }

  /** A name, a kind that stands alone, or an id with a body. */
  private static Map<String, Object> step() {
    Map<String, List<Map<String, Object>>> alone = new LinkedHashMap<>();
    KindTable.rows().stream()
        .filter(KindTable.Row::standsAlone)
        .forEach(row -> alone.computeIfAbsent(row.kind(), _ -> new ArrayList<>()).add(row.value()));
    Map<String, Object> kinds = new LinkedHashMap<>();
    alone.forEach(
        (kind, values) -> kinds.put(kind, values.size() == 1 ? values.getFirst() : either(values)));
    TreeSet<String> reserved = new TreeSet<>(Words.RESERVED);
    reserved.removeAll(kinds.keySet());
    Map<String, Object> step = new LinkedHashMap<>();
    step.put("type", "object");
    step.put("minProperties", 1L);
    step.put("maxProperties", 1L);
    step.put("properties", kinds);
    step.put("propertyNames", Map.of("pattern", ID.get("pattern"), "not", words(reserved)));
    step.put("additionalProperties", ref("body"));
    Map<String, Object> bare = new LinkedHashMap<>(matching(bareName()));
    bare.put("not", words(new TreeSet<>(Words.RESERVED)));
    return either(bare, step);
  }

  private static String bareName() {
    return "(?:%1$s)(?:\\.%1$s)?".formatted(Words.NAME.pattern());
  }

  private static Map<String, Object> body() {
    List<Map<String, Object>> shapes = new ArrayList<>();
    shapes.add(matching(bareName()));
    for (KindTable.Row row : KindTable.rows()) {
      Map<String, Shapes.Key> keys = new LinkedHashMap<>();
      keys.put(row.kind(), need(row.kind(), row.value()));
      row.options().forEach(option -> keys.put(option.name(), option));
      KindTable.common().forEach(option -> keys.putIfAbsent(option.name(), option));
      if (row.calls()) {
        KindTable.ofCalls().forEach(option -> keys.putIfAbsent(option.name(), option));
      }
      Map<String, Object> shape = map(keys.values());
      shape.putAll(row.also());
      shapes.add(shape);
    }
    return either(shapes);
  }

  private static Map<String, Object> handlers() {
    Map<String, Object> then = words(Handlers.Then.class);
    Map<String, Object> one = map(need("steps", ref("steps")), key("then", then));
    Map<String, Object> clause =
        map(
            need("catch", ref("types")),
            key("when", EXPRESSION),
            need("steps", ref("steps")),
            key("then", then));
    return either(ref("steps"), one, list(clause, 1));
  }

  private static Map<String, Object> types() {
    return oneOrMore(either(words(Words.ERROR_TYPES), matching(HandlersReader.TYPE)), 0);
  }

  private static Map<String, Object> retry() {
    Map<String, Object> factor = Map.of("type", "number", "minimum", 1L, "maximum", 100L);
    return map(
        key("attempts", whole(1, FlowLimits.ATTEMPTS_MAX)),
        key("backoff", either(words(Retry.Backoff.class), list(DELAY, 1))),
        key("delay", DELAY),
        key("factor", factor),
        key("max_delay", DELAY),
        key("jitter", words(Retry.Jitter.class)),
        key("only", ref("types")),
        key("except", ref("types")),
        key("when", EXPRESSION));
  }
}
