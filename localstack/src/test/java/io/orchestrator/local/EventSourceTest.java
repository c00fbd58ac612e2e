package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.local.FunctionSpec.QueueTrigger;
import io.orchestrator.local.sample.BatchFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class EventSourceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static LocalQueues queues;

  private final String queue = "q-" + UUID.randomUUID();
  private EventSource source;

  @BeforeAll
  static void server() {
    queues = LocalQueues.start(Ports.anyFree());
  }

  @AfterAll
  static void stopped() {
    queues.close();
  }

  @BeforeEach
  void queueWithItsDeadLetterQueue() {
    BatchFunction.SEEN.clear();
    queues.create(
        List.of(
            new QueueSpec(
                queue,
                queue,
                Duration.ofSeconds(1),
                Duration.ZERO,
                Optional.of(queue + "-dead"),
                2),
            new QueueSpec(
                queue + "-dead",
                queue + "-dead",
                Duration.ofSeconds(30),
                Duration.ZERO,
                Optional.empty(),
                0)));
  }

  @AfterEach
  void quiet() {
    if (source != null) {
      source.close();
    }
  }

  private void listen(int batchSize, int concurrency) {
    FunctionSpec function =
        new FunctionSpec(
            "Batch",
            BatchFunction.class.getName(),
            128,
            Duration.ofSeconds(5),
            Map.of(),
            List.of(),
            List.of(),
            List.of());
    source =
        EventSource.start(
            queues.client(),
            queues.url(queue),
            new QueueTrigger(queue, batchSize, true, concurrency),
            InProcessHost.start(function));
  }

  private void send(String body) {
    queues
        .client()
        .sendMessage(
            message ->
                message
                    .queueUrl(queues.url(queue))
                    .messageBody(body)
                    .messageGroupId("acme")
                    .messageAttributes(
                        Map.of(
                            "kind",
                            MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("step")
                                .build())));
  }

  private int waiting(String name) {
    Map<QueueAttributeName, String> counts =
        queues
            .client()
            .getQueueAttributes(
                ask ->
                    ask.queueUrl(queues.url(name))
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return counts.values().stream().mapToInt(Integer::parseInt).sum();
  }

  @Test
  void a_message_arrives_as_lambda_sends_it_and_is_deleted() {
    listen(10, 2);
    send("hello");
    await().atMost(PATIENCE).until(() -> !BatchFunction.SEEN.isEmpty() && waiting(queue) == 0);
    SQSEvent.SQSMessage seen = BatchFunction.SEEN.peek();
    assertThat(seen.getBody()).isEqualTo("hello");
    assertThat(seen.getEventSource()).isEqualTo("aws:sqs");
    assertThat(seen.getEventSourceArn())
        .isEqualTo("arn:aws:sqs:eu-central-1:000000000000:" + queue);
    assertThat(seen.getAttributes())
        .containsEntry("ApproximateReceiveCount", "1")
        .containsEntry("MessageGroupId", "acme")
        .containsKey("SentTimestamp");
    assertThat(seen.getMessageAttributes().get("kind").getStringValue()).isEqualTo("step");
    assertThat(seen.getReceiptHandle()).isNotEmpty();
  }

  @Test
  void only_the_failed_item_of_a_batch_returns_and_ends_in_the_dead_letter_queue() {
    List.of("good 1", "bad", "good 2").forEach(this::send);
    listen(10, 2);
    await().atMost(PATIENCE).until(() -> waiting(queue + "-dead") == 1 && waiting(queue) == 0);
    List<Message> dead =
        queues.client().receiveMessage(ask -> ask.queueUrl(queues.url(queue + "-dead"))).messages();
    assertThat(dead).extracting(Message::body).containsExactly("bad");
    assertThat(BatchFunction.SEEN)
        .extracting(SQSEvent.SQSMessage::getBody)
        .containsExactlyInAnyOrder("good 1", "bad", "good 2", "bad");
  }

  @Test
  void a_handler_that_throws_keeps_its_message() {
    listen(1, 2);
    send("boom");
    send("fine");
    await().atMost(PATIENCE).until(() -> waiting(queue + "-dead") == 1 && waiting(queue) == 0);
    assertThat(
            BatchFunction.SEEN.stream()
                .filter(message -> message.getBody().equals("boom"))
                .map(message -> message.getAttributes().get("ApproximateReceiveCount")))
        .containsExactly("1", "2");
  }

  @Test
  void at_most_the_configured_number_of_invocations_run_at_once() {
    queues
        .client()
        .setQueueAttributes(
            set ->
                set.queueUrl(queues.url(queue))
                    .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "60")));
    listen(1, 3);
    for (int i = 0; i < 5; i++) {
      send("hold");
    }
    await().atMost(PATIENCE).until(() -> BatchFunction.HELD.get() == 3);
    await()
        .during(Duration.ofMillis(500))
        .atMost(PATIENCE)
        .until(() -> BatchFunction.HELD.get() == 3);
    for (int i = 0; i < 5; i++) {
      BatchFunction.RELEASE.add(true);
    }
    await().atMost(PATIENCE).until(() -> waiting(queue) == 0);
    assertThat(BatchFunction.SEEN).hasSize(5);
  }

  @Test
  void closing_does_not_wait_for_the_long_poll_and_loses_nothing() {
    listen(10, 2);
    send("first");
    await().atMost(PATIENCE).until(() -> BatchFunction.SEEN.size() == 1);
    long begin = System.nanoTime();
    source.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    source = null;
    List<String> later = new ArrayList<>(List.of("second"));
    later.forEach(this::send);
    listen(10, 2);
    await().atMost(PATIENCE).until(() -> BatchFunction.SEEN.size() >= 2 && waiting(queue) == 0);
  }
}
