package io.orchestrator.functions;

import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** The shapes of parameters in path, query and header that mean the same wherever they stand. */
final class Parameters {
  static final Map<String, Shape> USUAL = usual();

  private Parameters() {}

  private static Map<String, Shape> usual() {
    Map<String, Shape> usual = new LinkedHashMap<>();
    usual.put("flow", Shapes.NAME);
    usual.put("name", Shapes.NAME);
    usual.put("template", Shapes.NAME);
    usual.put("id", Shape.uuid());
    usual.put("token", Shape.text("^[A-Za-z0-9_-]{1,200}$"));
    usual.put("tenant", Shape.text("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"));
    usual.put("path", Shape.text("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$"));
    usual.put("version", Shapes.VERSION);
    usual.put(
        "limit",
        Shape.whole(1, Limits.PAGE_MAX).orEmpty().saying("Items of a page, 20 by default"));
    usual.put("cursor", Shape.text(Limits.CURSOR_CHARS_MAX).saying("The next of an earlier page"));
    usual.put(
        "wait",
        Shape.text(
                "^([0-9]|1[0-9]|2[0-5])s$|^(0|[1-9][0-9]{0,3}|1[0-9]{4}|2[0-4][0-9]{3}|25000)ms$")
            .saying("At most 25 s"));
    for (String flag : new String[] {"draft", "activate", "require_tests", "dry_run"}) {
      usual.put(flag, Shape.flag());
    }
    usual.put("from", Shape.time().orEmpty());
    usual.put("to", Shape.time().orEmpty());
    usual.put("q", Shape.text(Limits.SEARCH_CHARS_MAX));
    usual.put("search.*", Shapes.ATTRIBUTES);
    usual.put(
        Contract.IDEMPOTENCY_KEY,
        Shape.text("^[\\t -~]*$")
            .upTo(Limits.IDEMPOTENCY_KEY_CHARS_MAX)
            .saying("The same request with the same key happens once"));
    usual.put(Contract.IF_MATCH, Shape.text().saying("The ETag of what is to be changed, or *"));
    usual.put("If-None-Match", Shape.text().saying("The ETag of what the client has"));
    usual.put(
        "traceparent", Shape.text().saying("W3C Trace Context; what is none begins a new trace"));
    return usual;
  }
}
