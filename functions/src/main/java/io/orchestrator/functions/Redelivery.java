package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.orchestrator.aws.AwsClients;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;

/**
 * Lets failed messages come again soon, for else they stay hidden for the queue's whole visibility
 * timeout, which is six times the function's. Only an advice: if it fails, they come later.
 */
final class Redelivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Redelivery.class);
  private static final Duration CALL_MAX = Duration.ofSeconds(2);
  private static final int SECONDS_MAX = 30;

  private final URI endpoint;
  private final List<String> queueUrls;
  private final Lazy<SqsClient> client = new Lazy<>(this::open);

  /**
   * @param endpoint of an emulator, null for the real service
   * @param queueUrls the queues whose messages may come here
   */
  Redelivery(URI endpoint, List<String> queueUrls) {
    this.endpoint = endpoint;
    this.queueUrls = queueUrls;
  }

  /** At most ten messages, all of one queue, as Lambda hands them over. */
  void soon(List<SQSMessage> failed) {
    String url = failed.isEmpty() ? null : url(failed.getFirst());
    if (url == null) {
      return;
    }
    List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
    for (SQSMessage message : failed) {
      entries.add(
          ChangeMessageVisibilityBatchRequestEntry.builder()
              .id(Integer.toString(entries.size()))
              .receiptHandle(message.getReceiptHandle())
              .visibilityTimeout(pause(message))
              .build());
    }
    try {
      client.get().changeMessageVisibilityBatch(request -> request.queueUrl(url).entries(entries));
    } catch (SdkException e) {
      LOG.warn("{} failed messages stay hidden for the whole visibility timeout", failed.size(), e);
    }
  }

  /**
   * 1, 2, 4, 8 ... seconds: a database that is away needs a moment, a broken message should reach
   * the dead letters.
   */
  private static int pause(SQSMessage message) {
    Map<String, String> attributes = message.getAttributes();
    String count = attributes == null ? null : attributes.get("ApproximateReceiveCount");
    int received = count == null || !count.matches("[0-9]{1,3}") ? 1 : Integer.parseInt(count);
    return Math.min(SECONDS_MAX, 1 << Math.min(received - 1, 5));
  }

  /** The queue's name ends both its ARN and its address. */
  private String url(SQSMessage message) {
    String arn = message.getEventSourceArn();
    if (arn == null || message.getReceiptHandle() == null) {
      return null;
    }
    String name = arn.substring(arn.lastIndexOf(':') + 1);
    return queueUrls.stream().filter(url -> url.endsWith("/" + name)).findFirst().orElse(null);
  }

  private SqsClient open() {
    return AwsClients.open(SqsClient.builder(), endpoint, CALL_MAX);
  }

  @Override
  public void close() {
    if (client.ifMade() != null) {
      client.ifMade().close();
    }
  }
}
