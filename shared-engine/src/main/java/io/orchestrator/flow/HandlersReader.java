package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads {@code on_error} in its three shapes: steps, steps with {@code then}, clauses that catch.
 */
final class HandlersReader {
  static final Pattern TYPE = Pattern.compile("[a-z*?][a-z0-9_*?-]*(\\.[A-Za-z0-9_*?.-]+)?");

  private final Values values;
  private final StepsReader steps;

  HandlersReader(Values values, StepsReader steps) {
    this.values = values;
    this.steps = steps;
  }

  /** The handlers of a step at that level; null if there are none. */
  Syntax.Handling read(Node node, int level) {
    return switch (node) {
      case null -> null;
      case Node.Mapping map -> new Syntax.Handling(map.spot(), List.of(clause(map, level, false)));
      case Node.Sequence list when isClauses(list) -> clauses(list, level);
      case Node.Sequence list -> {
        List<Syntax.Step> block = steps.block(list, "on_error", level + 1);
        yield new Syntax.Handling(
            list.spot(),
            List.of(
                new Syntax.Clause(
                    list.spot(), List.of(), List.of(), null, block, Handlers.Then.FAIL)));
      }
      case Node.Scalar scalar -> {
        values.wrongType(scalar, "on_error", "a list of steps");
        yield null;
      }
    };
  }

  private static boolean isClauses(Node.Sequence list) {
    return list.items().stream()
        .anyMatch(
            item ->
                item instanceof Node.Mapping map
                    && (map.entries().containsKey("catch") || map.entries().containsKey("steps")));
  }

  private Syntax.Handling clauses(Node.Sequence list, int level) {
    List<Syntax.Clause> clauses = new ArrayList<>();
    for (Node item : list.items()) {
      if (item instanceof Node.Mapping map && map.entries().containsKey("catch")) {
        clauses.add(clause(map, level, true));
      } else {
        values
            .problems()
            .error(
                Code.MISSING_KEY,
                item.spot(),
                "every item needs the key 'catch' when one has it",
                "write {catch: \"*\", steps: [...]} for all other errors");
      }
    }
    return new Syntax.Handling(list.spot(), clauses);
  }

  private Syntax.Clause clause(Node.Mapping map, int level, boolean catches) {
    Fields fields = new Fields(map, "an error handler", values.problems());
    List<Syntax.Named> named = catches ? types(fields.take("catch"), "catch", values) : List.of();
    List<String> types = names(named);
    Syntax.Expr when = catches ? values.condition(fields.take("when"), "when") : null;
    Node block = fields.need("steps", "");
    Handlers.Then then = then(fields.take("then"));
    fields.finish();
    return new Syntax.Clause(
        map.spot(),
        types.contains("*") ? List.of() : types,
        foreign(named),
        when,
        block == null ? List.of() : steps.block(block, "steps", level + 1),
        then);
  }

  private Handlers.Then then(Node node) {
    Handlers.Then then = values.word(node, "then", Handlers.Then.class);
    return then == null ? Handlers.Then.FAIL : then;
  }

  /** Globs over error types. */
  static List<Syntax.Named> types(Node node, String what, Values values) {
    List<Node> items = node instanceof Node.Sequence list ? list.items() : Arrays.asList(node);
    List<Syntax.Named> types = new ArrayList<>();
    for (Node item : items) {
      String type = values.text(item, what);
      if (type != null && TYPE.matcher(type).matches()) {
        types.add(new Syntax.Named(item.spot(), type));
      } else if (type != null) {
        values.badWord(item, what, type, Words.ERROR_TYPES);
      }
    }
    return types;
  }

  static List<String> names(List<Syntax.Named> types) {
    return types.stream().map(Syntax.Named::name).toList();
  }

  /** Single types that are neither the language's nor an adapter's. */
  static List<Syntax.Named> foreign(List<Syntax.Named> types) {
    return types.stream()
        .filter(type -> !Words.ERROR_TYPES.contains(type.name()))
        .filter(type -> type.name().chars().noneMatch(c -> ".*?".indexOf(c) >= 0))
        .toList();
  }
}
