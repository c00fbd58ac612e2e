package io.orchestrator.queue;

import java.util.List;

/**
 * Sends hints, after the commit that made them true. A hint that could not be sent is not an error:
 * the execution's due time in the database stands for it. Safe for many threads.
 */
public interface Hints extends AutoCloseable {

  /**
   * Sends these and returns how many were accepted; returns when that is known. Never throws for a
   * queue that is down.
   */
  int send(List<Outgoing> hints);

  @Override
  void close();
}
