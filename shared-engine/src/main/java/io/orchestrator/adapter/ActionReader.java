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
          "timeout",
          "result");
  private static final Set<String> SANDBOX_KEYS =
      Set.of("title", "input", "output", "errors", "answer", "timeout", "result");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  private ActionReader() {}

  static Action read(String name, Fields fields, String adapter, String type) {
    boolean sandbox = "sandbox".equals(type);
    fields.only(sandbox ? SANDBOX_KEYS : KEYS);
    PathTemplate path = fields.parsed("path", PathTemplate::parse);
    Boolean idempotent = fields.flag("idempotent");
    Map<String, Object> input = schema(fields, "input");
    return new Action(
        name,
        fields.has("title") ? fields.text("title") : name,
        method(fields),
        path == null ? PathTemplate.parse("") : path,
        fields.template("body"),
        fields.templates("query"),
        DefinitionReader.headers(fields),
        input == null ? null : new InputSchema(input),
        fields.template("output"),
        errors(fields, adapter),
        idempotent == null || idempotent,
        fields.timeout("timeout"),
        fields.template("answer"),
        schema(fields, "result"));
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

  /** A schema, in the short form or as JSON Schema; null if there is none that can be read. */
  private static Map<String, Object> schema(Fields fields, String key) {
    if (fields.map(key) == null) {
      return null;
    }
    Problems problems = new Problems();
    Document written = Document.of(fields.get(key), fields.at(key));
    Map<String, Object> schema = io.orchestrator.flow.InputSchema.read(written.root(), problems);
    problems.errors().forEach(fields::add);
    return problems.none() ? schema : null;
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
