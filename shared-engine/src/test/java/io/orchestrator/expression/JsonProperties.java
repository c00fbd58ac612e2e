package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonProperties {

  @Provide
  static Arbitrary<Object> data() {
    Arbitrary<Object> scalars =
        Arbitraries.oneOf(
            Arbitraries.just(null),
            Arbitraries.of(true, false),
            Arbitraries.longs().map(n -> (Object) n),
            Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(20), BigInteger.TEN.pow(39))
                .map(BigDecimal::new),
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e20"), new BigDecimal("1e20"))
                .ofScale(12)
                .map(n -> n.movePointRight(3).setScale(12)),
            texts());
    return Arbitraries.recursive(() -> scalars, JsonProperties::nested, 0, 3);
  }

  private static Arbitrary<Object> nested(Arbitrary<Object> inner) {
    return Arbitraries.oneOf(
        inner,
        inner.list().ofMaxSize(4).map(list -> (Object) list),
        Arbitraries.maps(texts(), inner)
            .ofMaxSize(4)
            .map(map -> (Object) new LinkedHashMap<>(map)));
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.strings()
        .withChars("abc\"\\\n\t\u0001é\u2028€😀😁")
        .ofMaxLength(8)
        .map(JsonProperties::whole);
  }

  /** Without the halves of pairs that choosing single chars gives. */
  private static String whole(String text) {
    StringBuilder whole = new StringBuilder();
    text.codePoints().filter(c -> c < 0xD800 || c > 0xDFFF).forEach(whole::appendCodePoint);
    return whole.toString();
  }

  @Property
  void what_is_written_reads_as_equal_and_is_written_the_same(@ForAll("data") Object data) {
    String written = Json.write(data);
    Object read = Json.read(written);
    assertThat(read).isEqualTo(data);
    assertThat(Json.write(read)).isEqualTo(written);
    assertThat(Json.write(Json.read(written.getBytes(StandardCharsets.UTF_8)))).isEqualTo(written);
    assertThat(Json.bytes(data, Long.MAX_VALUE))
        .isEqualTo(written.getBytes(StandardCharsets.UTF_8).length);
  }

  @Property
  void canonical_text_is_its_own_canonical_text(@ForAll("data") Object data) {
    String canonical = Json.canonical(data);
    assertThat(Json.canonical(Json.read(canonical))).isEqualTo(canonical);
  }

  @Property
  void any_text_is_read_or_refused_with_a_place(@ForAll("almostJson") String text) {
    try {
      String written = Json.write(Json.read(text));
      assertThat(Json.write(Json.read(written))).isEqualTo(written);
    } catch (JsonException e) {
      assertThat(e.line()).isPositive();
      assertThat(e.column()).isBetween(1, text.length() + 1);
    }
  }

  @Provide
  static Arbitrary<String> almostJson() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\"a\"",
            "\"b\"",
            "1",
            "0",
            "-",
            ".",
            "e",
            "9",
            "null",
            "true",
            " ",
            "\n",
            "\\u00",
            "\\ud83d",
            "\\ude00",
            "\\",
            "E+",
            "é",
            "308",
            "1234567890")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Property
  void any_number_in_limits_keeps_its_value(@ForAll("numbers") String number) {
    try {
      String written = Json.write(Json.read(number));
      assertThat(new BigDecimal(written)).isEqualByComparingTo(new BigDecimal(number));
      assertThat(Json.write(Json.read(written))).isEqualTo(written);
    } catch (JsonException e) {
      assertThat(e).hasMessageMatching(".*(40 digits|beyond 308)");
    }
  }

  @Provide
  static Arbitrary<String> numbers() {
    Arbitrary<String> digits =
        Arbitraries.strings().withChars('0', '1', '9').ofMinLength(1).ofMaxLength(25);
    Arbitrary<String> integers = digits.map(d -> new BigInteger(d).toString());
    Arbitrary<String> fractions = Arbitraries.oneOf(Arbitraries.just(""), digits.map(d -> "." + d));
    Arbitrary<String> exponents =
        Arbitraries.oneOf(
            Arbitraries.just(""), Arbitraries.integers().between(-320, 320).map(e -> "e" + e));
    return Combinators.combine(Arbitraries.of("", "-"), integers, fractions, exponents)
        .as((sign, whole, fraction, exponent) -> sign + whole + fraction + exponent);
  }

  @Property
  void the_order_of_keys_is_kept_and_does_not_change_the_canonical_text(
      @ForAll("keys") List<String> keys) {
    Map<String, Object> forth = new LinkedHashMap<>();
    Map<String, Object> back = new LinkedHashMap<>();
    keys.forEach(key -> forth.put(key, key));
    keys.reversed().forEach(key -> back.put(key, key));
    assertThat(((Map<?, ?>) Json.read(Json.write(forth))).keySet().toArray())
        .isEqualTo(keys.toArray());
    assertThat(Json.canonical(forth)).isEqualTo(Json.canonical(back));
  }

  @Provide
  static Arbitrary<List<String>> keys() {
    return texts().list().uniqueElements().ofMaxSize(6);
  }
}
