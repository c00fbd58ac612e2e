package io.orchestrator.adapter.openapi;

import io.orchestrator.expression.Nearest;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes an action of every operation of an OpenAPI 3.0 or 3.1 document. An operation that an action
 * cannot express is left out with a warning; if it was asked for by its name, that is an error.
 */
final class OpenApiActions {
  private static final List<String> METHODS =
      List.of("get", "head", "post", "put", "patch", "delete", "options", "trace");
  private static final Set<String> CALLABLE =
      Set.of("get", "head", "post", "put", "patch", "delete");
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

  private final Tree document;
  private final List<String> wanted;
  private final boolean old;
  private final Map<String, Object> actions = new LinkedHashMap<>();
  private final Set<String> ids = new LinkedHashSet<>();
  private final Set<String> met = new LinkedHashSet<>();
  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  private OpenApiActions(Map<String, Object> document, List<String> wanted) {
    this.document = Tree.of(document);
    this.wanted = wanted;
    this.old = String.valueOf(document.get("openapi")).startsWith("3.0");
  }

  /**
   * Reads a document.
   *
   * @param wanted operationIds, {@code *} in them for anything; empty: all
   */
  static OpenApiActions read(Map<String, Object> document, List<String> wanted) {
    OpenApiActions reader = new OpenApiActions(document, wanted);
    reader.read();
    return reader;
  }

  /** The actions by name, in the language of definitions. */
  Map<String, Object> actions() {
    return actions;
  }

  /** What keeps the definition from being stored; paths lead into the document. */
  List<Problem> errors() {
    return errors;
  }

  /** What was left out, and why. */
  List<Problem> warnings() {
    return warnings;
  }

  private void read() {
    String version = document.at("openapi").text();
    if (version == null || !version.matches("3\\.[01](\\..*)?")) {
      String message =
          version == null
              ? "this is no OpenAPI 3 document"
              : "OpenAPI " + version + " is not read, only 3.0 and 3.1";
      error(Code.UNSUPPORTED, version == null ? "" : "/openapi", message, "convert it to 3.1");
      return;
    }
    try {
      Tree paths = document.at("paths");
      for (String path : paths.isThere() ? paths.map().keySet() : Set.<String>of()) {
        Tree item = paths.at(path).resolved();
        for (String method : METHODS) {
          if (item.at(method).isThere()) {
            operation(path, method, item);
          }
        }
      }
    } catch (Unsupported broken) {
      error(Code.WRONG_TYPE, broken.path(), broken.getMessage(), "");
    }
    for (String each : wanted) {
      if (!met.contains(each)) {
        String message = "the document has no operation '" + each + "'";
        error(Code.UNKNOWN_ACTION, "/paths", message, Nearest.hint(each, ids));
      }
    }
    if (actions.isEmpty() && errors.isEmpty()) {
      error(Code.EMPTY, "/paths", "no operation of the document can be called", "");
    }
  }

  private void operation(String path, String method, Tree item) {
    Tree operation = item.at(method);
    String id = operation.at("operationId").text();
    String label = method.toUpperCase(Locale.ROOT) + " " + path;
    if (id == null) {
      if (wanted.isEmpty()) {
        warn(operation.path(), label + " has no operationId and is left out");
      }
      return;
    }
    ids.add(id);
    List<String> asked = wanted.stream().filter(each -> fits(each, id)).toList();
    if (!wanted.isEmpty() && asked.isEmpty()) {
      return;
    }
    met.addAll(asked);
    try {
      if (!CALLABLE.contains(method)) {
        throw new Unsupported(operation.path(), "the method " + method + " is not called");
      }
      String name = name(operation, id);
      OperationReader reader = new OperationReader(document, item, operation, old);
      Map<String, Object> action = reader.read(path, method);
      reader.warnings().forEach(one -> warn(one.path(), id + ": " + one.getMessage()));
      reader.unchecked().forEach(this::unchecked);
      if (actions.putIfAbsent(name, action) != null) {
        String message = "two operations make an action '" + name + "'";
        error(Code.DUPLICATE_ID, operation.path() + "/operationId", message, "choose: operations");
      }
    } catch (Unsupported beyond) {
      if (asked.contains(id)) {
        error(Code.UNSUPPORTED, beyond.path(), id + ": " + beyond.getMessage(), "");
      } else {
        warn(beyond.path(), id + " is left out: " + beyond.getMessage());
      }
    }
  }

  private static boolean fits(String wanted, String id) {
    return wanted.equals(id)
        || (wanted.indexOf('*') >= 0
            && Pattern.matches(Pattern.quote(wanted).replace("*", "\\E.*\\Q"), id));
  }

  /** As names of actions are: {@code createOrder} and {@code Create.Order} are create_order. */
  static String name(String id) {
    return id.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
        .replaceAll("[^A-Za-z0-9_-]+", "_")
        .replaceAll("^[^A-Za-z]+|_+$", "")
        .toLowerCase(Locale.ROOT);
  }

  private static String name(Tree operation, String id) throws Unsupported {
    String name = name(id);
    if (!NAME.matcher(name).matches()) {
      throw new Unsupported(
          operation.path() + "/operationId", "'" + id + "' makes no name of an action");
    }
    return name;
  }

  private void error(Code code, String path, String message, String hint) {
    errors.add(new Problem(code.text(), path, 0, 0, message, hint));
  }

  /** Several operations may use it, and it is one place. */
  private void unchecked(String path) {
    if (warnings.stream().noneMatch(warning -> warning.path().equals(path))) {
      warn(path, "this regular expression is not checked: ours run in linear time");
    }
  }

  private void warn(String path, String message) {
    warnings.add(new Problem(Code.UNSUPPORTED.text(), path, 0, 0, message, ""));
  }
}
