package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordedTest {
  @Test
  void what_is_written_as_yaml_is_read_as_the_same() {
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("name", "recorded 1: a #test");
    item.put("input", Json.read("{\"a\": [1, 2.5, true, null, \"no\", \"\", \"- x\", \"a: b\"]}"));
    item.put(
        "mocks",
        Json.read(
            "{\"each[0]/x\": {\"$value\": {\"text\": \"line\\n"
                + "break \\u00e9 \\\"q\\\"\", \"empty\": {}, \"none\": []}}, \"long\": ["
                + "\"%s\", \"%s\"]}".formatted("x".repeat(80), "y y ".repeat(30))));
    String text = "tests:\n" + YamlText.item(item);
    Problems problems = new Problems();
    Document read = Document.read(text, problems);
    assertThat(problems.errors()).as(text).isEmpty();
    assertThat(read.data()).isEqualTo(Map.of("tests", List.of(item)));
  }
}
