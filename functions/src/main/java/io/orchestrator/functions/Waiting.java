package io.orchestrator.functions;

import io.orchestrator.execution.Status;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.Stored;
import java.time.Duration;
import java.util.UUID;

/**
 * Waits for the end of an execution: looks again at growing intervals and holds no connection in
 * between.
 */
final class Waiting {
  private static final Duration FIRST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMillis(400);

  private final ExecutionReads reads;
  private final String tenant;

  Waiting(ExecutionReads reads, String tenant) {
    this.reads = reads;
    this.tenant = tenant;
  }

  /** The execution as it is when it has ended or the time is over. */
  Stored untilEnded(UUID id, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    long pause = FIRST.toNanos();
    Stored head = read(id);
    long left = end - System.nanoTime();
    while (!Status.of(head.status()).isFinal() && left > 0 && slept(Math.min(pause, left))) {
      pause = Math.min(pause * 3 / 2, LONGEST.toNanos());
      head = read(id);
      left = end - System.nanoTime();
    }
    return head;
  }

  /** The execution when it has more than so many lines, has ended, or the time is over. */
  Stored untilBeyond(UUID id, int revision, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    long pause = FIRST.toNanos();
    Stored head = read(id);
    long left = end - System.nanoTime();
    while (head.revision() <= revision
        && !Status.of(head.status()).isFinal()
        && left > 0
        && slept(Math.min(pause, left))) {
      pause = Math.min(pause * 3 / 2, LONGEST.toNanos());
      head = read(id);
      left = end - System.nanoTime();
    }
    return head;
  }

  private Stored read(UUID id) {
    return reads
        .head(tenant, id)
        .orElseThrow(() -> Refusal.notFound("There is no execution " + id));
  }

  private static boolean slept(long nanos) {
    try {
      // The pause between two looks: nothing tells this process of an end elsewhere.
      Thread.sleep(Duration.ofNanos(nanos));
      return true;
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
