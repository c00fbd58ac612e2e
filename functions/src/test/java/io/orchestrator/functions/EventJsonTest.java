package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** Events are read and answers written as the runtime's own serializer would. */
class EventJsonTest {
  private final EventJson json = new EventJson();

  private Object written(Object answer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    json.toJson(answer, out, answer.getClass());
    return Json.readStored(out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void the_runtime_finds_it_and_no_other() {
    assertThat(ServiceLoader.load(CustomPojoSerializer.class))
        .singleElement()
        .isInstanceOf(EventJson.class);
  }

  @Test
  void a_batch_keeps_what_is_delivered_again_and_what_a_message_says() {
    SQSEvent batch =
        json.fromJson(
            """
            {"Records": [{"messageId": "m1", "receiptHandle": "r1", "body": "{\\"a\\": 1}",
              "attributes": {"ApproximateReceiveCount": "2"}, "messageAttributes": {},
              "md5OfBody": "x", "eventSource": "aws:sqs", "eventSourceARN": "arn:q",
              "awsRegion": "eu-central-1"}]}
            """,
            SQSEvent.class);
    assertThat(batch.getRecords()).hasSize(1);
    SQSEvent.SQSMessage message = batch.getRecords().getFirst();
    assertThat(message.getMessageId()).isEqualTo("m1");
    assertThat(message.getBody()).isEqualTo("{\"a\": 1}");
    assertThat(message.getAttributes()).containsEntry("ApproximateReceiveCount", "2");
    assertThat(message.getEventSourceArn()).isEqualTo("arn:q");
  }

  @Test
  void a_request_keeps_everything_that_routes_read() {
    APIGatewayV2HTTPEvent event =
        json.fromJson(
            """
            {"version": "2.0", "routeKey": "GET /flows/{flow}", "rawPath": "/flows/a%20b",
              "rawQueryString": "x=1", "headers": {"Accept": "*/*"},
              "pathParameters": {"flow": "a b"}, "body": "aGk=", "isBase64Encoded": true,
              "requestContext": {"requestId": "id", "routeKey": "GET /flows/{flow}",
                "timeEpoch": 1700000000000,
                "http": {"method": "get", "path": "/flows/a b", "sourceIp": "1.2.3.4"}}}
            """,
            APIGatewayV2HTTPEvent.class);
    Request request = Request.of(event);
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.path()).isEqualTo("/flows/a%20b");
    assertThat(request.query()).isEqualTo("x=1");
    assertThat(request.header("accept")).isEqualTo("*/*");
    assertThat(new String(request.body(), StandardCharsets.UTF_8)).isEqualTo("hi");
    assertThat(request.id()).isEqualTo("id");
    assertThat(event.getPathParameters()).containsEntry("flow", "a b");
    assertThat(event.getRequestContext().getHttp().getSourceIp()).isEqualTo("1.2.3.4");
  }

  @Test
  void answers_have_the_names_that_lambda_and_the_gateway_read() {
    assertThat(
            written(
                SQSBatchResponse.builder()
                    .withBatchItemFailures(List.of(new SQSBatchResponse.BatchItemFailure("m2")))
                    .build()))
        .isEqualTo(Map.of("batchItemFailures", List.of(Map.of("itemIdentifier", "m2"))));
    assertThat(
            written(
                APIGatewayV2HTTPResponse.builder()
                    .withStatusCode(201)
                    .withHeaders(Map.of("ETag", "\"1\""))
                    .withBody("{}")
                    .build()))
        .isEqualTo(
            Map.of(
                "statusCode",
                201L,
                "headers",
                Map.of("ETag", "\"1\""),
                "body",
                "{}",
                "isBase64Encoded",
                false));
    assertThat(written(Map.of("sent", 30L))).isEqualTo(Map.of("sent", 30L));
  }

  @Test
  void what_no_function_takes_or_gives_is_refused_by_name() {
    assertThatThrownBy(() -> json.fromJson("{}", Integer.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Integer");
    assertThatThrownBy(() -> json.fromJson("{\"a\": 1}", APIGatewayV2HTTPEvent.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2.0");
    assertThatThrownBy(() -> written("text")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_nul_in_a_body_is_the_fault_of_the_request_and_not_of_the_event() {
    APIGatewayV2HTTPEvent event =
        json.fromJson(
            """
            {"rawPath": "/a\\\\u0000", "body": "\\"x\\u0000\\"",
              "requestContext": {"http": {"method": "post"}}}
            """,
            APIGatewayV2HTTPEvent.class);
    assertThat(event.getRawPath()).isEqualTo("/a\\u0000");
    assertThat(event.getBody()).hasSize(4);
    assertThatThrownBy(() -> Json.read(event.getBody()))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("control character");
  }
}
