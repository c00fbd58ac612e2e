package io.orchestrator.queue;

import io.orchestrator.queue.SqsSender.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What waits to be sent to one queue. Requests go out on virtual threads: two whenever something
 * waits, more only for full batches, so that texts gather while requests are on their way but never
 * wait for company.
 */
final class Lane {
  private static final int BATCH_MAX = 10;
  private static final int EAGER = 2;
  private static final int REQUESTS_MAX = 8;

  private final Function<List<Message>, List<Integer>> post;
  private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger senders = new AtomicInteger();
  private final AtomicInteger starting = new AtomicInteger();

  private record Waiting(Message message, CompletableFuture<Boolean> accepted) {}

  /**
   * @param post sends up to ten messages and returns the positions of those that were accepted
   */
  Lane(Function<List<Message>, List<Integer>> post) {
    this.post = post;
  }

  CompletableFuture<Boolean> add(Message message) {
    Waiting entry = new Waiting(message, new CompletableFuture<>());
    queue.add(entry);
    waiting.incrementAndGet();
    return entry.accepted();
  }

  /** Starts as many senders as what waits deserves. */
  void go() {
    int running = senders.get();
    while (deservesOneMore(running)) {
      if (senders.compareAndSet(running, running + 1)) {
        starting.incrementAndGet();
        Thread.startVirtualThread(this::drain);
      }
      running = senders.get();
    }
  }

  private boolean deservesOneMore(int running) {
    int left = waiting.get() - starting.get() * BATCH_MAX;
    return left >= (running < EAGER ? 1 : BATCH_MAX) && running < REQUESTS_MAX;
  }

  /**
   * A sender leaves before it looks again, so what was added while it left is seen by it or by who
   * added.
   */
  private void drain() {
    try {
      List<Waiting> batch = next();
      starting.decrementAndGet();
      while (!batch.isEmpty()) {
        send(batch);
        batch = next();
      }
    } finally {
      senders.decrementAndGet();
      go();
    }
  }

  private List<Waiting> next() {
    List<Waiting> batch = new ArrayList<>(BATCH_MAX);
    Waiting entry = queue.poll();
    while (entry != null) {
      batch.add(entry);
      entry = batch.size() < BATCH_MAX ? queue.poll() : null;
    }
    waiting.addAndGet(-batch.size());
    return batch;
  }

  private void send(List<Waiting> batch) {
    List<Integer> accepted = List.of();
    try {
      accepted = post.apply(batch.stream().map(Waiting::message).toList());
    } finally {
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).accepted().complete(accepted.contains(i));
      }
    }
  }
}
