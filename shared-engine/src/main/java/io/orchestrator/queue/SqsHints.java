package io.orchestrator.queue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Hints as messages of standard SQS queues, grouped by tenant (fair queues), so that one tenant's
 * flood delays only itself.
 */
public final class SqsHints implements Hints {
  private final SqsSender sender;
  private final Map<QueueName, String> urls;

  /**
   * @param urls the address of every queue
   */
  public SqsHints(SqsSender sender, Map<QueueName, String> urls) {
    this.sender = sender;
    this.urls = new EnumMap<>(urls);
    for (QueueName queue : QueueName.values()) {
      if (urls.getOrDefault(queue, "").isBlank()) {
        throw new IllegalArgumentException("The address of the queue " + queue + " is missing");
      }
    }
  }

  @Override
  public int send(List<Outgoing> hints) {
    Map<QueueName, List<Outgoing>> byQueue = new EnumMap<>(QueueName.class);
    hints.forEach(
        hint -> byQueue.computeIfAbsent(hint.queue(), queue -> new ArrayList<>()).add(hint));
    return byQueue.entrySet().stream()
        .mapToInt(
            entry ->
                sender.send(
                    urls.get(entry.getKey()),
                    entry.getValue().stream().map(SqsHints::message).toList()))
        .sum();
  }

  @Override
  public void close() {
    sender.close();
  }

  /**
   * Rounds a delay up: SQS knows whole seconds, and a hint that comes before its time is of no use.
   */
  private static SqsSender.Message message(Outgoing outgoing) {
    int seconds = (int) ((outgoing.delay().toMillis() + 999) / 1000);
    Hint hint = outgoing.hint();
    return new SqsSender.Message(hint.json(), hint.tenant(), seconds, hint.traceparent());
  }
}
