package io.orchestrator.functions;

import io.orchestrator.queue.SqsSender;
import io.orchestrator.telemetry.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Notes once a minute how many messages the queues have. */
final class Depths {
  private static final Logger LOG = LoggerFactory.getLogger(Depths.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final SqsSender queues;
  private final Map<String, String> urls;
  private final Metrics metrics;
  private final AtomicLong lastNanos = new AtomicLong(System.nanoTime() - EVERY.toNanos());

  /**
   * @param urls of the queues, by the names that the metric has
   */
  Depths(SqsSender queues, Map<String, String> urls, Metrics metrics) {
    this.queues = queues;
    this.urls = Map.copyOf(urls);
    this.metrics = metrics;
  }

  /** Does so if a minute has passed, and if metrics are read at all. */
  void measure() {
    long now = System.nanoTime();
    long last = lastNanos.get();
    if (!metrics.areRead() || now - last < EVERY.toNanos() || !lastNanos.compareAndSet(last, now)) {
      return;
    }
    urls.forEach(
        (name, url) -> {
          try {
            metrics.count("QueueDepth", queues.depth(url), Map.of("queue", name));
          } catch (SdkException away) {
            LOG.warn("The queue {} does not say how deep it is", name, away);
          }
        });
  }
}
