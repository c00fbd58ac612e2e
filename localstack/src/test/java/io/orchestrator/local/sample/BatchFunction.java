package io.orchestrator.local.sample;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps what it was sent; a body {@code bad...} is reported as failed, {@code boom} fails the
 * batch, {@code hold} waits.
 */
public final class BatchFunction implements RequestHandler<SQSEvent, SQSBatchResponse> {
  public static final ConcurrentLinkedQueue<SQSEvent.SQSMessage> SEEN =
      new ConcurrentLinkedQueue<>();
  public static final LinkedBlockingQueue<Boolean> RELEASE = new LinkedBlockingQueue<>();
  public static final AtomicInteger HELD = new AtomicInteger();

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    SEEN.addAll(event.getRecords());
    for (SQSEvent.SQSMessage message : event.getRecords()) {
      if (message.getBody().equals("boom")) {
        throw new IllegalStateException("boom");
      }
      if (message.getBody().equals("hold")) {
        hold();
      }
    }
    List<SQSBatchResponse.BatchItemFailure> failures =
        event.getRecords().stream()
            .filter(message -> message.getBody().startsWith("bad"))
            .map(message -> new SQSBatchResponse.BatchItemFailure(message.getMessageId()))
            .toList();
    return new SQSBatchResponse(failures);
  }

  private static void hold() {
    HELD.incrementAndGet();
    try {
      RELEASE.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      HELD.decrementAndGet();
    }
  }
}
