package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** On the part that both have, an expression means here what it means in CEL. */
class CelDifferentialTest {
  private static final int EXPRESSIONS = Integer.getInteger("cel.expressions", 8_000);

  /** Fixed, so that the build says the same twice; another one with {@code -Dcel.seed=...}. */
  private static final long SEED = Long.getLong("cel.seed", 20_260_131L);

  private static final Map<String, Object> DATA =
      Map.of(
          "n",
          7L,
          "f",
          new BigDecimal("2.5"),
          "s",
          "ab",
          "t",
          true,
          "l",
          List.of(3L, 1L, 2L),
          "m",
          Map.of("a", 4L, "b", "cab"));

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .disableCelStandardEquality(false)
          .enableHeterogeneousNumericComparisons(true)
          .build();
  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(
              CelStandardMacro.HAS,
              CelStandardMacro.ALL,
              CelStandardMacro.EXISTS,
              CelStandardMacro.EXISTS_ONE,
              CelStandardMacro.MAP,
              CelStandardMacro.MAP_FILTER,
              CelStandardMacro.FILTER)
          .addVar("n", SimpleType.DYN)
          .addVar("f", SimpleType.DYN)
          .addVar("s", SimpleType.DYN)
          .addVar("t", SimpleType.DYN)
          .addVar("l", SimpleType.DYN)
          .addVar("m", SimpleType.DYN)
          .build();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(OPTIONS).build();

  /** A value, or that there is none and why. */
  private record Answer(Object value, String fault) {
    boolean failed() {
      return fault != null;
    }

    boolean equal(Answer other) {
      return failed() ? other.failed() : !other.failed() && value.equals(other.value);
    }
  }

  @Test
  void an_expression_of_the_shared_part_means_the_same_in_cel() {
    SharedExpressions expressions = new SharedExpressions(SEED);
    List<String> differences = new ArrayList<>();
    int failing = 0;
    int overflowing = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
      SharedExpressions.Pair pair = expressions.next();
      if (pair.ours().length() > Limits.EXPRESSION_CHARACTERS_MAX) {
        continue;
      }
      Answer ours = ours(pair.ours());
      Answer cel = cel(pair.cel());
      if (cel.failed() && cel.fault().contains("overflow")) {
        overflowing++; // Integers beyond 64 bits: ours go on.
      } else if (!ours.equal(cel)) {
        differences.add(pair.ours() + "\n    ours: " + ours + "\n    cel:  " + cel);
      }
      failing += ours.failed() ? 1 : 0;
    }
    assertThat(differences)
        .as("seed " + SEED + ", " + EXPRESSIONS + " expressions, " + failing + " fail in both")
        .isEmpty();
    // Both ends of the comparison must have been visited.
    assertThat(failing).isBetween(EXPRESSIONS / 100, EXPRESSIONS / 2);
    assertThat(overflowing).isLessThan(EXPRESSIONS / 100);
  }

  private static Answer ours(String text) {
    try {
      return new Answer(
          plain(Expression.parse(text).evaluate(new Scope(DATA::get, Table.NOW, ""))), null);
    } catch (ExpressionException fault) {
      return new Answer(null, fault.getMessage());
    }
  }

  private static Answer cel(String text) {
    try {
      Object value = RUNTIME.createProgram(COMPILER.compile(text).getAst()).eval(binary(DATA));
      return new Answer(plain(value), null);
    } catch (CelValidationException | CelEvaluationException fault) {
      return new Answer(null, String.valueOf(fault.getMessage()));
    }
  }

  /** The data with fractions as CEL has them. */
  private static Map<String, Object> binary(Map<String, Object> data) {
    Map<String, Object> binary = new LinkedHashMap<>();
    data.forEach(
        (name, value) ->
            binary.put(name, value instanceof BigDecimal number ? number.doubleValue() : value));
    return binary;
  }

  /** In one form for both: numbers by value, lists and maps by content. */
  private static Object plain(Object value) {
    return switch (value) {
      case Long number -> BigDecimal.valueOf(number).stripTrailingZeros();
      case BigDecimal number -> number.stripTrailingZeros();
      case Double number -> BigDecimal.valueOf(number).stripTrailingZeros();
      case List<?> list -> list.stream().map(CelDifferentialTest::plain).toList();
      case Map<?, ?> map -> {
        Map<Object, Object> plain = new LinkedHashMap<>();
        map.forEach((key, field) -> plain.put(key, plain(field)));
        yield plain;
      }
      case null -> "null";
      default -> value;
    };
  }
}
