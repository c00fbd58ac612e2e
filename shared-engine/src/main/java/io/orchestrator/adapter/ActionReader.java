package io.orchestrator.adapter;

import io.orchestrator.expression.Expression;
import io.orchestrator.expression.Template;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads one action of a definition. */
final class ActionReader {
  private static final Set<String> KEYS =
      Set.of(
          "title",
          "method",
          "path",
          "body",
          "query",
          "headers",
          "input",
          "output",
          "errors",
          "idempotent",
          "timeout");
  private static final Set<String> SANDBOX_KEYS =
      Set.of("title", "input", "output", "errors", "answer", "timeout");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  private ActionReader() {}

  static Action read(String name, Fields fields, String adapter, String type) {
    boolean sandbox = "sandbox".equals(type);
    fields.only(sandbox ? SANDBOX_KEYS : KEYS);
    PathTemplate path = fields.parsed("path", PathTemplate::parse);
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
      fields.problem(
          Code.BAD_VALUE,
          "method",
          "unknown method " + method,
          "one of GET, HEAD, POST, PUT, PATCH, DELETE");
    }
    return upper;
  }

  private static InputSchema input(Fields fields) {
    if (fields.map("input") == null) {
      return null;
    }
    Problems problems = new Problems();
    Document written = Document.of(fields.get("input"), fields.at("input"));
    Map<String, Object> schema = io.orchestrator.flow.InputSchema.read(written.root(), problems);
    problems.errors().forEach(fields::add);
    return problems.none() ? new InputSchema(schema) : null;
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
      fields.problem(Code.MISSING_KEY, "", "a rule needs when and type", "");
    }
    Template message = fields.template("message");
    String full = type == null || type.indexOf('.') >= 0 ? type : adapter + "." + type;
    return new Action.ErrorRule(when, full, message, fields.flag("retryable"));
  }
}
