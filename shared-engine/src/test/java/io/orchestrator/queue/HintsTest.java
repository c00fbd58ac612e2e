package io.orchestrator.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.queue.Hint.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * What every way of sending hints must do, over a real SQS-compatible server and within the
 * process.
 */
class HintsTest {
  private static SQSRestServer server;
  private static URI endpoint;
  private static SqsClient client;

  /** One way of sending and what has come out at its other end. */
  interface Road extends AutoCloseable {
    Hints hints();

    List<Map.Entry<QueueName, Hint>> arrived();

    @Override
    void close();
  }

  @BeforeAll
  static void start() {
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    System.setProperty("aws.region", "eu-central-1");
    server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();
    endpoint = URI.create("http://127.0.0.1:" + server.waitUntilStarted().localAddress().getPort());
    client =
        SqsClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .endpointOverride(endpoint)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.stopAndWait();
    for (String property : List.of("aws.accessKeyId", "aws.secretAccessKey", "aws.region")) {
      System.clearProperty(property);
    }
  }

  private static Map<QueueName, String> queues() {
    Map<QueueName, String> urls = new EnumMap<>(QueueName.class);
    for (QueueName name : QueueName.values()) {
      String unique = name + "-" + UUID.randomUUID();
      urls.put(name, client.createQueue(request -> request.queueName(unique)).queueUrl());
    }
    return urls;
  }

  private static Road sqs() {
    Map<QueueName, String> urls = queues();
    Hints hints = new SqsHints(new SqsSender(endpoint), urls);
    List<Map.Entry<QueueName, Hint>> arrived = new ArrayList<>();
    return new Road() {
      @Override
      public Hints hints() {
        return hints;
      }

      @Override
      public List<Map.Entry<QueueName, Hint>> arrived() {
        urls.forEach(
            (name, url) ->
                receive(url)
                    .forEach(m -> arrived.add(Map.entry(name, (Hint) Hint.parse(m.body())))));
        return List.copyOf(arrived);
      }

      @Override
      public void close() {
        hints.close();
      }
    };
  }

  private static Road inProcess() {
    ConcurrentLinkedQueue<Map.Entry<QueueName, Hint>> arrived = new ConcurrentLinkedQueue<>();
    Hints hints = new InProcessHints((queue, hint) -> arrived.add(Map.entry(queue, hint)), 4);
    return new Road() {
      @Override
      public Hints hints() {
        return hints;
      }

      @Override
      public List<Map.Entry<QueueName, Hint>> arrived() {
        return List.copyOf(arrived);
      }

      @Override
      public void close() {
        hints.close();
      }
    };
  }

  private static List<Message> receive(String url) {
    List<Message> all = new ArrayList<>();
    List<Message> some;
    do {
      some =
          client
              .receiveMessage(
                  request ->
                      request
                          .queueUrl(url)
                          .maxNumberOfMessages(10)
                          .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
              .messages();
      all.addAll(some);
    } while (!some.isEmpty());
    return all;
  }

  static Stream<Road> roads() {
    return Stream.of(sqs(), inProcess());
  }

  private static Hint hint(int revision) {
    return new Hint("acme", UUID.randomUUID(), revision, Kind.RUN);
  }

  @ParameterizedTest
  @MethodSource("roads")
  void every_hint_arrives_on_its_queue(Road road) {
    try (road) {
      List<Outgoing> sent =
          Stream.of(QueueName.values())
              .flatMap(queue -> IntStream.range(0, 25).mapToObj(i -> Outgoing.now(queue, hint(i))))
              .toList();
      assertThat(road.hints().send(sent)).isEqualTo(75);
      await()
          .untilAsserted(
              () ->
                  assertThat(road.arrived())
                      .containsExactlyInAnyOrderElementsOf(
                          sent.stream().map(o -> Map.entry(o.queue(), o.hint())).toList()));
    }
  }

  @ParameterizedTest
  @MethodSource("roads")
  void what_many_threads_send_arrives_once_each(Road road) throws Exception {
    try (road;
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Hint> hints = IntStream.range(0, 300).mapToObj(HintsTest::hint).toList();
      List<Callable<Integer>> sends =
          hints.stream()
              .map(
                  hint ->
                      (Callable<Integer>)
                          () -> road.hints().send(List.of(Outgoing.now(QueueName.STEP, hint))))
              .toList();
      for (var accepted : threads.invokeAll(sends)) {
        assertThat(accepted.get()).isEqualTo(1);
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(road.arrived())
                      .extracting(Map.Entry::getValue)
                      .containsExactlyInAnyOrderElementsOf(hints));
    }
  }

  @ParameterizedTest
  @MethodSource("roads")
  void a_delayed_hint_comes_after_one_that_is_not(Road road) {
    try (road) {
      Hint late = hint(1);
      Hint soon = hint(2);
      long from = System.nanoTime();
      road.hints()
          .send(
              List.of(
                  new Outgoing(QueueName.STEP, late, Duration.ofMillis(700)),
                  Outgoing.now(QueueName.STEP, soon)));
      await()
          .untilAsserted(
              () ->
                  assertThat(road.arrived())
                      .extracting(Map.Entry::getValue)
                      .containsExactly(soon, late));
      assertThat(Duration.ofNanos(System.nanoTime() - from))
          .isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }
  }

  @Test
  void a_message_on_a_standard_queue_is_grouped_by_its_tenant() {
    Map<QueueName, String> urls = queues();
    try (Hints hints = new SqsHints(new SqsSender(endpoint), urls)) {
      hints.send(List.of(Outgoing.now(QueueName.SLOW, hint(1))));
      assertThat(receive(urls.get(QueueName.SLOW)))
          .singleElement()
          .satisfies(
              message ->
                  assertThat(message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID))
                      .isEqualTo("acme"));
    }
  }

  @Test
  void a_queue_that_is_down_or_gone_accepts_nothing_and_does_not_throw() {
    Map<QueueName, String> urls = queues();
    try (Hints down = new SqsHints(new SqsSender(URI.create("http://127.0.0.1:1")), urls)) {
      assertThat(
              down.send(
                  List.of(
                      Outgoing.now(QueueName.STEP, hint(1)),
                      Outgoing.now(QueueName.SLOW, hint(1)))))
          .isZero();
    }
    client.deleteQueue(request -> request.queueUrl(urls.get(QueueName.STEP)));
    try (Hints half = new SqsHints(new SqsSender(endpoint), urls)) {
      assertThat(
              half.send(
                  List.of(
                      Outgoing.now(QueueName.STEP, hint(1)),
                      Outgoing.now(QueueName.SLOW, hint(1)))))
          .isEqualTo(1);
    }
  }

  @Test
  void a_closed_sender_opens_again_when_asked() {
    SqsSender sender = new SqsSender(endpoint);
    String url = queues().get(QueueName.STEP);
    assertThat(sender.send(url, List.of(new SqsSender.Message("{}", "acme", 0)))).isEqualTo(1);
    sender.close();
    assertThat(sender.send(url, List.of(new SqsSender.Message("{}", "acme", 0)))).isEqualTo(1);
    sender.close();
  }
}
