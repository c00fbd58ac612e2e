package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplainTest {
  private static List<String> lines(String expression) {
    return Expression.parse(expression).explain(Table.scope()).stream()
        .map(part -> " ".repeat(part.depth()) + part.text() + " -> " + told(part.outcome()))
        .toList();
  }

  private static String told(Explained.Outcome outcome) {
    return switch (outcome) {
      case Explained.Outcome.Value(Object value) -> Json.write(value);
      case Explained.Outcome.Fault(String message) -> "! " + message;
      case Explained.Outcome.NotEvaluated() -> "-";
    };
  }

  @Test
  void every_part_is_told_with_its_value() {
    assertThat(lines("$order.total * 2 > 20 and $order.paid"))
        .containsExactly(
            "$order.total * 2 > 20 and $order.paid -> true",
            " $order.total * 2 > 20 -> true",
            "  $order.total * 2 -> 25.00",
            "   $order.total -> 12.50",
            "    $order -> " + Json.write(Table.DATA.get("order")),
            " $order.paid -> true",
            "  $order -> " + Json.write(Table.DATA.get("order")));
  }

  @Test
  void a_part_that_did_not_matter_is_listed_as_such() {
    assertThat(lines("$missing == null || $numbers[9] > 1"))
        .containsExactly(
            "$missing == null || $numbers[9] > 1 -> true",
            " $missing == null -> true",
            "  $missing -> null",
            "$numbers[9] > 1 -> -",
            "$numbers[9] -> -",
            "$numbers -> -");
  }

  @Test
  void a_fault_is_told_at_the_part_that_caused_it_and_around_it() {
    assertThat(lines("1 + upper($order.note)"))
        .containsExactly(
            "1 + upper($order.note) -> ! `upper` needs a string: `$order.note` is null; give a"
                + " default with `??`",
            " upper($order.note) -> ! `upper` needs a string: `$order.note` is null; give a default"
                + " with `??`",
            "  $order.note -> null",
            "   $order -> " + Json.write(Table.DATA.get("order")));
  }

  @Test
  void inside_a_macro_every_element_is_told() {
    assertThat(lines("$numbers.filter(n, n > 1)"))
        .containsExactly(
            "$numbers.filter(n, n > 1) -> [3,2]",
            " $numbers -> [3,1,2]",
            " n > 1 -> true",
            "  n -> 3",
            " n > 1 -> false",
            "  n -> 1",
            " n > 1 -> true",
            "  n -> 2");
  }

  @Test
  void places_count_the_characters_of_the_expression() {
    Explained part = Expression.parse("1 + size('😀a')").explain(Table.scope()).get(1);
    assertThat(part.start()).isEqualTo(4);
    assertThat(part.end()).isEqualTo(15);
    assertThat(part.outcome()).isEqualTo(new Explained.Outcome.Value(2L));
  }

  @Test
  void an_explanation_is_bounded_and_the_value_is_the_same_as_without_one() {
    List<Explained> parts = Expression.parse("range(400).map(i, i + 1)").explain(Table.scope());
    assertThat(parts).hasSizeLessThanOrEqualTo(Limits.EXPLAINED_PARTS_MAX);
    assertThat(parts.getFirst().outcome())
        .isEqualTo(new Explained.Outcome.Value(Table.value("range(400).map(i, i + 1)")));
    Scope secret = new Scope(Map.of("k", (Object) new Secret("stripe_key"))::get, Table.NOW, "");
    assertThat(Expression.parse("$k").explain(secret).getFirst().outcome())
        .isEqualTo(new Explained.Outcome.Value(new Secret("stripe_key")));
  }
}
