package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wire format of https://docs.claude.com/en/api/messages. */
class AnthropicTest {
  private Bound ai;

  @BeforeEach
  void bind() throws IOException {
    ai =
        new Bound(
            """
            adapter: writer
            type: llm
            provider: anthropic
            model: claude-haiku-4-5
            auth: {header: {name: x-api-key, value: {secret: anthropic_key}}}
            prices: {claude-haiku-4-5: {input: 1, output: 5}}
            """);
  }

  @AfterEach
  void close() throws IOException {
    ai.close();
  }

  private static Told message(String text, String stop) {
    return new Told(
        200,
        Map.of("Content-Type", "application/json", "request-id", "req_018EeWyXxfu5pfWkrYcMdjWG"),
        """
        {"id": "msg_013Zva2CMHLNnXjNJJKqJ2EF", "type": "message", "role": "assistant",
         "model": "claude-haiku-4-5-20251001",
         "content": [{"type": "thinking", "thinking": "hm", "signature": "x"}, {"type": "text", "text": %s}],
         "stop_reason": "%s", "stop_sequence": null,
         "usage": {"input_tokens": 2095, "cache_creation_input_tokens": 5,
                   "cache_read_input_tokens": 100, "output_tokens": 503}}
        """
            .formatted(Json.write(text), stop));
  }

  private static Told error(int status, String type, String message) {
    return Told.json(
        status,
        "{'type': 'error', 'error': {'type': '%s', 'message': '%s'}, 'request_id': 'req_1'}"
            .formatted(type, message));
  }

  @Test
  void a_conversation_is_one_message_with_the_system_beside_it() {
    ai.server.answers(message("Good day", "end_turn"));
    assertThat(ai.result(null, "{'prompt': 'Hello', 'system': 'Be kind'}"))
        .isEqualTo(
            Map.of(
                "text",
                "Good day",
                "finish",
                "stop",
                "usage",
                Map.of(
                    "model", "claude-haiku-4-5",
                    "input_tokens", 2200L,
                    "output_tokens", 503L,
                    "tokens", 2703L,
                    "cost", new java.math.BigDecimal("0.004715"))));
    Asked asked = ai.server.last();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/v1/messages");
    assertThat(asked.headers())
        .containsEntry("x-api-key", "the-anthropic_key")
        .containsEntry("anthropic-version", "2023-06-01")
        .containsEntry("content-type", "application/json")
        .doesNotContainKey("authorization");
    assertThat(asked.json())
        .isEqualTo(
            Calling.data(
                """
                {'model': 'claude-haiku-4-5', 'max_tokens': 4096, 'system': 'Be kind',
                 'messages': [{'role': 'user', 'content': 'Hello'}]}
                """));
  }

  @Test
  void data_is_asked_for_as_structured_output() {
    ai.server.answers(message("{\"category\":\"billing\"}", "end_turn"));
    assertThat(ai.map("classify", "{'input': 'x', 'categories': ['billing', 'support']}"))
        .containsEntry("category", "billing");
    assertThat(((Map<?, ?>) ai.server.last().json()).get("output_config"))
        .isEqualTo(
            Calling.data(
                """
                {'format': {'type': 'json_schema', 'schema': {
                  'type': 'object', 'additionalProperties': false, 'required': ['category'],
                  'properties': {'category': {'type': 'string', 'enum': ['billing', 'support']}}}}}
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "max_tokens, writer.bad_output",
    "model_context_window_exceeded, writer.bad_output",
    "refusal, writer.refused"
  })
  void data_that_was_cut_off_or_refused_is_not_asked_for_again(String stop, String type) {
    ai.server.answers(message("{\"cat", stop));
    Failure failure = ai.failure("classify", "{'input': 'x'}");
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.retryable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          529 | overloaded_error      | Overloaded                              | adapter_unavailable   | true
          429 | rate_limit_error      | Slow down                               | rate_limited          | true
          400 | invalid_request_error | prompt is too long: 210000 tokens > 200000 maximum | writer.context_length | false
          413 | request_too_large     | Request exceeds the maximum size        | writer.context_length | false
          400 | invalid_request_error | Your credit balance is too low          | writer.quota_exceeded | false
          402 | billing_error         | Pay first                               | writer.quota_exceeded | false
          400 | invalid_request_error | messages: at least one message          | adapter_error         | false
          401 | authentication_error  | invalid x-api-key                       | authentication        | false
          403 | permission_error      | no                                      | forbidden             | false
          404 | not_found_error       | model: claude-9                         | not_found             | false
          500 | api_error             | Internal server error                   | adapter_error         | true
          """)
  void a_refusal_is_what_it_means(
      int status, String type, String message, String error, boolean retryable) {
    ai.server.answers(error(status, type, message).with("Retry-After", "7"));
    Failure failure = ai.failure("chat", "{'prompt': 'x'}");
    assertThat(failure.type()).isEqualTo(error);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.retryAfter())
        .isEqualTo(status == 529 || status == 429 ? Duration.ofSeconds(7) : null);
  }
}
