package io.orchestrator.flow;

import static io.orchestrator.flow.Shapes.ANY;
import static io.orchestrator.flow.Shapes.DURATION;
import static io.orchestrator.flow.Shapes.TEXT;
import static io.orchestrator.flow.Shapes.TRUTH;
import static io.orchestrator.flow.Shapes.either;
import static io.orchestrator.flow.Shapes.key;
import static io.orchestrator.flow.Shapes.list;
import static io.orchestrator.flow.Shapes.map;
import static io.orchestrator.flow.Shapes.need;
import static io.orchestrator.flow.Shapes.oneOrMore;
import static io.orchestrator.flow.Shapes.ref;
import static io.orchestrator.flow.Shapes.whole;
import static io.orchestrator.flow.Shapes.words;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shape of the tests of a flow, as {@link TestsReader} takes them. */
final class TestShape {
  private static final Map<String, Object> OBJECT = Map.of("type", "object");

  private TestShape() {}

  /** Adds the definitions; {@code test} is the one that others refer to. */
  static void define(Map<String, Object> defs) {
    defs.put("test", test());
    defs.put("expect", expect());
    defs.put("answers", answers());
    defs.put("answer", answer());
    defs.put("fault", fault());
  }

  private static Map<String, Object> test() {
    return map(
        key("name", TEXT),
        key("input", ANY),
        key("trigger", OBJECT),
        key("start", Map.of("type", "string", "pattern", TestsReader.START.pattern())),
        key("mocks", anyNames(ref("answers"))),
        key(
            "signals",
            oneOrMore(map(need("name", TEXT), key("data", ANY), key("at", DURATION)), 0)),
        key(
            "events",
            oneOrMore(
                map(need("type", TEXT), key("key", ANY), key("data", ANY), key("at", DURATION)),
                0)),
        key("cancel", map(key("reason", TEXT), key("at", DURATION))),
        need("expect", ref("expect")));
  }

  private static Map<String, Object> expect() {
    List<Shapes.Key> ofStep = ExpectReader.OF_STEP.stream().map(field -> key(field, ANY)).toList();
    Map<String, Object> expect =
        map(
            key("status", words(ExpectReader.STATUSES)),
            key("handled", TRUTH),
            key("path", oneOrMore(TEXT, 0)),
            key("never", oneOrMore(TEXT, 0)),
            key("attempts", anyNames(whole(0, ExpectReader.COUNT_MAX))),
            key("output", ANY),
            key("error", ANY),
            key("vars", ANY),
            key("duration", either(DURATION, map(key("min", DURATION), key("max", DURATION)))),
            key("emitted", ANY),
            key("steps", anyNames(map(ofStep))));
    expect.put("minProperties", 1L);
    return expect;
  }

  /** A list is one answer for each attempt, anything else is the answer to all of them. */
  private static Map<String, Object> answers() {
    return when(Map.of("type", "array"), list(ref("answer"), 1), ref("answer"));
  }

  /** A map that looks like one of the forms must be one; any other data is the value itself. */
  private static Map<String, Object> answer() {
    Map<String, Object> error = only("error", "$after");
    Map<String, Object> unanswered = only("unanswered");
    Map<String, Object> written =
        either(required("$value"), required("$output"), required("$after"));
    Map<String, Object> form =
        when(
            required(AnswerReader.ADAPTERS),
            map(need(AnswerReader.ADAPTERS, anyNames(ref("answer")))),
            when(
                error,
                properties(Map.of("error", ref("fault"), "$after", DURATION)),
                when(
                    unanswered,
                    properties(Map.of("unanswered", TRUTH)),
                    when(written, written(), when(told(), properties(toldAs()), ANY)))));
    return when(OBJECT, form, ANY);
  }

  private static Map<String, Object> written() {
    Map<String, Object> written =
        map(key("$after", DURATION), key("$value", ANY), key("$output", ANY));
    written.putAll(either(List.of(required("$value"), required("$output"))));
    return written;
  }

  private static Map<String, Object> told() {
    return either(
        AnswerReader.TOLD.stream().sorted().map(told -> only(told, "after", "call")).toList());
  }

  private static Map<String, Object> toldAs() {
    Map<String, Object> failure = only("error");
    Map<String, Object> body = when(failure, properties(Map.of("error", ref("fault"))), ANY);
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("after", DURATION);
    AnswerReader.TOLD.stream().sorted().forEach(told -> keys.put(told, body));
    return keys;
  }

  private static Map<String, Object> fault() {
    return either(
        Map.of("type", "string", "pattern", "\\S"),
        map(
            need("type", TEXT),
            key("message", TEXT),
            key("status", whole(100, 599)),
            key("retryable", TRUTH),
            key("data", ANY),
            key("retry_after", DURATION)));
  }

  /** A map that has the first of these keys and no other than these. */
  private static Map<String, Object> only(String first, String... others) {
    List<String> names = new ArrayList<>(List.of(first));
    names.addAll(List.of(others));
    Map<String, Object> only = new LinkedHashMap<>();
    only.put("type", "object");
    only.put("required", List.of(first));
    only.put("propertyNames", words(names));
    return only;
  }

  private static Map<String, Object> required(String key) {
    return Map.of("required", List.of(key));
  }

  private static Map<String, Object> properties(Map<String, Object> properties) {
    return Map.of("properties", properties);
  }

  private static Map<String, Object> when(
      Map<String, Object> holds, Map<String, Object> then, Map<String, Object> otherwise) {
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("if", holds);
    choice.put("then", then);
    choice.put("else", otherwise);
    return choice;
  }

  private static Map<String, Object> anyNames(Map<String, Object> values) {
    return Map.of("type", "object", "additionalProperties", values);
  }
}
