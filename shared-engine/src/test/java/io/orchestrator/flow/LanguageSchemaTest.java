package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.InputSchema;
import io.orchestrator.expression.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The schema of the language says what its reader says. */
class LanguageSchemaTest {
  private static final InputSchema SCHEMA = new InputSchema(LanguageSchema.data());
  private static final Map<String, Code> CODES =
      Arrays.stream(Code.values()).collect(Collectors.toMap(Code::text, Function.identity()));

  private static List<InputSchema.Misfit> misfits(String text) {
    Document document = Document.read(text, new Problems());
    return SCHEMA.misfits(document.data());
  }

  @Test
  void it_is_json_schema_2020_12() {
    assertThat(new InputSchema(meta()).misfits(LanguageSchema.data())).isEmpty();
    assertThat(Json.write(LanguageSchema.data())).isEqualTo(Json.write(LanguageSchema.data()));
  }

  private static Map<String, Object> meta() {
    return Map.of("$ref", "https://json-schema.org/draft/2020-12/schema");
  }

  @ParameterizedTest
  @MethodSource("io.orchestrator.flow.ExampleFlowsTest#folders")
  void an_example_fits(String folder) {
    assertThat(misfits(Examples.text(folder))).isEmpty();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
            BadTextsTest.written(),
            BadTextsTest.shaped(),
            BadTextsTest.stepped(),
            BadTextsTest.optioned(),
            BadTextsTest.looped(),
            BadTextsTest.structured(),
            BadTextsTest.meant(),
            CheckedExpressionsTest.whole())
        .flatMap(Function.identity())
        .filter(each -> isTree((String) each.get()[1]));
  }

  private static boolean isTree(String marked) {
    Problems problems = new Problems();
    return Document.read(Marked.of(marked).text(), problems) != null && problems.none();
  }

  @ParameterizedTest(name = "{0} <- {1}")
  @MethodSource("mistakes")
  void a_structural_mistake_is_refused_by_the_schema_and_another_is_not(
      String code, String marked) {
    List<InputSchema.Misfit> misfits = misfits(Marked.of(marked).text());
    if (CODES.get(code).structural()) {
      assertThat(misfits).isNotEmpty();
    } else {
      assertThat(misfits).isEmpty();
    }
  }

  @Test
  void every_kind_that_the_reader_knows_has_a_row_and_no_other() {
    Values values = new Values(new Problems());
    StepsReader steps = new StepsReader(values, new Labels(values.problems()));
    Kinds kinds = new Kinds(values, steps.spans(), steps);
    assertThat(KindTable.rows().stream().map(KindTable.Row::kind).collect(Collectors.toSet()))
        .isEqualTo(
            Words.KINDS.stream()
                .filter(kind -> kinds.reader(kind) != null)
                .collect(Collectors.toSet()));
  }

  @Test
  void every_key_that_a_reader_takes_is_in_the_table_and_no_other() {
    for (KindTable.Row row : KindTable.rows()) {
      Set<String> table = new LinkedHashSet<>();
      KindTable.rows().stream()
          .filter(other -> other.kind().equals(row.kind()))
          .forEach(other -> other.options().forEach(option -> table.add(option.name())));
      KindTable.common().forEach(option -> table.add(option.name()));
      KindTable.ofCalls().forEach(option -> table.add(option.name()));
      table.remove(row.kind());
      Fields fields = read(row.kind());
      Set<String> taken = new LinkedHashSet<>(fields.known());
      taken.remove(row.kind());
      assertThat(taken).as(row.kind()).containsExactlyInAnyOrderElementsOf(table);
    }
  }

  /** The keys of a step after its reader has looked at them. */
  private static Fields read(String kind) {
    Map<String, Node.Entry> body = new LinkedHashMap<>();
    Spot spot = Spot.START;
    Object value = kind.equals("if") ? "true" : sample(kind);
    body.put(kind, new Node.Entry(spot, Document.of(value, "").root()));
    Problems problems = new Problems();
    Fields fields = new Fields(new Node.Mapping(spot, body), "a step", problems);
    Values values = new Values(problems);
    StepsReader steps = new StepsReader(values, new Labels(problems));
    fields.take(kind);
    new Kinds(values, steps.spans(), steps).reader(kind).read(body.get(kind).value(), fields, 1);
    new OptionsReader(values, steps.spans(), steps).read(fields, 1);
    return fields;
  }

  private static Object sample(String kind) {
    return switch (kind) {
      case "parallel", "do", "repeat" -> List.of("log_failure");
      case "await", "approve" -> Map.of("callback", true);
      default -> "x";
    };
  }

  @Test
  void generated_flows_fit() {
    List<String> misfits = new ArrayList<>();
    for (int seed = 0; seed < 300; seed++) {
      String text = io.orchestrator.execution.GeneratedFlows.text(seed);
      List<InputSchema.Misfit> found = misfits(text);
      if (!found.isEmpty()) {
        misfits.add("seed " + seed + ": " + found + "\n" + text);
      }
    }
    assertThat(misfits).isEmpty();
  }
}
