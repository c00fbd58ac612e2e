package io.orchestrator.queue;

import io.orchestrator.aws.AwsClients;
import io.orchestrator.telemetry.Trace;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;

/**
 * Sends texts to SQS queues. Texts that many threads send to one queue within a moment share
 * requests of ten; a lone one goes at once. Opens its client at first use, and again after {@link
 * #close()}.
 */
public final class SqsSender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SqsSender.class);
  private static final Duration CALL_MAX = Duration.ofSeconds(5);
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);

  private static final List<String> COUNTS =
      List.of(
          "ApproximateNumberOfMessages",
          "ApproximateNumberOfMessagesDelayed",
          "ApproximateNumberOfMessagesNotVisible");

  private final URI endpoint;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
  private final AtomicBoolean failing = new AtomicBoolean();
  private SqsClient client;

  /**
   * One message.
   *
   * @param tenant that it is counted for (fair queues)
   * @param delaySeconds at most 900
   * @param trace the context that it belongs to, which goes as attributes beside it; null without
   */
  public record Message(String text, String tenant, int delaySeconds, String trace) {
    /** In no trace. */
    public Message(String text, String tenant, int delaySeconds) {
      this(text, tenant, delaySeconds, null);
    }
  }

  /**
   * @param endpoint of an emulator, or null for what region and environment say
   */
  public SqsSender(URI endpoint) {
    this.endpoint = endpoint;
  }

  /** Sends the messages and returns how many the queue accepted. */
  public int send(String queueUrl, List<Message> messages) {
    Lane lane = lanes.computeIfAbsent(queueUrl, url -> new Lane(entries -> post(url, entries)));
    List<CompletableFuture<Boolean>> verdicts = messages.stream().map(lane::add).toList();
    lane.go();
    int accepted = 0;
    for (CompletableFuture<Boolean> verdict : verdicts) {
      accepted += isAccepted(verdict) ? 1 : 0;
    }
    return accepted;
  }

  /**
   * How many messages a queue has about now, those that are delayed or being worked on included.
   *
   * @throws SdkException if it cannot be asked
   */
  public long depth(String queueUrl) {
    return client()
        .getQueueAttributes(request -> request.queueUrl(queueUrl).attributeNamesWithStrings(COUNTS))
        .attributesAsStrings()
        .values()
        .stream()
        .mapToLong(Long::parseLong)
        .sum();
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private static boolean isAccepted(CompletableFuture<Boolean> verdict) {
    try {
      return verdict.get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }

  /** One request; the answer holds the positions of the entries that were accepted. */
  private List<Integer> post(String queueUrl, List<Message> messages) {
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, messages.size()).mapToObj(i -> entry(i, messages.get(i))).toList();
    try {
      SendMessageBatchResponse answer =
          client().sendMessageBatch(request -> request.queueUrl(queueUrl).entries(entries));
      note(answer);
      return answer.successful().stream().map(entry -> Integer.valueOf(entry.id())).toList();
    } catch (SdkException e) {
      if (failing.compareAndSet(false, true)) {
        log.warn("Hints cannot be sent to {}; the sweeper stands in for them", queueUrl, e);
      }
      return List.of();
    }
  }

  private void note(SendMessageBatchResponse answer) {
    if (answer.failed().isEmpty()) {
      if (failing.compareAndSet(true, false)) {
        log.info("Hints can be sent again");
      }
    } else if (failing.compareAndSet(false, true)) {
      log.warn(
          "{} of the hints were refused: {}",
          answer.failed().size(),
          answer.failed().getFirst().code());
    }
  }

  private static SendMessageBatchRequestEntry entry(int id, Message message) {
    return SendMessageBatchRequestEntry.builder()
        .id(Integer.toString(id))
        .messageBody(message.text())
        .messageGroupId(message.tenant())
        .delaySeconds(message.delaySeconds())
        .messageAttributes(attributes(message.trace()))
        .build();
  }

  private static Map<String, MessageAttributeValue> attributes(String trace) {
    if (trace == null) {
      return Map.of();
    }
    String state = Trace.state(trace);
    MessageAttributeValue parent = text(Trace.header(trace));
    return state.isEmpty()
        ? Map.of("traceparent", parent)
        : Map.of("traceparent", parent, "tracestate", text(state));
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private synchronized SqsClient client() {
    if (client == null) {
      client = AwsClients.open(SqsClient.builder(), endpoint, CALL_MAX);
    }
    return client;
  }
}
