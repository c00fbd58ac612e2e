package io.orchestrator.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Secret;
import io.orchestrator.flow.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionReaderTest {
  private static List<Problem> problems(String json) {
    return DefinitionReader.readStrictly(Fields.strings((Map<?, ?>) Calling.data(json))).problems();
  }

  private static List<String> paths(String json) {
    return problems(json).stream().map(problem -> problem.code() + " " + problem.path()).toList();
  }

  @Test
  void a_whole_definition_is_read() {
    Definition stripe =
        Calling.definition(
            """
            {'adapter': 'stripe', 'title': 'Stripe', 'type': 'http', 'base_url': 'https://API.stripe.com/',
             'auth': {'bearer': {'secret': 'stripe_key'}}, 'headers': {'Stripe-Version': '2024-06-20'},
             'default_action': 'charge', 'timeout': '5s',
             'circuit_breaker': {'failures': 5, 'window': '30s', 'open': '60s'}, 'rate_limit': '100/10s',
             'health': {'path': '/v1/health', 'every': '1m'}, 'allow': [],
             'actions': {'charge': {'path': '/v1/charges', 'body': '$params',
               'input': {'amount': 'integer', 'currency': 'string'},
               'output': {'id': '$response.body.id'}, 'idempotent': false, 'timeout': '30s',
               'errors': [{'when': '$response.status == 402', 'type': 'card_declined', 'retryable': false}]}}}
            """);
    assertThat(stripe.baseUrl()).hasToString("https://api.stripe.com");
    assertThat(stripe.auth()).isEqualTo(new Auth.Bearer(new Secret("stripe_key")));
    assertThat(stripe.timeout()).isEqualTo(Duration.ofSeconds(5));
    Action charge = stripe.action(null);
    assertThat(charge.method()).isEqualTo("POST");
    assertThat(charge.idempotent()).isFalse();
    assertThat(charge.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(charge.errors().getFirst().type()).isEqualTo("stripe.card_declined");
    assertThat(charge.input().data().get("required")).isEqualTo(List.of("amount", "currency"));
  }

  @Test
  void everything_that_is_wrong_is_said_at_once() {
    assertThat(
            paths(
                """
                {'adapter': 'Stripe!', 'base_url': 'ftp://x.com', 'colour': 1, 'timeout': 'soon', 'title': 7,
                 'default_action': 'gone', 'auth': {'bearer': 'sk_live_123'}, 'allow': ['10.0.0.0/40'],
                 'headers': {'Host': 'x'},
                 'actions': {'go': {'method': 'BREW', 'path': 'v1/{a b}', 'input': {'x': 'text'}, 'output': '$a +',
                   'errors': [{'type': 'x'}, 3], 'timeout': '20m', 'speed': 1}}}
                """))
        .containsExactlyInAnyOrder(
            "unknown_key /colour",
            "bad_name /adapter",
            "bad_value /base_url",
            "bad_duration /timeout",
            "wrong_type /title",
            "unknown_action /default_action",
            "literal_secret /auth/bearer",
            "bad_value /allow",
            "bad_value /headers",
            "bad_value /actions/go/method",
            "bad_value /actions/go/path",
            "bad_schema /actions/go/input/x",
            "expression /actions/go/output",
            "missing_key /actions/go/errors/0",
            "wrong_type /actions/go/errors",
            "bad_duration /actions/go/timeout",
            "unknown_key /actions/go/speed");
  }

  @Test
  void an_http_adapter_needs_a_base_url_and_every_adapter_a_name() {
    assertThat(paths("{}")).containsExactlyInAnyOrder("missing_key ", "missing_key ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user@api.example.com",
        "https://user:pw@api.example.com",
        "https://api.example.com?x=1",
        "https://api.example.com#x",
        "https://",
        "https:///path",
        "api.example.com",
        "//api.example.com",
        "file:///etc/passwd",
        "gopher://api.example.com",
        "https://api.example.com:0",
        "https://api.example.com:99999",
        "https://0x7f000001",
        "https://2130706433",
        "https://127.1",
        "https://0177.0.0.1",
        "https://127.0.0.0x1",
        "https://1.2.3.4.5",
        "https://256.1.1.1",
        "https://[fe80::1%25eth0]",
        "https://[::ffff:1.2.3.4",
        "https://exa mple.com",
        "https://exämple.com",
        "https://api.example.com\\\\@evil.com",
        "https://api.example.com/../x",
        "https://api.example.com/%2e%2e/x",
        "https://-.example.com"
      })
  void a_base_url_that_could_be_read_in_two_ways_is_refused(String url) {
    String json = "{'adapter': 'a', 'base_url': '" + url + "'}";
    assertThat(paths(json)).containsExactly("bad_value /base_url");
  }

  @Test
  void a_schema_that_is_none_is_found_before_it_is_stored() {
    String json = "{'adapter': 'a', 'type': 'local', 'actions': {'go': {'input': %s}}}";
    assertThat(paths(json.formatted("{'type': 'object', 'properties': {'x': {'type': 'strin'}}}")))
        .containsExactly("bad_schema /actions/go/input/properties/x/type");
    assertThat(paths(json.formatted("{'type': 'object', 'properties': {'x': {'pattern': '(a'}}}")))
        .containsExactly("bad_schema /actions/go/input");
    assertThat(paths(json.formatted("{'type': 'object', 'properties': {'x': {'minLength': 'a'}}}")))
        .containsExactly("bad_schema /actions/go/input");
    assertThat(
            paths(
                json.formatted(
                    "{'type': 'object', 'properties': {'x': {'$ref': 'http://127.0.0.1:1/x'}}}")))
        .containsExactly("bad_schema /actions/go/input/properties/x/$ref");
  }

  @Test
  void problems_of_a_text_name_its_lines() {
    String yaml =
        """
        adapter: shop
        base_url: https://shop.example.com
        actions:
          buy:
            errors:
              - {when: $response.status == 402, type: declined, retry: no}
        """;
    DefinitionReader.Reading reading =
        DefinitionReader.readText(yaml.getBytes(StandardCharsets.UTF_8));
    assertThat(reading.problems()).hasSize(1);
    assertThat(reading.problems().getFirst().line()).isEqualTo(6);
    assertThat(reading.problems().getFirst().path()).isEqualTo("/actions/buy/errors/0/retry");
    byte[] good = yaml.replace(", retry: no", "").getBytes(StandardCharsets.UTF_8);
    assertThat(DefinitionReader.readText(good).definition().actions()).containsKey("buy");
    assertThat(DefinitionReader.readText("- a".getBytes(StandardCharsets.UTF_8)).problems())
        .hasSize(1);
    assertThat(DefinitionReader.readText("a: [".getBytes(StandardCharsets.UTF_8)).problems())
        .isNotEmpty();
  }
}
