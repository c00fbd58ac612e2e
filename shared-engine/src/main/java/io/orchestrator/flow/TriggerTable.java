package io.orchestrator.flow;

import static io.orchestrator.flow.Shapes.ANY;
import static io.orchestrator.flow.Shapes.EXPRESSION;
import static io.orchestrator.flow.Shapes.NAME;
import static io.orchestrator.flow.Shapes.TEXT;
import static io.orchestrator.flow.Shapes.either;
import static io.orchestrator.flow.Shapes.key;
import static io.orchestrator.flow.Shapes.map;
import static io.orchestrator.flow.Shapes.matching;
import static io.orchestrator.flow.Shapes.need;
import static io.orchestrator.flow.Shapes.oneOrMore;
import static io.orchestrator.flow.Shapes.words;

import java.util.LinkedHashMap;
import java.util.Map;

/** The shape of every trigger. */
final class TriggerTable {
  private static final String FIVE_FIELDS = "\\s*\\S+(?:\\s+\\S+){4}\\s*";

  private TriggerTable() {}

  static Map<String, Object> trigger() {
    return single(
        map(
            key("webhook", webhook()),
            key("schedule", schedule()),
            key("event", event()),
            key("completed", completed())));
  }

  private static Map<String, Object> webhook() {
    Map<String, Object> path = new LinkedHashMap<>(matching(TriggerReader.PATH));
    path.put("maxLength", 200L);
    return map(
        key("path", path),
        key("verify", VerifyTable.verify()),
        key("filter", EXPRESSION),
        key("dedupe", EXPRESSION),
        key("input", ANY),
        key(
            "respond",
            either(
                words(TriggerReader.Respond.class),
                map(need("sync", Shapes.length(FlowLimits.RESPOND_MAX))))));
  }

  private static Map<String, Object> schedule() {
    return map(
        need("cron", matching(FIVE_FIELDS)),
        key("timezone", TEXT),
        key("overlap", words(Trigger.Overlap.class)),
        key("catchup", words(Trigger.Catchup.class)),
        key("input", ANY));
  }

  private static Map<String, Object> event() {
    return map(need("type", KindTable.EVENT), key("filter", EXPRESSION), key("input", ANY));
  }

  private static Map<String, Object> completed() {
    return map(
        need("flow", NAME),
        key("status", oneOrMore(words(TriggerReader.ENDS), 0)),
        key("input", ANY));
  }

  /** A map with one of its keys. */
  static Map<String, Object> single(Map<String, Object> map) {
    map.put("minProperties", 1L);
    map.put("maxProperties", 1L);
    return map;
  }
}
