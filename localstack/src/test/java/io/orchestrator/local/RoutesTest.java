package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.local.FunctionSpec.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private final FunctionSpec function =
      new FunctionSpec(
          "F",
          "x.Y",
          128,
          Duration.ofSeconds(3),
          Map.of(),
          List.of(
              new Route("GET", "/flows/{flow}", false),
              new Route("POST", "/flows/validate", false),
              new Route("GET", "/flows/{flow}/versions/{version}", false),
              new Route("ANY", "/hooks/{tenant}/{path+}", true)),
          List.of(),
          List.of());
  private final Routes routes = new Routes(List.of(function));

  @Test
  void a_literal_wins_over_a_parameter_and_a_greedy_parameter_takes_the_rest() {
    assertThat(routes.match("POST", "/flows/validate"))
        .isEqualTo(new Routes.Match.Found(function, "POST /flows/validate", Map.of()));
    assertThat(routes.match("GET", "/flows/a%2Fb/versions/1.0"))
        .isEqualTo(
            new Routes.Match.Found(
                function,
                "GET /flows/{flow}/versions/{version}",
                Map.of("flow", "a/b", "version", "1.0")));
    assertThat(routes.match("PUT", "/hooks/acme/orders/new"))
        .isEqualTo(
            new Routes.Match.Found(
                function,
                "ANY /hooks/{tenant}/{path+}",
                Map.of("tenant", "acme", "path", "orders/new")));
  }

  @Test
  void a_known_path_names_its_methods_and_an_unknown_one_is_unknown() {
    assertThat(routes.match("DELETE", "/flows/validate"))
        .isEqualTo(new Routes.Match.OtherMethods(Set.of("GET", "POST")));
    assertThat(routes.match("GET", "/hooks/acme")).isEqualTo(new Routes.Match.Unknown());
    assertThat(routes.match("GET", "/flows/")).isEqualTo(new Routes.Match.Unknown());
    assertThat(routes.match("GET", "/")).isEqualTo(new Routes.Match.Unknown());
  }
}
