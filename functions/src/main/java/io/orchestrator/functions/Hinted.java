package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.orchestrator.engine.BulkWork;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.Sweeper;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Unreadable;
import io.orchestrator.store.StoreException;
import io.orchestrator.telemetry.Log;
import io.orchestrator.telemetry.Spans;
import io.orchestrator.telemetry.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on a batch of hints, all at once on virtual threads. A message fails only when it cannot be
 * read, or when the machinery (not the flow) broke; its neighbours are not touched by that.
 */
final class Hinted {
  private static final Logger LOG = LoggerFactory.getLogger(Hinted.class);

  /** How often a process asks whether the sweeper is missing. */
  private static final Duration HELP = Duration.ofSeconds(4);

  private final Engine engine;
  private final Redelivery redelivery;
  private final Rounds rounds;
  private final Spans spans;
  private final BulkWork bulk;
  private final AtomicLong helpedNanos = new AtomicLong(System.nanoTime());

  Hinted(Engine engine, Redelivery redelivery, Rounds rounds, Spans spans, BulkWork bulk) {
    this.bulk = bulk;
    this.engine = engine;
    this.redelivery = redelivery;
    this.rounds = rounds;
    this.spans = spans;
  }

  SQSBatchResponse work(List<SQSMessage> messages, Context context) {
    Duration budget = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(Limits.RESERVE);
    String request = context.getAwsRequestId();
    List<SQSMessage> failed = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> outcomes =
          messages.stream()
              .map(message -> threads.submit(() -> works(message, budget, request)))
              .toList();
      for (int i = 0; i < messages.size(); i++) {
        if (!isTrue(outcomes.get(i))) {
          failed.add(messages.get(i));
        }
      }
    }
    redelivery.soon(failed);
    helpOut();
    return new SQSBatchResponse(
        failed.stream().map(message -> new BatchItemFailure(message.getMessageId())).toList());
  }

  private boolean works(SQSMessage message, Duration budget, String request) {
    return switch (Hint.parse(message.getBody())) {
      case Unreadable unreadable -> {
        Log.event("message_unreadable", "message", message.getMessageId(), "why", unreadable.why());
        yield false;
      }
      case Hint plain -> {
        Hint hint = plain.in(trace(message));
        yield spans.wanted()
            ? new MessageSpan(spans, message, hint).around(() -> advances(hint, budget, request))
            : advances(hint, budget, request);
      }
    };
  }

  private static String trace(SQSMessage message) {
    return Trace.of(attribute(message, "traceparent"), attribute(message, "tracestate"));
  }

  private static String attribute(SQSMessage message, String name) {
    Map<String, MessageAttribute> attributes = message.getMessageAttributes();
    MessageAttribute attribute = attributes == null ? null : attributes.get(name);
    return attribute == null ? null : attribute.getStringValue();
  }

  private boolean advances(Hint hint, Duration budget, String request) {
    try (Log.About _ = Log.request(request);
        Log.About _ = Log.about(hint.tenant(), hint.execution().toString(), hint.revision())) {
      if (hint.kind() == Hint.Kind.BULK) {
        bulk.work(hint);
      } else {
        engine.advance(hint, budget);
      }
      return true;
    } catch (RuntimeException broken) {
      LOG.error("The hint {} could not be worked on and will come again", hint, broken);
      return false;
    }
  }

  /** Sweeps now and then if no ticks come: then a lost process is missed all the same. */
  private void helpOut() {
    long now = System.nanoTime();
    long last = helpedNanos.get();
    if (now - last < HELP.toNanos() || !helpedNanos.compareAndSet(last, now)) {
      return;
    }
    try {
      Sweeper.Swept swept = rounds.helpOut();
      if (swept.sent() > 0) {
        Log.event("swept", "sent", swept.sent(), "instead", "of the sweeper");
      }
    } catch (StoreException away) {
      LOG.warn("Could not look whether the sweeper is missing", away);
    }
  }

  private static boolean isTrue(Future<Boolean> outcome) {
    try {
      return outcome.get();
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException bug) {
      LOG.error("A message broke", bug);
      return false;
    }
  }
}
