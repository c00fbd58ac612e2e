package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths of what is masked. */
class TermsTest {
  @ParameterizedTest
  @CsvSource({
    "input, input",
    "$input.card.number, input card number",
    "$.input.card, input card",
    "charge.cards[*].iban, charge cards * iban",
    "charge.cards.*.iban, charge cards * iban",
    "input.list[3], input list 3",
    "input[\"x-token\"], input x-token"
  })
  void a_path_is_read(String text, String segments) {
    assertThat(MaskPath.parse(text).segments()).containsExactly(segments.split(" "));
  }

  @ParameterizedTest
  @CsvSource({"''", ".", "a..b", "'a b'", "a[", "a[b]", ".a", "a.", "$"})
  void what_is_no_path_is_none(String text) {
    assertThat(MaskPath.parse(text)).isNull();
  }

  @Test
  void a_budget_is_raised_where_something_is_given() {
    Budget raised = new Budget(5L, 100, null, null, true).raisedTo(7L, null, 9L, null);

    assertThat(raised).isEqualTo(new Budget(7L, 100, 9L, null, true));
    assertThat(List.of(Budget.DEFAULT.transitions())).containsExactly(50_000L);
  }
}
