package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wire format of https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html. */
class LambdaTest {
  private static final String KEYS =
      "auth: {aws: {access_key_id: {secret: id}, secret_access_key: {secret: key}, session_token:"
          + " {secret: token}}}";

  private Bound lambda;

  @BeforeEach
  void bind() throws IOException {
    lambda =
        new Bound(
            """
            adapter: scoring
            type: lambda
            %s
            function: arn:aws:lambda:eu-central-1:123456789012:function:score
            region: eu-central-1
            actions:
              score: {input: {amount: integer}, body: {payload: {cents: $params.amount * 100}, qualifier: live}}
            """
                .formatted(KEYS));
  }

  @AfterEach
  void close() throws IOException {
    lambda.close();
  }

  private static Told returned(String json) {
    return Told.json(200, json).with("X-Amz-Executed-Version", "$LATEST");
  }

  @Test
  void a_function_is_given_the_params_and_its_answer_is_the_result()
      throws GeneralSecurityException {
    lambda.server.answers(returned("{'score': 7}"));
    assertThat(lambda.result(null, "{'customer': 'c-1'}")).isEqualTo(Map.of("score", 7L));
    Asked asked = lambda.server.last();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path())
        .isEqualTo(
            "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3Ascore/invocations");
    assertThat(asked.query()).isNull();
    assertThat(asked.headers())
        .containsEntry("x-amz-invocation-type", "RequestResponse")
        .containsEntry("x-amz-security-token", "the-token");
    assertThat(asked.json()).isEqualTo(Map.of("customer", "c-1"));
    String context =
        new String(
            Base64.getDecoder().decode(asked.headers().get("x-amz-client-context")),
            StandardCharsets.UTF_8);
    assertThat(Json.read(context))
        .isEqualTo(
            Map.of(
                "custom",
                Map.of(
                    "idempotency_key",
                    Calling.EXECUTION + "|charge_card|",
                    "execution",
                    Calling.EXECUTION.toString(),
                    "step",
                    "charge_card")));
    SignedByAws.check(asked, "the-id", "the-key", "20260301/eu-central-1/lambda");
  }

  @Test
  void an_action_of_ones_own_says_what_the_function_is_given() {
    lambda.server.answers(returned("7"));
    assertThat(lambda.result("score", "{'amount': 5}")).isEqualTo(7L);
    assertThat(lambda.server.last().json()).isEqualTo(Map.of("cents", 500L));
    assertThat(lambda.server.last().query()).isEqualTo("Qualifier=live");
    assertThat(lambda.failure("score", "{'amount': 'five'}").type()).isEqualTo("validation");
  }

  @Test
  void a_function_of_the_definition_cannot_be_changed_by_a_flow() throws IOException {
    Failure other = lambda.failure("invoke", "{'function': 'drop-tables', 'payload': {}}");
    assertThat(other.type()).isEqualTo("validation");
    assertThat(other.message()).contains("only");
    try (Bound any =
        new Bound("{adapter: any, type: lambda, region: eu-central-1, " + KEYS + "}")) {
      any.server.answers(Told.json(200, "null"));
      assertThat(any.result("invoke", "{'function': 'score:live', 'payload': [1]}")).isNull();
      assertThat(any.server.last().path())
          .isEqualTo("/2015-03-31/functions/score%3Alive/invocations");
      assertThat(any.server.last().body()).isEqualTo("[1]");
      assertThat(any.failure("invoke", "{'payload': 1}").message()).contains("no function");
      assertThat(any.failure("invoke", "{'function': '../x y'}").type()).isEqualTo("validation");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          com.shop.OutOfStock | none left                              | scoring.out_of_stock
          ValueError          | bad                                    | scoring.value_error
          Runtime.ExitError   | RequestId: 1 Error: Runtime exited     | scoring.exit_error
          Sandbox.Timedout    | RequestId: 1 Error: Task timed out after 3.00 seconds | timeout
          ''                  | 2026-03-01T12:00:00 1 Task timed out after 3.00 seconds | timeout
          ''                  | strange                                | scoring.function_error
          """)
  void what_a_function_throws_is_an_error_of_its_name(String type, String said, String error) {
    lambda.server.answers(
        Told.json(
                200,
                "{'errorMessage': '%s', 'errorType': '%s', 'stackTrace': ['a.b(C.java:1)']}"
                    .formatted(said, type))
            .with("X-Amz-Function-Error", "Unhandled"));
    Failure failure = lambda.failure("invoke", "{}");
    assertThat(failure.type()).isEqualTo(error);
    assertThat(failure.message()).contains(said);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.data()).isEqualTo(Map.of("errorType", type, "errorMessage", said));
  }

  @ParameterizedTest
  @CsvSource({
    "404, ResourceNotFoundException, not_found, false",
    "429, TooManyRequestsException, rate_limited, true",
    "403, AccessDeniedException, forbidden, false",
    "403, InvalidSignatureException, authentication, false",
    "413, RequestTooLargeException, payload_too_large, false",
    "502, EC2ThrottledException, adapter_unavailable, true",
    "400, InvalidRequestContentException, adapter_error, false",
    "500, ServiceException, adapter_error, true"
  })
  void a_refusal_of_the_service_is_what_its_code_means(
      int status, String code, String error, boolean retryable) {
    lambda.server.answers(
        Told.json(status, "{'Type': 'User', 'Message': 'no'}").with("x-amzn-ErrorType", code));
    Failure failure = lambda.failure("invoke", "{}");
    assertThat(failure.type()).isEqualTo(error);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.status()).isEqualTo(status);
  }
}
