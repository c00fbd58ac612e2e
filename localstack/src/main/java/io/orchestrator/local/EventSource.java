package io.orchestrator.local;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.local.FunctionSpec.QueueTrigger;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/**
 * Moves messages from a queue to a function as Lambda's event source mapping does: long poll,
 * invoke, delete what succeeded. Whatever failed stays and returns after the visibility timeout,
 * until the redrive policy takes it. One thread receives while a place for an invocation is free,
 * so batches grow by themselves under load.
 */
public final class EventSource implements AutoCloseable {
  private static final Logger LOG = System.getLogger(EventSource.class.getName());
  private static final int POLL_SECONDS = 20;
  private static final int RECEIVE_MAX = 10;
  private static final int CONCURRENCY_DEFAULT = 10;
  private static final Duration DRAIN_MAX = Duration.ofSeconds(2);
  private static final Duration PAUSE_AFTER_ERROR = Duration.ofSeconds(1);

  private final SqsClient sqs;
  private final String queueUrl;
  private final QueueTrigger trigger;
  private final FunctionHost host;
  private final int concurrencyMax;
  private final Semaphore places;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ReceiveMessageRequest request;
  private Thread receiver = Thread.currentThread();
  private volatile long stoppedNanos;

  private EventSource(SqsClient sqs, String queueUrl, QueueTrigger trigger, FunctionHost host) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.trigger = trigger;
    this.host = host;
    this.concurrencyMax =
        trigger.maximumConcurrency() > 0 ? trigger.maximumConcurrency() : CONCURRENCY_DEFAULT;
    this.places = new Semaphore(concurrencyMax);
    this.request =
        ReceiveMessageRequest.builder()
            .queueUrl(queueUrl)
            .maxNumberOfMessages(Math.min(RECEIVE_MAX, trigger.batchSize()))
            .waitTimeSeconds(POLL_SECONDS)
            .messageSystemAttributeNamesWithStrings("All")
            .messageAttributeNames("All")
            .build();
  }

  /** Starts to poll. */
  public static EventSource start(
      SqsClient sqs, String queueUrl, QueueTrigger trigger, FunctionHost host) {
    EventSource source = new EventSource(sqs, queueUrl, trigger, host);
    source.receiver = Thread.ofVirtual().name("poll-" + trigger.queue()).start(source::receive);
    return source;
  }

  private void receive() {
    try {
      while (stopping.getCount() > 0) {
        places.acquire();
        List<Message> messages = poll();
        if (messages.isEmpty()) {
          places.release();
          continue;
        }
        Thread.ofVirtual().name("invoke-" + host.function().id()).start(() -> deliver(messages));
      }
    } catch (InterruptedException e) {
      // Closing interrupts the long poll; nothing was received, so nothing is left to do.
      Thread.currentThread().interrupt();
    }
  }

  private List<Message> poll() throws InterruptedException {
    try {
      return sqs.receiveMessage(request).messages();
    } catch (SdkException e) {
      if (stopping.getCount() > 0) {
        LOG.log(
            Level.WARNING,
            "Cannot receive from {0}: {1}; next try in {2} s",
            trigger.queue(),
            e.getMessage(),
            PAUSE_AFTER_ERROR.toSeconds());
        boolean ends = stopping.await(PAUSE_AFTER_ERROR.toMillis(), TimeUnit.MILLISECONDS);
        LOG.log(Level.DEBUG, "Waited before polling {0} again, ends: {1}", trigger.queue(), ends);
      }
      return List.of();
    }
  }

  private void deliver(List<Message> messages) {
    try {
      delete(messages, failed(messages));
    } catch (FunctionException e) {
      LOG.log(
          Level.WARNING,
          "{0} failed with a batch of {1}, which returns after the visibility timeout: {2}: {3}",
          host.function().id(),
          messages.size(),
          e.type(),
          e.getMessage());
    } catch (SdkException e) {
      LOG.log(
          Level.WARNING,
          "Cannot delete messages of {0}, they will be delivered again: {1}",
          trigger.queue(),
          e.getMessage());
    } finally {
      places.release();
    }
  }

  /** Invokes, and gives the ids of the messages that must stay. */
  private Set<String> failed(List<Message> messages) throws FunctionException {
    SQSEvent event = new SQSEvent();
    event.setRecords(messages.stream().map(this::record).toList());
    SQSBatchResponse answer = host.invoke(event, SQSBatchResponse.class);
    if (!trigger.reportsItemFailures() || answer == null || answer.getBatchItemFailures() == null) {
      return Set.of();
    }
    Set<String> ids =
        answer.getBatchItemFailures().stream()
            .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
            .collect(Collectors.toSet());
    Set<String> known = messages.stream().map(Message::messageId).collect(Collectors.toSet());
    // As on AWS: an empty or unknown identifier makes the whole batch a failure.
    return known.containsAll(ids) ? ids : known;
  }

  private void delete(List<Message> messages, Set<String> failed) {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
    for (Message message : messages) {
      if (!failed.contains(message.messageId())) {
        entries.add(
            DeleteMessageBatchRequestEntry.builder()
                .id(Integer.toString(entries.size()))
                .receiptHandle(message.receiptHandle())
                .build());
      }
    }
    if (!entries.isEmpty()) {
      sqs.deleteMessageBatch(batch -> batch.queueUrl(queueUrl).entries(entries));
    }
  }

  private SQSEvent.SQSMessage record(Message message) {
    SQSEvent.SQSMessage one = new SQSEvent.SQSMessage();
    one.setMessageId(message.messageId());
    one.setReceiptHandle(message.receiptHandle());
    one.setBody(message.body());
    one.setMd5OfBody(message.md5OfBody());
    one.setMd5OfMessageAttributes(message.md5OfMessageAttributes());
    one.setAttributes(new HashMap<>(message.attributesAsStrings()));
    one.setEventSource("aws:sqs");
    one.setEventSourceArn(LocalQueues.arn(trigger.queue()));
    one.setAwsRegion(Surroundings.REGION);
    Map<String, SQSEvent.MessageAttribute> attributes = new HashMap<>();
    message
        .messageAttributes()
        .forEach(
            (name, value) -> {
              SQSEvent.MessageAttribute attribute = new SQSEvent.MessageAttribute();
              attribute.setDataType(value.dataType());
              attribute.setStringValue(value.stringValue());
              if (value.binaryValue() != null) {
                attribute.setBinaryValue(value.binaryValue().asByteBuffer());
              }
              attributes.put(name, attribute);
            });
    one.setMessageAttributes(attributes);
    return one;
  }

  /** Stops polling; what runs goes on. */
  void stop() {
    if (stopping.getCount() > 0) {
      stoppedNanos = System.nanoTime();
      stopping.countDown();
      receiver.interrupt();
    }
  }

  /**
   * Stops polling and waits until the running invocations have ended, at most two seconds from the
   * stop on; those that go on longer are left to end by themselves.
   */
  @Override
  public void close() {
    stop();
    try {
      if (!receiver.join(left())
          || !places.tryAcquire(concurrencyMax, left().toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.log(
            Level.WARNING,
            "{0} still works on a batch of {1}",
            host.function().id(),
            trigger.queue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration left() {
    long left = DRAIN_MAX.toNanos() - (System.nanoTime() - stoppedNanos);
    return Duration.ofNanos(Math.max(1, left));
  }
}
