package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import org.junit.jupiter.api.Test;

/** The short form of schemas. */
class InputSchemaTest {
  private static final String DIALECT =
      "\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"";

  @Test
  void the_short_form_becomes_json_schema() {
    assertThat(
            schema(
                "{amount: integer, note?: string, tags: [string], to: {name: string, age?: number},"
                    + " x: any}"))
        .isEqualTo(
            "{"
                + DIALECT
                + ",\"type\":\"object\",\"properties\":{\"amount\":{\"type\":\"integer\"},\"note\":{\"type\":\"string\"},"
                + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},"
                + "\"to\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"age\":{\"type\":\"number\"}},"
                + "\"required\":[\"name\"]},\"x\":{}},\"required\":[\"amount\",\"tags\",\"to\",\"x\"]}");
  }

  @Test
  void json_schema_stays_as_it_is() {
    String text =
        "{\"type\":\"object\",\"properties\":{\"type\":{\"enum\":[\"a\"]}},\"additionalProperties\":false}";
    assertThat(schema(text)).isEqualTo("{" + DIALECT + "," + text.substring(1));
  }

  @Test
  void a_field_that_is_called_type_can_still_be_written_short() {
    assertThat(schema("{type: string}"))
        .contains("\"properties\":{\"type\":{\"type\":\"string\"}}");
  }

  private static String schema(String text) {
    Problems problems = new Problems();
    Node node = Document.read(text, problems).root();
    String schema = Json.write(InputSchema.read(node, problems));
    assertThat(problems.errors()).isEmpty();
    return schema;
  }
}
