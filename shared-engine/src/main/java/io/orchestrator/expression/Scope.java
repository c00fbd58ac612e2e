package io.orchestrator.expression;

import java.time.Instant;
import java.util.function.Function;

/**
 * What an expression can see.
 *
 * @param roots gives the value of {@code $name}; null for a name without a value
 * @param now what {@code now()} answers, the recorded time of the step attempt
 * @param seed what {@code uuid()} is derived from, unique for the step attempt
 */
public record Scope(Function<String, Object> roots, Instant now, String seed) {
  /** The value of {@code $name}. */
  public Object root(String name) {
    return roots.apply(name);
  }

  /** The same, but {@code $from} is what {@code $to} would be. */
  Scope renamed(String from, String to) {
    return new Scope(name -> roots.apply(name.equals(from) ? to : name), now, seed);
  }
}
