package io.orchestrator.adapter;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads one action of a definition. */
final class ActionReader {
  private static final Set<String> KEYS =
      Set.of("title", "method", "path", "body", "query", "headers", "input", "output", "errors", "idempotent", "timeout");
  private static final Set<String> SANDBOX_KEYS = Set.of("title", "input", "output", "errors", "answer", "timeout");
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  private ActionReader() {}

  static Action read(String name, Fields fields, String adapter, String type) {
    boolean sandbox = "sandbox".equals(type);
    fields.only(sandbox ? SANDBOX_KEYS : KEYS);
    PathTemplate path = fields.parsed("path", "path", PathTemplate::parse);
    Boolean idempotent = fields.flag("idempotent");
    return new Action(
        name,
        fields.has("title") ? fields.text("title") : name,
        method(fields),
        path == null ? PathTemplate.parse("") : path,
        fields.template("body"),
        fields.templates("query"),
        DefinitionReader.headers(fields),
        input(fields),
        fields.template("output"),
        errors(fields, adapter),
        idempotent == null || idempotent,
        fields.timeout("timeout"),
        fields.template("answer"));
  }

  private static String method(Fields fields) {
    String method = fields.text("method");
    if (method == null) {
      return "POST";
    }
    String upper = method.toUpperCase(Locale.ROOT);
    if (!METHODS.contains(upper)) {
      fields.problem("method", "method", "unknown method " + method, "one of GET, HEAD, POST, PUT, PATCH, DELETE");
    }
    return upper;
  }

  private static InputSchema input(Fields fields) {
    Fields written = fields.map("input");
    if (written == null) {
      return null;
    }
    try {
      return new InputSchema(Shorthand.expand(Fields.strings((Map<?, ?>) fields.get("input"))));
    } catch (IllegalArgumentException complaint) {
      fields.problem("schema", "input", complaint.getMessage(), "");
      return null;
    }
  }

  private static List<Action.ErrorRule> errors(Fields fields, String adapter) {
    List<?> written = fields.list("errors");
    List<Action.ErrorRule> rules = new ArrayList<>();
    for (int i = 0; written != null && i < written.size(); i++) {
      Fields rule = fields.element("errors", i);
      if (rule != null) {
        rules.add(rule(rule, adapter));
      }
    }
    return List.copyOf(rules);
  }

  private static Action.ErrorRule rule(Fields fields, String adapter) {
    fields.only(Set.of("when", "type", "message", "retryable"));
    Expression when = fields.expression("when");
    String type = fields.text("type");
    if (!fields.has("when") || !fields.has("type")) {
      fields.problem("missing_key", "", "a rule needs when and type", "");
    }
    Template message = fields.template("message");
    String full = type == null || type.indexOf('.') >= 0 ? type : adapter + "." + type;
    return new Action.ErrorRule(when, full, message, fields.flag("retryable"));
  }
}
