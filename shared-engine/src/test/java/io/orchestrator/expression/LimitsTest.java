package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LimitsTest {
  private static final Map<String, Object> BIG =
      Map.of("text", "x".repeat(200_000), "list", Collections.nCopies(4_000, 1L));

  private static Object value(String expression) {
    return Expression.parse(expression).evaluate(new Scope(BIG::get, Table.NOW, ""));
  }

  private static void refused(ThrowingCallable call, String part) {
    assertThatThrownBy(call).isInstanceOf(ExpressionException.class).hasMessageContaining(part);
  }

  @Test
  void an_expression_has_at_most_1024_characters() {
    assertThat(value("'" + "😀".repeat(1_022) + "'")).isNotNull();
    refused(() -> Expression.parse("1" + " ".repeat(1_024)), "more than 1024 characters");
  }

  @Test
  void nesting_goes_down_to_32() {
    assertThat(value("(".repeat(32) + "1" + ")".repeat(32))).isEqualTo(1L);
    assertThat(value("!".repeat(32) + "true")).isEqualTo(true);
    refused(() -> Expression.parse("(".repeat(33) + "1" + ")".repeat(33)), "nested deeper than 32");
    refused(() -> Expression.parse("[".repeat(33) + "1" + "]".repeat(33)), "nested deeper than 32");
    refused(() -> Expression.parse("!".repeat(33) + "true"), "nested deeper than 32");
    refused(() -> Expression.parse("not ".repeat(33) + "true"), "nested deeper than 32");
    refused(() -> Expression.parse("true ? 1 : ".repeat(33) + "2"), "nested deeper than 32");
    assertThat(value("1" + "+1".repeat(500))).isEqualTo(501L);
  }

  @Test
  void an_evaluation_ends_after_10000_operations() {
    assertThat(value("$list.map(x, 1).size()")).isEqualTo(4_000L);
    refused(() -> value("$list.map(x, x + 1).map(x, x)"), "more than 10000 operations");
    refused(() -> value("range(100).map(a, range(100).map(b, b))"), "more than 10000 operations");
    refused(() -> value("range(100000000)"), "more than 10000 operations");
    refused(
        () -> value("$list == $list + [1] || $list + [] == $list"), "more than 10000 operations");
  }

  @Test
  void a_result_has_at_most_64_KiB() {
    assertThat((String) value("$text.substring(0, 65534)")).hasSize(65_534);
    refused(
        () -> value("$text.substring(0, 65535)"),
        "`$text.substring(0, 65535)` is larger than 65536 bytes");
    refused(() -> value("$text"), "larger than 65536 bytes");
    assertThat(value("size($text)")).isEqualTo(200_000L);
  }

  @Test
  void what_is_made_on_the_way_is_bounded_too() {
    refused(() -> value("size($text.replace('x', $text))"), "more than 1048576 characters");
    refused(() -> value("size($list.map(x, $text).join(''))"), "more than");
    refused(() -> value("range(300).map(i, $text + $text).size()"), "more than 10000 operations");
    String doubled = "[0]";
    for (int i = 0; i < 25; i++) {
      doubled = doubled + ".map(x, [x, x])[0]";
    }
    String shared = doubled;
    assertThat(value("size(" + shared + ")")).isEqualTo(2L);
  }

  @Test
  void data_that_shares_its_parts_cannot_explode_when_it_is_written() {
    String nested = "$list.slice(0, 9)";
    for (int i = 0; i < 20; i++) {
      nested = "[" + nested + "].map(x, [x, x, x])[0]";
    }
    String shared = nested;
    refused(() -> value(shared), "larger than 65536 bytes");
    refused(() -> value("json(" + shared + ")"), "more than 10000 operations");
    refused(() -> value("hash(" + shared + ")"), "more than 10000 operations");
    refused(() -> value(shared + " == " + "[" + shared + "][0]"), "more than 10000 operations");
  }

  @Test
  void patterns_are_bounded_and_run_in_linear_time() {
    refused(() -> Expression.parse("'a' matches '((a{100}){100}){100}'"), "too large");
    refused(() -> Expression.parse("'a' matches '(a{1000}){3}'"), "too large");
    assertThat(value("'2026-01-31' matches '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'")).isEqualTo(true);
    long start = System.nanoTime();
    assertThat(value("$text matches '^(x+x+)+y$'")).isEqualTo(false);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void numbers_stay_within_40_digits() {
    refused(() -> Expression.parse("1".repeat(41)), "more than 40 digits");
    assertThat(value("9".repeat(40))).hasToString("9".repeat(40));
    refused(() -> value("9".repeat(40) + " + 1"), "more than 40 digits");
    refused(() -> Expression.parse("1e309"), "exponent is beyond 308");
  }
}
