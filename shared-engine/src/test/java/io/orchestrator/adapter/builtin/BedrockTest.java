package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The wire format of
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
 */
class BedrockTest {
  private static final String MODEL = "anthropic.claude-3-5-haiku-20241022-v1:0";

  private Bound ai;

  @BeforeEach
  void bind() throws IOException {
    ai =
        new Bound(
            """
            adapter: bedrock
            type: llm
            auth: {aws: {access_key_id: {secret: id}, secret_access_key: {secret: key}}}
            settings: {provider: bedrock, region: eu-central-1, model: "%s"}
            """
                .formatted(MODEL));
  }

  @AfterEach
  void close() throws IOException {
    ai.close();
  }

  private static Told turn(String content, String reason) {
    return Told.json(
        200,
        """
        {'metrics': {'latencyMs': 1275},
         'output': {'message': {'content': [%s], 'role': 'assistant'}},
         'stopReason': '%s',
         'usage': {'inputTokens': 30, 'outputTokens': 12, 'totalTokens': 42}}
        """
            .formatted(content, reason));
  }

  @Test
  void a_conversation_is_signed_and_says_what_it_took() throws GeneralSecurityException {
    ai.server.answers(turn("{'text': 'Good day'}", "end_turn"));
    assertThat(ai.result("chat", "{'prompt': 'Hello', 'system': 'Be kind', 'temperature': 0.5}"))
        .isEqualTo(
            Calling.data(
                """
                {'text': 'Good day', 'finish': 'stop', 'usage': {'model': '%s',
                 'input_tokens': 30, 'output_tokens': 12, 'tokens': 42}}
                """
                    .formatted(MODEL)));
    Asked asked = ai.server.last();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path())
        .isEqualTo("/model/anthropic.claude-3-5-haiku-20241022-v1%3A0/converse");
    assertThat(asked.json())
        .isEqualTo(
            Calling.data(
                """
                {'messages': [{'role': 'user', 'content': [{'text': 'Hello'}]}],
                 'system': [{'text': 'Be kind'}],
                 'inferenceConfig': {'maxTokens': 4096, 'temperature': 0.5}}
                """));
    SignedByAws.check(asked, "the-id", "the-key", "20260301/eu-central-1/bedrock");
  }

  @Test
  void data_is_the_input_of_a_tool_that_must_be_used() {
    ai.server.answers(
        turn(
            "{'toolUse': {'toolUseId': 'tooluse_1', 'name': 'answer', 'input': {'category':"
                + " 'billing'}}}",
            "tool_use"));
    assertThat(ai.map("classify", "{'input': 'x', 'categories': ['billing']}"))
        .containsEntry("category", "billing");
    assertThat(((Map<?, ?>) ai.server.last().json()).get("toolConfig"))
        .isEqualTo(
            Calling.data(
                """
                {'tools': [{'toolSpec': {'name': 'answer', 'description': 'Takes the answer',
                  'inputSchema': {'json': {'type': 'object', 'additionalProperties': false,
                    'required': ['category'],
                    'properties': {'category': {'type': 'string', 'enum': ['billing']}}}}}}],
                 'toolChoice': {'tool': {'name': 'answer'}}}
                """));
    ai.server.answers(
        turn(
            "{'toolUse': {'toolUseId': 't', 'name': 'answer', 'input': {'kind': 1}}}", "tool_use"));
    assertThat(ai.failure("classify", "{'input': 'x'}").type()).isEqualTo("bedrock.bad_output");
    ai.server.answers(turn("{'text': 'Sorry'}", "guardrail_intervened"));
    assertThat(ai.failure("classify", "{'input': 'x'}").type()).isEqualTo("bedrock.refused");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          429 | ThrottlingException         | Too many requests          | rate_limited           | true
          503 | ServiceUnavailableException | Try later                  | adapter_unavailable    | true
          429 | ModelNotReadyException      | Not ready                  | adapter_unavailable    | true
          408 | ModelTimeoutException       | Took too long              | timeout                | true
          424 | ModelErrorException         | The model failed           | adapter_error          | true
          400 | ValidationException         | Input is too long for requested model. | bedrock.context_length | false
          400 | ValidationException         | temperature is wrong       | adapter_error          | false
          403 | AccessDeniedException       | No access to the model     | forbidden              | false
          403 | UnrecognizedClientException | The token is invalid       | authentication         | false
          404 | ResourceNotFoundException   | No such model              | not_found              | false
          500 | InternalServerException     | Oops                       | adapter_error          | true
          """)
  void a_refusal_is_what_its_code_means(
      int status, String code, String message, String error, boolean retryable) {
    ai.server.answers(
        Told.json(status, "{'message': '" + message + "'}")
            .with(
                "x-amzn-ErrorType",
                code + ":http://internal.amazon.com/coral/com.amazon.bedrock/"));
    Failure failure = ai.failure("chat", "{'prompt': 'x'}");
    assertThat(failure.type()).isEqualTo(error);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.status()).isEqualTo(status);
  }

  @Test
  void a_key_of_bedrock_is_a_bearer_token() throws IOException {
    try (Bound keyed =
        new Bound(
            """
            adapter: bedrock
            type: llm
            auth: {bearer: {secret: bedrock_key}}
            settings: {provider: bedrock, region: eu-central-1, model: amazon.nova-lite-v1}
            """)) {
      keyed.server.answers(turn("{'text': 'Good day'}", "end_turn"));
      keyed.result("chat", "{'prompt': 'Hello'}");
      assertThat(keyed.server.last().headers())
          .containsEntry("authorization", "Bearer the-bedrock_key");
    }
  }

  @Test
  void without_keys_and_without_a_role_nothing_is_sent() throws IOException {
    try (Bound open =
        new Bound(
            "{adapter: b, type: llm, provider: bedrock, region: eu-central-1, model: nova}")) {
      assertThat(open.failure("chat", "{'prompt': 'x'}").type()).isEqualTo("authentication");
      assertThat(open.server.asked()).isEmpty();
    }
  }
}
