package io.orchestrator.expression;

/**
 * A part of an expression with what it came to.
 *
 * @param text of the part
 * @param start in the expression, in characters from 0
 * @param end the character behind its last
 * @param depth how many parts it stands inside of
 */
public record Explained(String text, int start, int end, int depth, Outcome outcome) {
  /** What a part came to. */
  public sealed interface Outcome {
    /** A value. */
    record Value(Object value) implements Outcome {}

    /** A rule of the language was broken, here or inside. */
    record Fault(String message) implements Outcome {}

    /** It did not matter. */
    record NotEvaluated() implements Outcome {}
  }
}
