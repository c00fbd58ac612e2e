package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import io.orchestrator.functions.openapi.Operation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The document of the API says of every route what it takes and answers. */
class OpenApiTest {
  private static final Map<String, Object> DOCUMENT = Contracts.document();

  @ParameterizedTest
  @EnumSource(Route.class)
  void every_route_has_a_contract(Route route) {
    assertThat(Contracts.find(route))
        .as("%s has no entry in Contracts: say there what it takes and answers", route)
        .isPresent();
  }

  @Test
  void its_paths_are_the_routes() {
    Set<String> written = new TreeSet<>();
    Template.map(DOCUMENT.get("paths"))
        .forEach(
            (path, item) ->
                Template.map(item)
                    .keySet()
                    .forEach(method -> written.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    assertThat(written)
        .isEqualTo(Arrays.stream(Route.values()).map(Route::toString).collect(Collectors.toSet()));
  }

  @Test
  void every_reference_leads_somewhere_and_every_name_is_used() {
    Set<String> references = new HashSet<>();
    references(DOCUMENT, references);
    assertThat(references)
        .allSatisfy(ref -> assertThat(Conformity.resolved(Map.of("$ref", ref))).isNotNull());
    Map<String, Object> schemas =
        Template.map(Template.map(DOCUMENT.get("components")).get("schemas"));
    assertThat(references).containsAll(schemas.keySet().stream().map(n -> at(n)).toList());
  }

  private static String at(String name) {
    return "#/components/schemas/" + name;
  }

  private static void references(Object value, Set<String> found) {
    switch (value) {
      case Map<?, ?> map -> {
        if (map.get("$ref") instanceof String reference) {
          found.add(reference);
        }
        map.values().forEach(part -> references(part, found));
      }
      case List<?> list -> list.forEach(part -> references(part, found));
      case null, default -> {}
    }
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void every_example_fits_its_schema(Route route) {
    Operation operation = Contracts.find(route).orElseThrow();
    Map<String, Object> data = Conformity.operationData(operation);
    if (data.containsKey("requestBody")) {
      examplesFit("request of " + route, Template.map(data.get("requestBody")));
    }
    Template.map(data.get("responses"))
        .forEach(
            (status, answer) ->
                examplesFit("answer " + status + " of " + route, Conformity.resolved(answer)));
  }

  private static void examplesFit(String what, Map<String, Object> holder) {
    Template.map(holder.getOrDefault("content", Map.of()))
        .forEach(
            (type, media) -> {
              Map<String, Object> content = Template.map(media);
              if (content.containsKey("example")) {
                Conformity.fits(what, content.get("schema"), content.get("example"));
              }
            });
  }

  @Test
  void names_of_operations_are_unique_and_every_permission_is_named() {
    List<String> ids =
        Arrays.stream(Route.values()).map(r -> Contracts.find(r).orElseThrow().id()).toList();
    assertThat(ids).doesNotHaveDuplicates();
    for (Route route : Route.values()) {
      Map<String, Object> data = Conformity.operationData(Contracts.find(route).orElseThrow());
      assertThat(data.get("x-permission"))
          .isEqualTo(route.permission() == null ? null : route.permission().text());
      assertThat((List<?>) data.get("security"))
          .as(route.toString())
          .hasSize(
              switch (route.guard()) {
                case PERMISSION, TOKEN -> 1;
                case OTHERWISE -> 2;
                case NOTHING -> 0;
              });
    }
  }

  @Test
  void everybody_can_read_it() throws Exception {
    try (TestStack stack = new TestStack()) {
      TestStack.Answer answer = stack.call(null, "GET", "/openapi.json", null);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).containsEntry("content-type", "application/json");
      assertThat(answer.json()).containsEntry("openapi", "3.1.0");
      assertThat(Json.canonical(answer.json())).isEqualTo(Json.canonical(DOCUMENT));
    }
  }
}
