package io.orchestrator.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.adapter.Calling;
import io.orchestrator.expression.Template;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormBodyTest {
  private static Map<String, Template> header(String name, String value) {
    return Map.of(name, Template.compile(value));
  }

  @Test
  void a_form_has_a_pair_for_each_value() {
    assertThat(
            FormBody.write(
                Calling.data(
                    """
                    {'amount': 2000, 'currency': 'eur', 'note': 'a&b=c d', 'none': null,
                     'expand': ['customer', 'invoice'], 'card': {'number': '42', 'cvc': {'x': true}}}
                    """)))
        .isEqualTo(
            "amount=2000&currency=eur&note=a%26b%3Dc%20d&expand=customer&expand=invoice"
                + "&card%5Bnumber%5D=42&card%5Bcvc%5D%5Bx%5D=true");
  }

  @Test
  void what_is_no_object_cannot_be_one() {
    assertThatThrownBy(() -> FormBody.write("text")).hasMessageContaining("must be an object");
  }

  @Test
  void the_header_of_the_action_says_it_or_else_that_of_the_adapter() {
    Map<String, Template> form =
        header("content-type", "Application/x-www-form-urlencoded; charset=utf-8");
    Map<String, Template> json = header("Content-Type", "application/json");
    assertThat(FormBody.isWanted(form, Map.of())).isTrue();
    assertThat(FormBody.isWanted(Map.of(), form)).isTrue();
    assertThat(FormBody.isWanted(json, form)).isFalse();
    assertThat(FormBody.isWanted(Map.of(), Map.of())).isFalse();
  }
}
