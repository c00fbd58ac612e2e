package io.orchestrator.telemetry;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps spans until they are sent at the end of an invocation. It has no thread of its own, for
 * Lambda freezes a process between two invocations. A collector that is away costs one short wait,
 * and then nothing for a while.
 */
final class Gathered implements SpanProcessor {
  /** How long an invocation waits for the collector. */
  static final Duration EXPORT_MAX = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Gathered.class);

  /** What a busy process makes in a few seconds; what comes on top is dropped. */
  private static final int SPANS_MAX = 8_192;

  /** An invocation that goes on for minutes sends so many at once, without waiting. */
  private static final int BATCH = 512;

  private static final long PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

  private final SpanExporter exporter;
  private final String endpoint;
  private List<SpanData> spans = new ArrayList<>();
  private long dropped;
  private long awayUntilNanos;
  private boolean away;

  Gathered(SpanExporter exporter, String endpoint) {
    this.exporter = exporter;
    this.endpoint = endpoint;
  }

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    // Only what is over is told.
  }

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    boolean full;
    synchronized (this) {
      if (spans.size() >= SPANS_MAX) {
        dropped++;
        return;
      }
      spans.add(span.toSpanData());
      full = spans.size() == BATCH;
    }
    if (full) {
      CompletableResultCode sent = send(taken());
      sent.whenComplete(() -> heard(sent.isSuccess()));
    }
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  /** Sends what there is and waits for it, at most a moment. */
  void flush() {
    List<SpanData> ready = taken();
    if (!ready.isEmpty()) {
      heard(send(ready).join(EXPORT_MAX.toMillis(), TimeUnit.MILLISECONDS).isSuccess());
    }
  }

  @Override
  public CompletableResultCode forceFlush() {
    return send(taken());
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }

  private synchronized List<SpanData> taken() {
    if (spans.isEmpty()) {
      return List.of();
    }
    List<SpanData> ready = spans;
    spans = new ArrayList<>();
    return away && System.nanoTime() - awayUntilNanos < 0 ? List.of() : ready;
  }

  private CompletableResultCode send(List<SpanData> ready) {
    return ready.isEmpty() ? CompletableResultCode.ofSuccess() : exporter.export(ready);
  }

  private synchronized void heard(boolean received) {
    if (received) {
      if (away || dropped > 0) {
        LOG.info("Spans are sent to {} again; {} did not fit meanwhile", endpoint, dropped);
      }
      away = false;
      dropped = 0;
    } else {
      if (!away) {
        LOG.warn("Spans cannot be sent to {}; they are dropped until it answers", endpoint);
      }
      away = true;
      awayUntilNanos = System.nanoTime() + PAUSE_NANOS;
    }
  }
}
