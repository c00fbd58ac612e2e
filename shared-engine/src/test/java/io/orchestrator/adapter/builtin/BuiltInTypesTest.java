package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.adapter.KnownAdapter;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import io.orchestrator.flow.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BuiltInTypesTest {
  private static DefinitionReader.Reading read(String yaml) {
    return DefinitionReader.readText(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static Definition definition(String yaml) {
    DefinitionReader.Reading reading = read(yaml);
    assertThat(reading.problems()).isEmpty();
    return reading.definition();
  }

  static List<String> types() {
    return BuiltInTypes.names();
  }

  @ParameterizedTest
  @MethodSource("types")
  void a_definition_needs_to_say_no_more_than_its_type_and_address(String type) {
    Definition definition =
        definition("{adapter: mine, type: " + type + ", base_url: \"https://api.example.com\"}");
    assertThat(definition.actions()).isNotEmpty();
    assertThat(definition.defaultAction()).isIn(definition.actions().keySet());
    assertThat(definition.baseUrl()).hasToString("https://api.example.com");
    assertThat(definition.actions().values())
        .allSatisfy(
            action -> {
              assertThat(action.title()).isNotEqualTo(action.name());
              assertThat(action.input()).isNotNull();
            });
    assertThat(definition.data()).containsOnlyKeys("adapter", "type", "base_url");
  }

  @Test
  void what_is_written_wins_over_the_type() {
    Definition definition =
        definition(
            """
            adapter: phone
            type: retell
            title: Our phone
            auth: {bearer: {secret: other_key}}
            timeout: 3s
            default_action: ring
            actions:
              start_call: {timeout: 5s}
              get_call:
              ring: {path: /ring, input: {to: string}}
            """);
    assertThat(definition.title()).isEqualTo("Our phone");
    assertThat(definition.baseUrl()).hasToString("https://api.retellai.com");
    assertThat(definition.auth()).hasToString("Bearer[token=Secret[name=other_key]]");
    assertThat(definition.timeout()).hasSeconds(3);
    assertThat(definition.action(null).name()).isEqualTo("ring");
    assertThat(definition.action("start_call").timeout()).hasSeconds(5);
    assertThat(definition.action("start_call").path()).hasToString("/v2/create-phone-call");
    assertThat(definition.action("get_call").method()).isEqualTo("GET");
  }

  @Test
  void headers_are_joined_in_any_case_of_their_letters() {
    Definition definition =
        definition(
            """
            adapter: crm
            type: gohighlevel
            headers: {version: "2023-02-21", X-Client: orchestrator}
            """);
    assertThat(definition.headers()).containsOnlyKeys("version", "X-Client");
    assertThat(definition.headers().get("version").data()).isEqualTo("2023-02-21");
  }

  @Test
  void settings_are_those_of_the_type_with_the_tenants_over_them() {
    Definition definition =
        definition(
            """
            adapter: iam
            type: iam
            base_url: https://id.example.com/realms/acme
            settings: {audience: shop}
            """);
    assertThat(definition.settings())
        .isEqualTo(
            Map.of(
                "verify", "oidc",
                "discovery", "/.well-known/openid-configuration",
                "audience", "shop"));
  }

  @Test
  void unknown_and_unfitting_settings_are_told_with_their_place() {
    List<Problem> problems =
        read("""
        adapter: iam
        type: iam
        base_url: https://id.example.com
        settings:
          verify: true
          audiense: shop
        """)
            .problems();
    assertThat(problems)
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("/settings/verify", "/settings/audiense");
    assertThat(problems).extracting(Problem::line).containsExactlyInAnyOrder(5, 6);
    assertThat(
            read("{adapter: a, type: http, base_url: \"https://a.example\", settings: {x: 1}}")
                .problems())
        .extracting(Problem::path)
        .containsExactly("/settings");
  }

  @Test
  void a_type_without_an_address_of_its_own_needs_one() {
    assertThat(read("{adapter: iam, type: iam}").problems())
        .extracting(Problem::message)
        .containsExactly("an adapter of type iam needs a base_url");
    assertThat(read("{adapter: phone, type: retell}").problems()).isEmpty();
  }

  @Test
  void what_is_wrong_in_an_overlay_is_told_as_in_any_definition() {
    assertThat(read("{adapter: a, type: retell, actions: nothing}").problems())
        .extracting(Problem::path)
        .contains("/actions");
    assertThat(read("{adapter: a, type: retell, headers: [], settings: 1}").problems())
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("/headers", "/settings");
    assertThat(read("{adapter: a, type: retell, actions: {start_call: {pth: /x}}}").problems())
        .extracting(Problem::path)
        .containsExactly("/actions/start_call/pth");
  }

  @Test
  void other_types_are_left_as_they_are() {
    Map<String, Object> http = Map.of("adapter", "a", "type", "http");
    assertThat(BuiltInTypes.overlay(http, Set.of())).isSameAs(http);
    assertThat(BuiltInTypes.definition("http")).isNull();
    assertThat(BuiltInTypes.settings("http")).isEmpty();
  }

  private static FlowValidation validate(String steps) {
    Definition phone = definition("{adapter: phone, type: retell}");
    KnownNames names = new KnownNames(Map.of("phone", KnownAdapter.of(phone)), Map.of(), Set.of());
    return FlowValidation.validate(
        ("flow: calls\nsteps:\n" + steps.indent(2)).getBytes(StandardCharsets.UTF_8), names);
  }

  @Test
  void a_flow_that_calls_an_unknown_action_is_told_the_nearest_one() {
    List<Problem> problems = validate("- ring: {adapter: phone, action: start_cal}").errors();
    assertThat(problems).extracting(Problem::code).containsExactly("unknown_action");
    assertThat(problems.getFirst().hint()).contains("start_call");
  }

  @Test
  void params_are_checked_against_the_types_schema_when_a_flow_is_published() {
    List<Problem> problems =
        validate("- ring: {adapter: phone, params: {from_number: 12, metadata: {}}}").errors();
    assertThat(problems).extracting(Problem::code).containsOnly("bad_params");
    assertThat(problems)
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("needs the field 'to_number'"))
        .anyMatch(message -> message.contains("'from_number' of the action phone.start_call"));
    assertThat(validate("- ring: {adapter: phone, params: {to_number: \"+49301\"}}").errors())
        .isEmpty();
  }
}
