package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wire format of https://platform.openai.com/docs/api-reference/chat. */
class OpenAiTest {
  private Bound ai;

  @BeforeEach
  void bind() throws IOException {
    ai =
        new Bound(
            """
            adapter: ai
            type: llm
            auth: {bearer: {secret: openai_key}}
            settings:
              model: gpt-4.1-mini
              max_tokens: 200
              temperature: 0
              prices: {gpt-4.1-mini: {input: 0.4, output: 1.6, cached_input: 0.1}}
              categories: {billing: money and invoices, support: everything else}
            """);
  }

  @AfterEach
  void close() throws IOException {
    ai.close();
  }

  /** A completion with that content, as JSON text in JSON. */
  private static Told completion(String content, String finish) {
    return Told.json(
        200,
        """
        {'id': 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT', 'object': 'chat.completion',
         'created': 1741569952, 'model': 'gpt-4.1-mini-2025-04-14',
         'choices': [{'index': 0, 'logprobs': null, 'finish_reason': '%s',
                      'message': {'role': 'assistant', 'content': %s, 'refusal': null, 'annotations': []}}],
         'usage': {'prompt_tokens': 1200, 'completion_tokens': 100, 'total_tokens': 1300,
                   'prompt_tokens_details': {'cached_tokens': 200, 'audio_tokens': 0},
                   'completion_tokens_details': {'reasoning_tokens': 0}},
         'service_tier': 'default'}
        """
            .formatted(finish, Json.write(content).replace("\"", "'").replace("\\'", "\\\"")));
  }

  private static Told refusedWith(int status, String code, String type, String message) {
    return Told.json(
        status,
        "{'error': {'message': '%s', 'type': '%s', 'param': null, 'code': %s}}"
            .formatted(message, type, code.isEmpty() ? "null" : "'" + code + "'"));
  }

  @Test
  void a_step_without_params_is_classified_by_the_definitions_categories() {
    ai.server.answers(completion("{\"category\":\"billing\"}", "stop"));
    Object result = ai.result(null, "{'text': 'my invoice is wrong'}");
    assertThat(result)
        .isEqualTo(
            Map.of(
                "category",
                "billing",
                "usage",
                Map.of(
                    "model", "gpt-4.1-mini",
                    "input_tokens", 1200L,
                    "output_tokens", 100L,
                    "tokens", 1300L,
                    // 1000 x 0.4 + 200 x 0.1 + 100 x 1.6, for a million each
                    "cost", new BigDecimal("0.00058"))));
    Asked asked = ai.server.last();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/chat/completions");
    assertThat(asked.headers())
        .containsEntry("authorization", "Bearer the-openai_key")
        .containsEntry("content-type", "application/json");
    Map<?, ?> body = (Map<?, ?>) asked.json();
    assertThat(body.get("model")).isEqualTo("gpt-4.1-mini");
    assertThat(body.get("max_tokens")).isEqualTo(200L);
    assertThat(body.get("temperature")).isEqualTo(0L);
    assertThat(body.get("response_format"))
        .isEqualTo(
            Calling.data(
                """
                {'type': 'json_schema', 'json_schema': {'name': 'answer', 'strict': true, 'schema': {
                  'type': 'object', 'additionalProperties': false, 'required': ['category'],
                  'properties': {'category': {'type': 'string', 'enum': ['billing', 'support']}}}}}
                """));
    List<?> messages = (List<?>) body.get("messages");
    assertThat(messages).hasSize(2);
    assertThat((String) ((Map<?, ?>) messages.getFirst()).get("content"))
        .contains("- billing: money and invoices", "- support: everything else");
    assertThat(messages.getLast())
        .isEqualTo(Map.of("role", "user", "content", "my invoice is wrong"));
  }

