package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.adapter.aws.AwsSigner;
import io.orchestrator.adapter.aws.SqsType;
import io.orchestrator.adapter.http.Egress;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.adapter.http.NameServer;
import io.orchestrator.execution.Failure;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The protocol of SQS, at a server that speaks it and at one that refuses. */
class SqsTypeTest {
  private static SqsClient client(URI endpoint) {
    return SqsClient.builder()
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .region(Region.of("elasticmq"))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "x")))
        .endpointOverride(endpoint)
        .build();
  }

  private static Adapters adapters(Egress egress, String queue, Set<String> own) {
    return Calling.adapters(
        Calling.definitions(
            """
            {'adapter': 'orders', 'type': 'sqs', 'allow': ['127.0.0.0/8'],
             'auth': {'aws': {'access_key_id': {'secret': 'key'}, 'secret_access_key': {'secret': 'key'}}},
             'settings': {'region': 'elasticmq', 'queue_url': '%s'}}
            """
                .formatted(queue)),
        Map.of("sqs", new SqsType(new Line(egress), new AwsSigner(null, ""), own)));
  }

  @Test
  void messages_arrive_at_a_queue_as_they_were_sent() throws IOException {
    SQSRestServer server =
        SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    URI endpoint =
        URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
    try (SqsClient sqs = client(endpoint);
        Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8"))) {
      String plain = sqs.createQueue(request -> request.queueName("orders")).queueUrl();
      String fifo =
          sqs.createQueue(
                  request ->
                      request
                          .queueName("orders.fifo")
                          .attributes(Map.of(QueueAttributeName.FIFO_QUEUE, "true")))
              .queueUrl();
      Answer sent =
          adapters(egress, plain, Set.of())
              .call(
                  Calling.call(
                          "orders",
                          "send",
                          "{'message': {'id': 7}, 'attributes': {'kind': 'new', 'n': 5}}")
                      .build());
      Message message = received(sqs, plain);
      assertThat(message.body()).isEqualTo("{\"id\":7}");
      assertThat(message.messageAttributes().get("kind").stringValue()).isEqualTo("new");
      assertThat(message.messageAttributes().get("n").dataType()).isEqualTo("Number");
      assertThat(((Answer.Done) sent).result())
          .isEqualTo(Map.of("message_id", message.messageId()));

      Adapters ordered = adapters(egress, fifo, Set.of());
      ordered.call(Calling.call("orders", null, "{'message': 'once'}").build());
      ordered.call(Calling.call("orders", null, "{'message': 'once'}").attempt(2).build());
      Message once = received(sqs, fifo);
      assertThat(once.body()).isEqualTo("once");
      assertThat(once.attributes())
          .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, Calling.EXECUTION.toString());
      sqs.deleteMessage(request -> request.queueUrl(fifo).receiptHandle(once.receiptHandle()));
      assertThat(sqs.receiveMessage(request -> request.queueUrl(fifo)).messages())
          .as("the second attempt is the same message")
          .isEmpty();

      Failure gone =
          ((Answer.Refused)
                  adapters(egress, plain.replace("orders", "gone"), Set.of())
                      .call(Calling.call("orders", null, "{'message': 1}").build()))
              .failure();
      assertThat(gone.type()).isEqualTo("not_found");
    } finally {
      server.stopAndWait();
    }
  }

  private static Message received(SqsClient sqs, String queue) {
    List<Message> messages =
        sqs.receiveMessage(
                request ->
                    request
                        .queueUrl(queue)
                        .waitTimeSeconds(1)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
            .messages();
    assertThat(messages).hasSize(1);
    return messages.getFirst();
  }

  @Test
  void the_queues_of_the_engine_are_not_for_adapters() throws IOException {
    try (Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8"))) {
      String step = "https://sqs.eu-central-1.amazonaws.com/123456789012/StepQueue";
      Answer answer =
          adapters(egress, step, Set.of(step))
              .call(Calling.call("orders", null, "{'message': 1}").build());
      assertThat(((Answer.Refused) answer).failure().message()).contains("queue of the engine");
    }
  }

  private static Bound bound() throws IOException {
    return new Bound(
        """
        adapter: orders
        type: sqs
        auth: {aws: {access_key_id: {secret: id}, secret_access_key: {secret: key}}}
        settings: {region: eu-central-1, queue_url: "https://sqs.eu-central-1.amazonaws.com/123456789012/orders"}
        """);
  }

  @Test
  void the_request_is_that_of_the_json_protocol() throws IOException, GeneralSecurityException {
    try (Bound sqs = bound()) {
      sqs.server.answers(
          new Told(
              200,
              Map.of("Content-Type", "application/x-amz-json-1.0"),
              "{\"MD5OfMessageBody\":\"e\",\"MessageId\":\"219f8380\",\"SequenceNumber\":\"18\"}"));
      assertThat(
              sqs.result(
                  "send",
                  "{'message': 'hi', 'delay': '2m', 'group_id': 'g', 'deduplication_id': 'd'}"))
          .isEqualTo(Map.of("message_id", "219f8380", "sequence_number", "18"));
      Asked asked = sqs.server.last();
      assertThat(asked.path()).isEqualTo("/");
      assertThat(asked.headers())
          .containsEntry("content-type", "application/x-amz-json-1.0")
          .containsEntry("x-amz-target", "AmazonSQS.SendMessage");
      assertThat(asked.json())
          .isEqualTo(
              Calling.data(
                  """
                  {'QueueUrl': 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders',
                   'MessageBody': 'hi', 'DelaySeconds': 120, 'MessageGroupId': 'g',
                   'MessageDeduplicationId': 'd'}
                  """));
      SignedByAws.check(asked, "the-id", "the-key", "20260301/eu-central-1/sqs");
      assertThat(sqs.failure("send", "{'message': 1, 'delay': '16m'}").type())
          .isEqualTo("validation");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, com.amazonaws.sqs#QueueDoesNotExist, not_found, false",
    "400, com.amazonaws.sqs#RequestThrottled, rate_limited, true",
    "400, com.amazon.coral.service#AccessDeniedException, forbidden, false",
    "403, com.amazon.coral.service#UnrecognizedClientException, authentication, false",
    "400, com.amazonaws.sqs#InvalidMessageContents, adapter_error, false",
    "503, com.amazon.coral.service#ServiceUnavailable, adapter_unavailable, true",
    "500, com.amazon.coral.service#InternalFailure, adapter_error, true"
  })
  void a_refusal_is_what_its_code_means(int status, String code, String error, boolean retryable)
      throws IOException {
    try (Bound sqs = bound()) {
      sqs.server.answers(
          new Told(
              status,
              Map.of("Content-Type", "application/x-amz-json-1.0"),
              "{\"__type\":\"" + code + "\",\"message\":\"no\"}"));
      Failure failure = sqs.failure("send", "{'message': 1}");
      assertThat(failure.type()).isEqualTo(error);
      assertThat(failure.retryable()).isEqualTo(retryable);
    }
  }
}
