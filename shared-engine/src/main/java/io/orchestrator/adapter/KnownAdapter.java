package io.orchestrator.adapter;

import io.orchestrator.expression.Template;
import io.orchestrator.expression.Type;
import io.orchestrator.flow.InputSchema;
import io.orchestrator.flow.KnownNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the checker of flows knows of an adapter. */
public final class KnownAdapter {
  private static final String SANDBOX = "sandbox";

  private KnownAdapter() {}

  /** Its actions, with what they take and give as far as the definition says it. */
  public static KnownNames.Adapter of(Definition definition) {
    Map<String, KnownNames.Shape> shapes = new LinkedHashMap<>();
    definition
        .actions()
        .forEach((name, action) -> shapes.put(name, shape(action, definition.type())));
    String action = definition.defaultAction() == null ? "" : definition.defaultAction();
    return new KnownNames.Adapter(action, definition.actions().keySet(), shapes);
  }

  private static KnownNames.Shape shape(Action action, String type) {
    Map<String, Object> params = action.input() == null ? null : action.input().data();
    if (action.result() != null && !type.equals(SANDBOX)) {
      return new KnownNames.Shape(params, InputSchema.type(action.result()));
    }
    // A sandbox answers what the call scripts, so its own answer says nothing of the type.
    boolean says = action.output() != null && !type.equals(SANDBOX);
    return new KnownNames.Shape(params, says ? type(action.output()) : Type.ANY);
  }

  /** Its fields are the definition's, which may change without the flow. */
  private static Type type(Template output) {
    return type(output.data());
  }

  private static Type type(Object data) {
    if (data instanceof Map<?, ?> map && !map.containsKey("secret")) {
      Map<String, Type> fields = new LinkedHashMap<>();
      map.forEach((name, value) -> fields.put((String) name, type(value)));
      return Type.object(fields, Type.Others.UNDECLARED);
    }
    if (data instanceof List<?>) {
      return Type.ARRAY;
    }
    return data instanceof String text && text.startsWith("$") ? Type.ANY : Type.of(data);
  }
}
