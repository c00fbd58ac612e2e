package io.orchestrator.reference;

import java.util.List;

/** How a call ends, as the world decides it. */
public sealed interface Ending {
  /** Well. */
  record Value(Object value) implements Ending {}

  /** Badly. */
  record Refusal(Fault fault) implements Ending {}

  /**
   * It was accepted and the result comes later.
   *
   * @param answer what the call itself said
   * @param words what the other side says, in order of time; none: nothing ever comes
   */
  record Later(Object answer, List<Word> words) implements Ending {}

  /**
   * What somebody says to a wait.
   *
   * @param afterMillis since the call or the wait began
   * @param fault null: {@code value} is the result
   */
  record Word(long afterMillis, Object value, Fault fault) {}

  /**
   * What one person says to a question.
   *
   * @param afterMillis since it was asked
   */
  record Vote(long afterMillis, String by, String decision) {}

  /** A call with its length. */
  record Call(Ending ending, long millis) {}
}
