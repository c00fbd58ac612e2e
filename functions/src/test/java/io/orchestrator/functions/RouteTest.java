package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which path leads where. */
class RouteTest {
  @Test
  void a_path_leads_to_its_route_with_its_values() {
    assertThat(Route.find(Route.Server.API, "POST", "/flows/support/execute"))
        .isEqualTo(new Route.Match.Found(Route.EXECUTE_FLOW, Map.of("flow", "support")));
    assertThat(Route.find(Route.Server.API, "GET", "/executions/a%2Fb"))
        .isEqualTo(new Route.Match.Found(Route.GET_EXECUTION, Map.of("id", "a/b")));
  }

  @Test
  void a_written_part_goes_before_a_parameter() {
    assertThat(Route.find(Route.Server.API, "POST", "/flows/validate"))
        .isEqualTo(new Route.Match.Found(Route.VALIDATE_FLOW, Map.of()));
    assertThat(Route.find(Route.Server.API, "GET", "/flows/validate"))
        .isEqualTo(new Route.Match.Found(Route.GET_FLOW, Map.of("flow", "validate")));
  }

  @Test
  void another_method_is_told_what_would_do() {
    assertThat(Route.find(Route.Server.API, "POST", "/adapters/stripe"))
        .isEqualTo(new Route.Match.OtherMethod(List.of("GET", "PUT", "DELETE")));
  }

  @Test
  void a_word_that_stands_in_place_of_an_id_is_never_one() {
    assertThat(Route.find(Route.Server.API, "GET", "/executions/bulk"))
        .isEqualTo(new Route.Match.OtherMethod(List.of("POST")));
    assertThat(Route.find(Route.Server.API, "POST", "/executions/failures"))
        .isEqualTo(new Route.Match.OtherMethod(List.of("GET")));
    assertThat(Route.find(Route.Server.API, "POST", "/executions/bulk/cancel"))
        .isEqualTo(new Route.Match.OtherMethod(List.of("GET")));
  }

  @Test
  void what_is_served_elsewhere_or_nowhere_is_nothing() {
    for (String path :
        List.of(
            "/",
            "",
            "/flows/",
            "/flows//execute",
            "/hooks/acme/x",
            "/callbacks/t",
            "/flows/%zz",
            "flows")) {
      assertThat(Route.find(Route.Server.API, "POST", path))
          .as(path)
          .isEqualTo(new Route.Match.Nothing());
    }
  }
}
