package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  static Stream<Arguments> texts() {
    return Table.of(
        """
        null => null
        [ true , false ] => [true,false]
        1.0 => 1.0
        -0 => 0
        1.50e1 => 15.0
        1e5 => 1E+5
        9223372036854775807 => 9223372036854775807
        9223372036854775808 => 9223372036854775808
        0.000001 => 0.000001
        {"b": 1, "a": {"c": []}} => {"b":1,"a":{"c":[]}}
        "\\u0041\\/\\b\\f\\n\\r\\t\\"\\\\" => "A/\\b\\f\\n\\r\\t\\"\\\\"
        "\\u001f\\u00e9\\ud83d\\ude00" => "\\u001fé😀"
        """);
  }

  @ParameterizedTest(name = "{0} is written {1}")
  @MethodSource("texts")
  void what_was_read_is_written_compactly(String text, String written) {
    assertThat(Json.write(Json.read(text))).isEqualTo(written);
    assertThat(Json.write(Json.read(written.getBytes(StandardCharsets.UTF_8)))).isEqualTo(written);
  }

  @Test
  void data_is_plain_java() {
    assertThat(Json.read("[1, 1.0, 12345678901234567890, \"a\", true, null]"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .containsExactly(
            1L, new BigDecimal("1.0"), new BigDecimal("12345678901234567890"), "a", true, null);
    assertThat(((Map<?, ?>) Json.read("{\"z\":1,\"a\":2}")).keySet().toArray())
        .containsExactly("z", "a");
  }

  static Stream<Arguments> malformed() {
    return Table.of(
        """
        [1,] => 1:4 ']' stands where a value was expected
        [1 2] => 1:4 '2' stands where ',' or ']' was expected
        {"a":1,"a":2} => 1:8 the key "a" stands twice in one object
        {a:1} => 1:2 'a' stands where a key in double quotes was expected
        {"a"} => 1:5 '}' stands where ':' was expected
        01 => 1:1 a number does not begin with 0
        -01 => 1:1 a number does not begin with 0
        1. => 1:3 the text ends where a digit was expected
        .5 => 1:1 '.' stands where a value was expected
        +1 => 1:1 '+' stands where a value was expected
        1e => 1:3 the text ends where a digit was expected
        NaN => 1:1 'N' stands where a value was expected
        1e309 => 1:1 the number's exponent is beyond 308
        1e-309 => 1:1 the number's exponent is beyond 308
        123e307 => 1:1 the number's exponent is beyond 308
        1e99999999999999999999 => 1:1 the number's exponent is beyond 308
        12345678901234567890123456789012345678901 => 1:1 the number has more than 40 digits
        1.2345678901234567890123456789012345678901 => 1:1 the number has more than 40 digits
        tru => 1:1 't' stands where a value was expected
        "a => 1:1 the string that begins here has no end
        "\\x" => 1:2 JSON has no such escape
        "\\u12g4" => 1:2 \\u needs four hexadecimal digits
        "\\u0000" => 1:2 the character NUL is not allowed
        "é\\ud800" => 1:2 the string holds half of a surrogate pair
        "\\udc00\\ud800" => 1:2 the string holds half of a surrogate pair
        1 2 => 1:3 '2' stands where the end of the text was expected
        'a' => 1:1 ''' stands where a value was expected
        /* */ 1 => 1:1 '/' stands where a value was expected
        """);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("malformed")
  void malformed_text_is_refused_with_its_place(String text, String fault) {
    assertThatThrownBy(() -> Json.read(text))
        .isInstanceOfSatisfying(
            JsonException.class,
            e -> assertThat(e.line() + ":" + e.column() + " " + e.getMessage()).isEqualTo(fault));
  }

  @Test
  void lines_are_counted() {
    assertThatThrownBy(() -> Json.read("{\n  \"a\": 1,\n  \"😀\": x}"))
        .isInstanceOfSatisfying(
            JsonException.class, e -> assertThat(e.line() + ":" + e.column()).isEqualTo("3:8"));
    assertThatThrownBy(() -> Json.read("")).hasMessage("the text ends where a value was expected");
    assertThatThrownBy(() -> Json.read("\"a\nb\"")).hasMessageContaining("control character");
    assertThatThrownBy(() -> Json.read("\"\0\"")).hasMessageContaining("control character");
    assertThatThrownBy(() -> Json.read("\uFEFF1")).hasMessageContaining("U+FEFF");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "22c0af22",
        "22e080af22",
        "22eda08022",
        "22f4908080",
        "22ff22",
        "2280",
        "22c3",
        "22f0808080"
      })
  void malformed_UTF_8_is_refused(String hex) {
    assertThatThrownBy(() -> Json.read(HexFormat.of().parseHex(hex)))
        .isInstanceOfSatisfying(
            JsonException.class,
            e -> {
              assertThat(e).hasMessage("the text is not well-formed UTF-8");
              assertThat(e.column()).isEqualTo(2);
            });
  }

  @Test
  void the_replacement_character_itself_is_well_formed() {
    assertThat(Json.read("\"\uFFFD\"".getBytes(StandardCharsets.UTF_8))).isEqualTo("\uFFFD");
  }

  @Test
  void depth_is_64_outside_and_128_for_what_we_store() {
    assertThat(Json.read("[".repeat(64) + "]".repeat(64))).isNotNull();
    assertThatThrownBy(() -> Json.read("[".repeat(65) + "]".repeat(65)))
        .hasMessageContaining("deeper than 64");
    assertThatThrownBy(() -> Json.read("[".repeat(1_000_000)))
        .hasMessageContaining("deeper than 64");
    Object deep = Json.readStored("[".repeat(128) + "]".repeat(128));
    assertThat(Json.write(deep)).hasSize(256);
    assertThatThrownBy(() -> Json.write(List.of(deep)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Json.bytes(List.of(deep), 1_000))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_could_not_be_read_again_is_not_written() {
    for (Object value :
        List.of("\0", "\ud800", "\udc00a", 1, 1.5, new BigDecimal("1e309"), 'c', new Object())) {
      assertThatThrownBy(() -> Json.write(value)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void a_secret_is_written_by_its_name() {
    assertThat(Json.write(Collections.singletonMap("key", new Secret("a\"b"))))
        .isEqualTo("{\"key\":{\"secret\":\"a\\\"b\"}}");
  }

  @Test
  void equal_data_has_one_canonical_text() {
    assertThat(
            Json.canonical(
                Json.read("{\"b\": [1.0, 1e2, 0.00, 1.50], \"a\": {\"d\": 1, \"c\": 1e300}}")))
        .isEqualTo("{\"a\":{\"c\":1E+300,\"d\":1},\"b\":[1,100,0,1.5]}");
  }

  @Test
  void bytes_are_counted_no_further_than_asked() {
    assertThat(
            Json.bytes(Json.read("{\"é😀\\n\":[1,-22,1.50,null,true,false,\"\\u0001\"]}"), 1_000))
        .isEqualTo(
            "{\"é😀\\n\":[1,-22,1.50,null,true,false,\"\\u0001\"]}"
                .getBytes(StandardCharsets.UTF_8)
                .length);
    assertThat(Json.bytes(Collections.nCopies(1_000_000, "abc"), 100)).isGreaterThan(100);
  }
}