  @Test
  void a_schema_of_the_flow_is_told_closed_and_checked_whole() {
    ai.server.answers(completion("{\"urgency\":7,\"tags\":[\"x\"]}", "stop"));
    String schema =
        """
        {'input': 'help', 'schema': {'type': 'object', 'required': ['urgency'], 'properties': {
           'urgency': {'type': 'integer', 'minimum': 1, 'maximum': %s},
           'tags': {'type': 'array', 'items': {'type': 'string'}}}}}
        """;
    assertThat(ai.map("classify", schema.formatted("9")))
        .containsEntry("urgency", 7L)
        .containsEntry("tags", List.of("x"));
    Map<?, ?> format = (Map<?, ?>) ((Map<?, ?>) ai.server.last().json()).get("response_format");
    assertThat(format)
        .isEqualTo(
            Calling.data(
                """
                {'type': 'json_schema', 'json_schema': {'name': 'answer', 'strict': false, 'schema': {
                  'type': 'object', 'required': ['urgency'], 'additionalProperties': false,
                  'properties': {'urgency': {'type': 'integer'},
                                 'tags': {'type': 'array', 'items': {'type': 'string'}}}}}}
                """));
    Failure failure = ai.failure("classify", schema.formatted("5"));
    assertThat(failure.type()).isEqualTo("ai.bad_output");
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.message()).contains("/urgency");
  }

  @Test
  void the_short_form_of_a_schema_will_do() {
    ai.server.answers(completion("{\"urgency\":7}", "stop"));
    assertThat(ai.map("classify", "{'input': 'x', 'schema': {'urgency': 'integer'}}"))
        .containsEntry("urgency", 7L);
    assertThat(ai.failure("classify", "{'input': 'x', 'schema': {'urgency': 'whole'}}").type())
        .isEqualTo("validation");
    assertThat(ai.failure("classify", "{'input': 'x', 'schema': {'usage': 'string'}}").message())
        .contains("usage");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          The answer is billing.   | stop           | ai.bad_output | true
          {"category":"bil         | stop           | ai.bad_output | true
          {"category":"bil         | length         | ai.bad_output | false
          {"category":"weather"}   | stop           | ai.bad_output | true
          {"category":null}        | stop           | ai.bad_output | true
          ["billing"]              | stop           | ai.bad_output | true
          ''                       | stop           | ai.bad_output | true
          ''                       | content_filter | ai.refused    | false
          """)
  void output_that_cannot_be_used_is_an_error_that_tells_what_it_cost(
      String content, String finish, String type, boolean retryable) {
    ai.server.answers(completion(content, finish));
    Failure failure = ai.failure("classify", "{'input': 'x'}");
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.adapter()).isEqualTo("ai");
    Map<?, ?> data = (Map<?, ?>) failure.data();
    assertThat(data.get("text")).isEqualTo(content);
    assertThat((Map<?, ?>) data.get("usage"))
        .hasFieldOrPropertyWithValue("tokens", 1300L)
        .hasFieldOrPropertyWithValue("cost", new BigDecimal("0.00058"));
  }

  @Test
  void json_in_a_fence_is_json() {
    ai.server.answers(completion("```json\n{\"category\":\"support\"}\n```", "stop"));
    assertThat(ai.map("classify", "{'input': 'x'}")).containsEntry("category", "support");
  }

  @Test
  void a_turn_of_a_conversation_is_text_and_why_it_ended() {
    ai.server.answers(completion("Hello! How can I help?", "length"));
    assertThat(
            ai.map(
                "chat",
                """
                {'system': 'Be kind', 'messages': [{'role': 'system', 'content': 'Be brief'},
                 {'role': 'user', 'content': '$20 please'}, {'role': 'assistant', 'content': 'Why?'}],
                 'prompt': {'because': 1}, 'max_tokens': 5, 'options': {'seed': 7}}
                """))
        .containsEntry("text", "Hello! How can I help?")
        .containsEntry("finish", "length");
    Map<?, ?> body = (Map<?, ?>) ai.server.last().json();
    assertThat(body.get("messages"))
        .isEqualTo(
            List.of(
                Map.of("role", "system", "content", "Be kind\n\nBe brief"),
                Map.of("role", "user", "content", "$20 please"),
                Map.of("role", "assistant", "content", "Why?"),
                Map.of("role", "user", "content", "{\"because\":1}")));
    assertThat(body.get("max_tokens")).isEqualTo(5L);
    assertThat(body.get("seed")).isEqualTo(7L);
    assertThat(body.get("response_format")).isNull();
  }

  @Test
  void a_conversation_gives_data_if_it_is_asked_for_data() {
    ai.server.answers(completion("{\"name\":\"Ada\"}", "stop"));
    assertThat(ai.map("chat", "{'prompt': 'who?', 'schema': {'name': 'string'}}"))
        .containsEntry("data", Map.of("name", "Ada"))
        .containsKey("usage");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | context_length_exceeded | invalid_request_error | too long           | ai.context_length  | false
          400 | ''                      | BadRequestError       | This model's maximum context length is 8192 tokens | ai.context_length | false
          429 | insufficient_quota      | insufficient_quota    | You exceeded your current quota | ai.quota_exceeded | false
          429 | rate_limit_exceeded     | tokens                | Rate limit reached | rate_limited       | true
          401 | invalid_api_key         | invalid_request_error | Incorrect API key  | authentication     | false
          404 | model_not_found         | invalid_request_error | No such model      | not_found          | false
          400 | ''                      | invalid_request_error | Unknown parameter  | adapter_error      | false
          500 | ''                      | server_error          | Sorry              | adapter_error      | true
          503 | ''                      | server_error          | Overloaded         | adapter_unavailable | true
          """)
  void a_refusal_is_what_it_means(
      int status, String code, String type, String message, String error, boolean retryable) {
    ai.server.answers(
        refusedWith(status, code, type, message.replace("'", "")).with("Retry-After", "20"));
    Failure failure = ai.failure("chat", "{'prompt': 'x'}");
    assertThat(failure.type()).isEqualTo(error);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.retryAfter())
        .isEqualTo(error.equals("rate_limited") || status == 503 ? Duration.ofSeconds(20) : null);
  }

  @Test
  void what_cannot_be_asked_is_not_sent() {
    assertThat(ai.failure("chat", "{}").message()).contains("nothing to answer");
    assertThat(ai.failure("classify", "{}").message()).contains("nothing to classify");
    assertThat(ai.failure("chat", "{'prompt': 'x', 'model': 'o9'}").message())
        .contains("no price for the model o9");
    assertThat(ai.failure("chat", "{'messages': [{'role': 'robot', 'content': 'x'}]}").type())
        .isEqualTo("validation");
    assertThat(ai.server.asked()).isEmpty();
  }
}
