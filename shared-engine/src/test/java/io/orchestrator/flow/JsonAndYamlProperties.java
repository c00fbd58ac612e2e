package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The same data is the same tree, however it is written. */
class JsonAndYamlProperties {
  @Property(tries = 300)
  void json_and_yaml_of_the_same_data_give_the_same_tree(@ForAll("maps") Map<String, Object> data) {
    Object fromJson = tree(Json.write(data));
    StringBuilder yaml = new StringBuilder();
    write(data, 0, yaml);
    assertThat(Json.canonical(fromJson)).isEqualTo(Json.canonical(data));
    assertThat(Json.canonical(tree(yaml.toString())))
        .as(yaml.toString())
        .isEqualTo(Json.canonical(data));
  }

  @Example
  void json_and_yaml_of_the_same_flow_give_the_same_hash() {
    for (String name : Examples.SEED) {
      String yaml = Examples.text(name);
      String json = Json.write(tree(yaml));
      Plan one = FlowValidation.validate(yaml, Examples.NAMES).compiled().plan();
      Plan other = FlowValidation.validate(json, Examples.NAMES).compiled().plan();
      assertThat(other.hash()).isEqualTo(one.hash());
      assertThat(other.steps().stream().map(Step::path))
          .isEqualTo(one.steps().stream().map(Step::path).toList());
    }
  }

  @Example
  void a_version_is_a_text_however_it_is_written() {
    String yaml = "{flow: a, version: 1.10, vars: {version: 1.10}}";
    assertThat(Json.write(tree(yaml)))
        .isEqualTo("{\"flow\":\"a\",\"version\":\"1.10\",\"vars\":{\"version\":1.10}}");
  }

  @Example
  void plain_scalars_mean_what_yaml_1_2_says() {
    String yaml =
        "[yes, no, on, 010, 0o10, 0x1F, ~, null, True, 1e3, -0.5, 2024-06-20, 1_000, '7',"
            + " 12:30:45]";
    assertThat(Json.write(((Map<?, ?>) tree("a: " + yaml)).get("a")))
        .isEqualTo(
            "[\"yes\",\"no\",\"on\",10,8,31,null,null,true,1E+3,-0.5,\"2024-06-20\",\"1_000\",\"7\",\"12:30:45\"]");
  }

  @Provide
  Arbitrary<Map<String, Object>> maps() {
    return Arbitraries.maps(keys(), values(3))
        .ofMaxSize(4)
        .filter(map -> !map.isEmpty() && !map.containsKey("version"));
  }

  private static Arbitrary<Object> values(int depth) {
    Arbitrary<Object> scalars =
        Arbitraries.<Object>oneOf(
            Arbitraries.longs().asGeneric(),
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-1e9"), new BigDecimal("1e9"))
                .ofScale(3)
                .asGeneric(),
            Arbitraries.of(true, false).asGeneric(),
            Arbitraries.just(null),
            texts().asGeneric());
    if (depth == 0) {
      return scalars;
    }
    return Arbitraries.oneOf(
        scalars,
        values(depth - 1).list().ofMaxSize(3).asGeneric(),
        Arbitraries.maps(keys(), values(depth - 1)).ofMaxSize(3).asGeneric());
  }

  private static Arbitrary<String> keys() {
    return Arbitraries.oneOf(Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8), texts());
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings()
            .withChars("abc é\"'\\\n\t:#-?!&*{}[]<,|>@`%$=~0\u00A0\u2028")
            .ofMaxLength(12),
        Arbitraries.of("true", "null", "1.0", "0x1", "<<", "~", "- a", "a: b", "1e5", "😀", ""));
  }

  private static Object tree(String text) {
    Problems problems = new Problems();
    Document document = Document.read(text, problems);
    assertThat(problems.errors()).as(text).isEmpty();
    return document.data();
  }

  /** Block style with quoted texts, written independently of any library. */
  private static void write(Object data, int indent, StringBuilder out) {
    switch (data) {
      case Map<?, ?> map when !map.isEmpty() -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach((key, value) -> entries.put((String) key, value));
        entries.forEach(
            (key, value) -> {
              out.append("\n").repeat(" ", indent).append(quoted(key)).append(": ");
              write(value, indent + 2, out);
            });
      }
      case List<?> list when !list.isEmpty() ->
          new ArrayList<>(list)
              .forEach(
                  item -> {
                    out.append("\n").repeat(" ", indent).append("- ");
                    write(item, indent + 2, out);
                  });
      case null, default ->
          out.append(data instanceof String text ? quoted(text) : Json.write(data));
    }
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c < ' ' || c == 0x2028);
    return plain ? "'" + text.replace("'", "''") + "'" : Json.write(text);
  }
}
