package io.orchestrator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaskingTest {
  private static String masked(String json, String... paths) {
    return Json.write(Masking.of(List.of(paths)).apply(Json.read(json)));
  }

  @Test
  void a_path_hides_its_value_whatever_it_is_and_nothing_else() {
    assertThat(masked("{\"a\":{\"b\":1,\"c\":2},\"b\":3}", "a.b"))
        .isEqualTo("{\"a\":{\"b\":\"***\",\"c\":2},\"b\":3}");
    assertThat(masked("{\"a\":{\"b\":1},\"n\":null}", "a", "n", "x.y"))
        .isEqualTo("{\"a\":\"***\",\"n\":\"***\"}");
  }

  @Test
  void a_path_goes_through_lists_and_a_star_through_every_key() {
    assertThat(masked("{\"items\":[{\"card\":1},[{\"card\":2}],3]}", "items.card"))
        .isEqualTo("{\"items\":[{\"card\":\"***\"},[{\"card\":\"***\"}],3]}");
    assertThat(masked("{\"a\":{\"k\":1,\"l\":2},\"b\":{\"k\":3}}", "*.k"))
        .isEqualTo("{\"a\":{\"k\":\"***\",\"l\":2},\"b\":{\"k\":\"***\"}}");
  }

  @Test
  void the_data_itself_is_not_changed() {
    Object data = Json.read("{\"a\":{\"b\":1}}");
    Masking.of(List.of("a.b")).apply(data);
    assertThat(Json.write(data)).isEqualTo("{\"a\":{\"b\":1}}");
    assertThat(Masking.NONE.apply(data)).isSameAs(data);
  }
}
