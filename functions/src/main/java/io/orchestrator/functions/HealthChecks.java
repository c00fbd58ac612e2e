package io.orchestrator.functions;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.HealthProbe;
import io.orchestrator.store.HealthRows;
import io.orchestrator.telemetry.Metrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, when it is due, how the services behind adapters are. All that are due are asked at the
 * same time, so that it takes no longer than the slowest of them may.
 */
final class HealthChecks {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
  private static final int ASKED_MAX = 50;

  /** A new check, or one that another process has put off, is noticed after that. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final HealthRows rows;
  private final Definitions definitions;
  private final HealthProbe probe;
  private final Metrics metrics;

  /** Before that nothing is due. */
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

  HealthChecks(HealthRows rows, Definitions definitions, HealthProbe probe, Metrics metrics) {
    this.rows = rows;
    this.definitions = definitions;
    this.probe = probe;
    this.metrics = metrics;
  }

  /** Makes the checks that are due, unless this process knows that none is. */
  void check() {
    long now = System.nanoTime();
    long next = nextNanos.get();
    if (now - next < 0 || !nextNanos.compareAndSet(next, now + LOOK.toNanos())) {
      return;
    }
    HealthRows.Taken taken = rows.take(ASKED_MAX);
    if (taken.next() != null && taken.next().compareTo(LOOK) < 0) {
      nextNanos.set(now + Math.max(0, taken.next().toNanos()));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      taken.due().forEach(due -> threads.execute(() -> check(due)));
    }
  }

  /** One that breaks keeps no other from being made; its next instant comes. */
  private void check(HealthRows.Due due) {
    try {
      ask(due);
    } catch (RuntimeException broken) {
      LOG.error("The health check of {} of {} broke", due.adapter(), due.tenant(), broken);
    }
  }

  private void ask(HealthRows.Due due) {
    Definition definition = definitions.find(due.tenant(), due.adapter());
    if (definition == null || definition.safeguards().health() == null) {
      rows.forget(due);
      return;
    }
    HealthProbe.Finding found = probe.ask(due.tenant(), definition);
    rows.note(due, found.up(), found.status(), found.took(), found.note());
    metrics.count(
        found.up() ? "HealthChecked" : "HealthFailed", 1, Map.of("adapter", due.adapter()));
  }
}
