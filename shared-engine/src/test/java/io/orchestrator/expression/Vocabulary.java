package io.orchestrator.expression;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The names that expressions can call, for tests outside of their package. */
public final class Vocabulary {
  private Vocabulary() {}

  /** Every function and every macro. */
  public static List<String> calls() {
    return Stream.of(
            Arrays.stream(Function.values()).map(Function::text),
            Arrays.stream(Macro.values()).map(Macro::text),
            Stream.of("if", "has"))
        .flatMap(names -> names)
        .toList();
  }
}
