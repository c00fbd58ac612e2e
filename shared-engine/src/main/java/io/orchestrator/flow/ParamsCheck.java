package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Template;
import io.orchestrator.expression.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Checks the params of calls against what their actions take. */
final class ParamsCheck {
  /** A key with which the sandbox adapters are told what to do. */
  private static final String SCRIPT = "$sandbox";

  private final Typing typing;
  private final Names names;
  private final Problems problems;

  ParamsCheck(Typing typing, Names names, Problems problems) {
    this.typing = typing;
    this.names = names;
    this.problems = problems;
  }

  void check(Flow flow) {
    Walk.bodies(
        flow,
        body -> {
          if (body.kind() instanceof Syntax.Call call && call.params() != null) {
            call(call);
          }
        });
  }

  private void call(Syntax.Call call) {
    if (names.call(call.adapter(), call.action()) instanceof Names.Meaning.Action action) {
      Map<String, Object> schema = names.params(action.adapter(), action.action());
      if (schema != null) {
        String what = "the action " + action.adapter() + "." + action.action();
        value(call.params().node(), schema, what);
      }
    }
  }

  private void value(Node node, Map<?, ?> schema, String what) {
    if (node instanceof Node.Mapping map && Values.isSecret(map.entries())) {
      return;
    }
    Type wanted = SchemaType.of(schema, Type.Others.ANY);
    Type given = typing.of(node, "");
    if (!wanted.meets(given)) {
      String message = what + " needs " + wanted.described() + ", this is " + given.described();
      problems.error(Code.BAD_PARAMS, node.spot(), message, "");
    } else if (node instanceof Node.Mapping map
        && schema.get("properties") instanceof Map<?, ?> p) {
      fields(map, schema, p, what);
    } else if (node instanceof Node.Sequence list
        && schema.get("items") instanceof Map<?, ?> items) {
      list.items().forEach(item -> value(item, items, what));
    } else if (node instanceof Node.Scalar scalar && isFixed(scalar)) {
      oneOf(scalar, schema, what);
    }
  }

  private void fields(Node.Mapping map, Map<?, ?> schema, Map<?, ?> properties, String what) {
    List<String> known = properties.keySet().stream().map(String::valueOf).toList();
    if (schema.get("required") instanceof Collection<?> required) {
      for (Object name : required) {
        if (map.get((String) name) == null) {
          String message = what + " needs the field '" + name + "'";
          problems.error(
              Code.BAD_PARAMS,
              map.spot(),
              message,
              Nearest.hint((String) name, map.entries().keySet()));
        }
      }
    }
    map.entries()
        .forEach(
            (name, entry) -> {
              if (properties.get(name) instanceof Map<?, ?> property) {
                value(entry.value(), property, "'" + name + "' of " + what);
              } else if (!properties.containsKey(name) && !name.equals(SCRIPT)) {
                other(name, entry, schema, known, what);
              }
            });
  }

  private void other(
      String name, Node.Entry entry, Map<?, ?> schema, List<String> known, String what) {
    String hint = Nearest.hint(name, known);
    String message = what + " takes no field '" + name + "'";
    if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
      problems.error(Code.BAD_PARAMS, entry.spot(), message, hint);
    } else if (!schema.containsKey("additionalProperties") && !hint.isEmpty()) {
      problems.warning(
          Code.BAD_PARAMS, entry.spot(), what + " knows no field '" + name + "'", hint);
    }
  }

  private static boolean isFixed(Node.Scalar scalar) {
    return !(scalar.value() instanceof String text)
        || Template.compile(text).expressions().isEmpty();
  }

  private void oneOf(Node.Scalar scalar, Map<?, ?> schema, String what) {
    if (schema.get("enum") instanceof Collection<?> values && !values.contains(scalar.value())) {
      List<String> words = values.stream().map(String::valueOf).toList();
      String near = Nearest.hint(String.valueOf(scalar.value()), words);
      problems.error(
          Code.BAD_PARAMS,
          scalar.spot(),
          what + " cannot be " + scalar.described(),
          near.isEmpty() ? "one of " + String.join(", ", words) : near);
    }
  }
}
