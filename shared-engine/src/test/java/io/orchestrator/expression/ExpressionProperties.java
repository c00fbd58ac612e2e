package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ExpressionProperties {

  private static Object value(String expression, Map<String, Object> data) {
    return Expression.parse(expression).evaluate(new Scope(data::get, Table.NOW, ""));
  }

  @Property
  void integers_are_exact(@ForAll long a, @ForAll long b) {
    Map<String, Object> data = Map.of("a", a, "b", b);
    BigDecimal x = BigDecimal.valueOf(a);
    BigDecimal y = BigDecimal.valueOf(b);
    assertThat(Json.write(value("$a + $b", data))).isEqualTo(x.add(y).toPlainString());
    assertThat(Json.write(value("$a - $b", data))).isEqualTo(x.subtract(y).toPlainString());
    assertThat(Json.write(value("$a * $b", data))).isEqualTo(x.multiply(y).toPlainString());
    assertThat(value("$b == 0 || $a == $b * (($a - $a % $b) / $b) + $a % $b", data))
        .isEqualTo(true);
  }

  @Property
  void order_and_equality_agree(@ForAll("scalars") Object a, @ForAll("scalars") Object b) {
    Map<String, Object> data = Map.of("a", a, "b", b);
    boolean equal = (Boolean) value("$a == $b", data);
    assertThat(value("$b == $a", data)).isEqualTo(equal);
    if (Values.areOrdered(a, b)) {
      assertThat(value("$a <= $b && $b <= $a", data)).isEqualTo(equal);
      assertThat(value("($a < $b) != ($a >= $b)", data)).isEqualTo(true);
    }
    if (equal) {
      assertThat(Json.canonical(a)).isEqualTo(Json.canonical(b));
    }
  }

  @Provide
  static Arbitrary<Object> scalars() {
    return Arbitraries.of(
        0L,
        1L,
        -1L,
        2L,
        new BigDecimal("1.0"),
        new BigDecimal("0.50"),
        new BigDecimal("1E+3"),
        1000L,
        Long.MAX_VALUE,
        new BigDecimal("9223372036854775808"),
        "",
        "a",
        "b",
        "é",
        "😀",
        "\uFB00",
        true,
        false);
  }

  @Property(tries = 3_000)
  void any_text_is_evaluated_or_refused_with_a_message(@ForAll("almostExpressions") String text) {
    try {
      Json.read(Json.write(Table.value(text)));
    } catch (ExpressionException e) {
      assertThat(e.getMessage()).isNotBlank();
      assertThat(e.offset()).isBetween(0, text.length());
    }
  }

  @Provide
  static Arbitrary<String> almostExpressions() {
    return Arbitraries.of(
            "$order",
            "$items",
            "$numbers",
            "$text",
            ".id",
            ".count",
            ".map(x, ",
            ".filter(x, ",
            ".sort_by(x, ",
            "x",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "a: ",
            ",",
            "1",
            "0.5",
            "'s'",
            " + ",
            " - ",
            " * ",
            " / ",
            " % ",
            " == ",
            " < ",
            " in ",
            " not in ",
            "not ",
            "!",
            " and ",
            " || ",
            " ?? ",
            " ? ",
            " : ",
            "null",
            "true",
            "size(",
            "json(",
            "date(",
            "round(",
            "range(",
            "slice(",
            "$",
            "'",
            ".")
        .list()
        .ofMaxSize(9)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 3_000)
  void any_call_of_any_function_gives_data_or_a_message(
      @ForAll Function function, @ForAll("arguments") List<String> arguments) {
    String call = function.text() + "(" + String.join(", ", arguments) + ")";
    try {
      Json.read(Json.write(Table.value(call)));
    } catch (ExpressionException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Provide
  static Arbitrary<List<String>> arguments() {
    return Arbitraries.of(
            "null",
            "true",
            "0",
            "-1",
            "2",
            "1e300",
            "-1e300",
            "0.5",
            "1e-300",
            "9223372036854775807",
            "308",
            "-308",
            "2147483647",
            "-2147483648",
            "''",
            "'a'",
            "'P1D'",
            "'15m'",
            "'days'",
            "'2026-01-31'",
            "'-999999999-01-01'",
            "'+999999999-12-31'",
            "'yyyy'",
            "'😀é'",
            "'['",
            "[]",
            "[1, 2.5]",
            "['b', 'a']",
            "[null]",
            "{}",
            "{a: 1}",
            "$items",
            "$order")
        .list()
        .ofMinSize(0)
        .ofMaxSize(3);
  }
}
