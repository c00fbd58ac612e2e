package io.orchestrator.expression;

import com.google.re2j.Pattern;

/**
 * One evaluation of one expression: its scope, the names that macros have bound, and what it may
 * still cost.
 */
class Evaluation {
  private static final int CHARACTERS_AN_OPERATION = 1_024;

  private final String text;
  private final Scope scope;
  private final Object[] slots;
  private final Counter uuids;
  private int operationsLeft = Limits.EXPRESSION_OPERATIONS_MAX;

  Evaluation(String text, Scope scope, int slots, Counter uuids) {
    this.text = text;
    this.scope = scope;
    this.slots = slots == 0 ? null : new Object[slots];
    this.uuids = uuids;
  }

  /** Numbers the ids that one evaluation, or one filling of a template, makes. */
  static final class Counter {
    private int next;

    int next() {
      return next++;
    }
  }

  Scope scope() {
    return scope;
  }

  int nextUuid() {
    return uuids.next();
  }

  Object bound(int slot) {
    return slots[slot];
  }

  void bind(int slot, Object value) {
    slots[slot] = value;
  }

  /** The value of a part. */
  Object value(Node node) {
    count(1);
    return node.evaluate(this);
  }

  /** Whether a part, which must be boolean, is true; null is not. */
  boolean holds(Node node) {
    Object value = value(node);
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value == null) {
      return false;
    }
    throw error(node, "a condition must be true or false: " + told(node, value));
  }

  /** Takes operations from what is left. */
  void count(long operations) {
    if (operations > operationsLeft) {
      throw new ExpressionException(
          "the expression needs more than " + Limits.EXPRESSION_OPERATIONS_MAX + " operations", 0);
    }
    operationsLeft -= (int) operations;
  }

  /** Pays for reading a text. */
  void read(String characters) {
    count(characters.length() / CHARACTERS_AN_OPERATION);
  }

  /** Pays for making a text of that length, before it is made; always true. */
  boolean made(Node node, long characters) {
    if (characters > Limits.TEXT_CHARACTERS_MAX) {
      throw error(
          node, "the text would have more than " + Limits.TEXT_CHARACTERS_MAX + " characters");
    }
    count(characters / CHARACTERS_AN_OPERATION);
    return true;
  }

  Object arithmetic(Node node, Operator operator, Object a, Object b) {
    try {
      return Numbers.calculate(operator, a, b);
    } catch (ArithmeticException fault) {
      throw error(node, named(node) + ": " + fault.getMessage());
    }
  }

  Pattern pattern(Node node, String regex) {
    read(regex);
    return Patterns.compile(regex, node.at().start());
  }

  /** A part and what it is, for messages: never its value, which may be personal. */
  String told(Node node, Object value) {
    return named(node) + " is " + Values.describe(value);
  }

  String named(Node node) {
    return node.at().of(text);
  }

  ExpressionException error(Node node, String message) {
    return new ExpressionException(message, node.at().start());
  }
}
