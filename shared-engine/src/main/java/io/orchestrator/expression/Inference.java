package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Says what an expression can come to before there is data, and tells what cannot work whatever the
 * data. Where something is wrong, the part counts as anything, so that it is told once.
 */
final class Inference {
  private final String text;
  private final java.util.function.Function<String, Type> roots;
  private final Consumer<Finding> findings;
  private final List<Type> bound = new ArrayList<>();

  Inference(
      String text, java.util.function.Function<String, Type> roots, Consumer<Finding> findings) {
    this.text = text;
    this.roots = roots;
    this.findings = findings;
  }

  Type of(Node node) {
    return switch (node) {
      case Node.Literal literal -> Type.of(literal.value());
      case Node.Root root -> known(roots.apply(root.name()));
      case Node.Bound one -> bound.get(one.slot());
      case Node.Field field -> field(of(field.of()), field.of(), field.name(), field.at());
      case Node.Index index -> index(index);
      case Node.Has has -> {
        of(has.of());
        of(has.key());
        yield Type.BOOLEAN;
      }
      case Node.Not not -> truth(not.operand());
      case Node.And and -> both(and.left(), and.right());
      case Node.Or or -> both(or.left(), or.right());
      case Node.Negated negated ->
          fits(negated.operand(), of(negated.operand()), Type.NUMBER, "`-` needs a number: ")
              ? Type.NUMBER
              : Type.ANY;
      case Node.Choice choice -> {
        truth(choice.condition());
        yield of(choice.then()).or(of(choice.otherwise()));
      }
      case Node.Coalesce either -> coalesce(either);
      case Node.Equal equal -> equal(equal);
      case Node.Ordered ordered -> ordered(ordered);
      case Node.Contained contained -> contained(contained);
      case Node.Matched matched -> matched(matched);
      case Node.Arithmetic sum -> arithmetic(sum);
      case Node.ListOf list ->
          Type.array(list.elements().stream().map(this::of).reduce(Type::or).orElse(Type.ANY));
      case Node.MapOf map -> map(map);
      case Node.Call call -> call(call);
      case Node.Loop loop -> loop(loop);
    };
  }

  /** A part that must be true, false or null. */
  Type truth(Node node) {
    Type type = of(node);
    if (!type.canBeTruth()) {
      String message = "a condition must be true or false: " + told(node, type);
      tell(Finding.Flaw.CONDITION, message, node, "compare it with something");
    }
    return Type.BOOLEAN;
  }

  private Type both(Node left, Node right) {
    truth(left);
    return truth(right);
  }

  private static Type known(Type type) {
    return type == null ? Type.ANY : type;
  }

  private Type field(Type holder, Node of, String name, Span at) {
    if (!holder.mayBeObject() && !holder.mayBeNull()) {
      tell(Finding.Flaw.TYPES, "field `" + name + "` cannot be read: " + told(of, holder), of, "");
      return Type.ANY;
    }
    if (!holder.mayBeObject()) {
      return Type.NULL;
    }
    if (holder.lacks(name)) {
      boolean none = holder.others() == Type.Others.NONE;
      String message = of.at().of(text) + " has no field `" + name + "`";
      findings.accept(
          new Finding(
              none ? Finding.Flaw.FIELD : Finding.Flaw.UNDECLARED_FIELD,
              none ? message : message + " that is declared",
              at.start(),
              Nearest.field(name, holder.fields().keySet())));
      return Type.ANY;
    }
    return holder.field(name);
  }

  private Type index(Node.Index index) {
    Type holder = of(index.of());
    Type key = of(index.key());
    if (index.key() instanceof Node.Literal(Span _, String name) && holder.mayBeObject()) {
      return field(holder, index.of(), name, index.at());
    }
    boolean element = holder.mayBeArray() && key.mayBeNumber();
    boolean field = holder.mayBeObject() && key.mayBeString();
    if (!element && !field && !holder.mayBeNull()) {
      String rule = "`[ ]` needs an array and a number or an object and a string: ";
      tell(
          Finding.Flaw.TYPES,
          rule + told(index.of(), holder) + ", " + told(index.key(), key),
          index.of(),
          "");
    }
    return element && !field ? holder.elements().orNull() : Type.ANY;
  }

  private Type coalesce(Node.Coalesce either) {
    Type left = of(either.left());
    Type right = of(either.right());
    return left.equals(Type.NULL) ? right : left.notNull().or(right);
  }

  private Type equal(Node.Equal equal) {
    Type left = of(equal.left());
    Type right = of(equal.right());
    if (!left.meets(right) && !left.mayBeNull() && !right.mayBeNull()) {
      String never = equal.negated() ? "always different: " : "never equal: ";
      tell(
          Finding.Flaw.NEVER_EQUAL,
          "these are " + never + told(equal.left(), left) + ", " + told(equal.right(), right),
          equal.left(),
          "nothing is converted; write number(...) or string(...)");
    }
    return Type.BOOLEAN;
  }

  private Type ordered(Node.Ordered ordered) {
    Type left = of(ordered.left());
    Type right = of(ordered.right());
    boolean can =
        (left.mayBeNumber() && right.mayBeNumber())
            || (left.mayBeString() && right.mayBeString())
            || (left.mayBeBoolean() && right.mayBeBoolean());
    if (!can) {
      String rule = "`" + ordered.operator().symbol() + "` needs two numbers or two strings: ";
      tell(
          Finding.Flaw.TYPES,
          rule + told(ordered.left(), left) + ", " + told(ordered.right(), right),
          ordered.left(),
          converted(left, right));
    }
    return Type.BOOLEAN;
  }

  private Type contained(Node.Contained contained) {
    of(contained.left());
    Type right = of(contained.right());
    if (!right.mayBeArray() && !right.mayBeObject()) {
      tell(
          Finding.Flaw.TYPES,
          "`in` needs an array or an object on its right: " + told(contained.right(), right),
          contained.right(),
          right.mayBeString() ? "use `contains`" : "");
    }
    return Type.BOOLEAN;
  }

  private Type matched(Node.Matched matched) {
    String rule = "`matches` needs two strings: ";
    fits(matched.left(), of(matched.left()), Type.STRING, rule);
    fits(matched.right(), of(matched.right()), Type.STRING, rule);
    return Type.BOOLEAN;
  }

  private Type arithmetic(Node.Arithmetic sum) {
    Type left = of(sum.left());
    Type right = of(sum.right());
    Type result = null;
    if (left.mayBeNumber() && right.mayBeNumber()) {
      result = Type.NUMBER;
    }
    boolean plus = sum.operator() == Operator.PLUS;
    if (plus && left.mayBeString() && right.mayBeString()) {
      result = result == null ? Type.STRING : result.or(Type.STRING);
    }
    if (plus && left.mayBeArray() && right.mayBeArray()) {
      Type joined = Type.array(left.elements().or(right.elements()));
      result = result == null ? joined : result.or(joined);
    }
    if (result != null) {
      return result;
    }
    String needs = plus ? "two numbers, two strings or two arrays" : "two numbers";
    String rule = "`" + sum.operator().symbol() + "` needs " + needs + ": ";
    tell(
        Finding.Flaw.TYPES,
        rule + told(sum.left(), left) + ", " + told(sum.right(), right),
        sum.left(),
        plus ? converted(left, right) : "");
    return Type.ANY;
  }

  private static String converted(Type left, Type right) {
    boolean mixed =
        (left.mayBeString() && right.mayBeNumber()) || (left.mayBeNumber() && right.mayBeString());
    return mixed ? "convert one of them: string(...) or number(...)" : "";
  }

  private Type map(Node.MapOf map) {
    Map<String, Type> fields = new LinkedHashMap<>();
    for (int i = 0; i < map.keys().size(); i++) {
      fields.put(map.keys().get(i), of(map.values().get(i)));
    }
    return Type.object(fields, Type.Others.NONE);
  }

  private Type call(Node.Call call) {
    int count = call.arguments().size();
    Type first = null;
    boolean fits = true;
    for (int i = 0; i < count; i++) {
      Node argument = call.arguments().get(i);
      Type type = of(argument);
      Type wanted = Signature.parameter(call.function(), i, count);
      String rule = "`" + call.function().text() + "` needs " + wanted.described() + ": ";
      fits &= fits(argument, type, wanted, rule);
      first = first == null ? type : first;
    }
    return fits ? Signature.result(call.function(), first, count) : Type.ANY;
  }

  /** Whether the part can be of the wanted type; otherwise it is told. */
  private boolean fits(Node node, Type type, Type wanted, String rule) {
    boolean fits = type.meets(wanted);
    if (!fits) {
      String hint = type.equals(Type.NULL) ? "give a default with `??`" : "";
      tell(Finding.Flaw.TYPES, rule + told(node, type), node, hint);
    }
    return fits;
  }

  private Type loop(Node.Loop loop) {
    Type list = of(loop.list());
    String rule = "`" + loop.macro().text() + "` needs an array: ";
    fits(loop.list(), list, Type.ARRAY, rule);
    // Names are bound in the order of their slots, each inside those before it.
    bound.add(list.mayBeArray() ? list.elements() : Type.ANY);
    Type result = looped(loop, list);
    bound.removeLast();
    return result;
  }

  private Type looped(Node.Loop loop, Type list) {
    Node first = loop.bodies().getFirst();
    return switch (loop.macro()) {
      case MAP -> {
        if (loop.bodies().size() == 2) {
          truth(first);
        }
        yield Type.array(of(loop.bodies().getLast()));
      }
      case FILTER -> {
        truth(first);
        yield Type.array(list.elements());
      }
      case ALL, EXISTS, EXISTS_ONE -> truth(first);
      case FLAT_MAP -> {
        Type part = of(first);
        fits(first, part, Type.ARRAY, "`flat_map` needs an array for each element: ");
        yield Type.array(part.elements());
      }
      case SORT_BY -> {
        of(first);
        yield Type.array(list.elements());
      }
      case GROUP_BY, TO_MAP -> {
        String rule = "`" + loop.macro().text() + "` needs strings as keys: ";
        fits(first, of(first), Type.STRING, rule);
        loop.bodies().stream().skip(1).forEach(this::of);
        yield Type.OBJECT;
      }
    };
  }

  private String told(Node node, Type type) {
    return node.at().of(text) + " is " + type.described();
  }

  private void tell(Finding.Flaw flaw, String message, Node node, String hint) {
    findings.accept(new Finding(flaw, message, node.at().start(), hint));
  }
}
