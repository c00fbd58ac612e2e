package io.orchestrator.bench;

/** What is measured. */
interface Subject extends AutoCloseable {
  /** Starts one execution; returns when that is durable. */
  void start(String id) throws Exception;

  /** Gives the answer that W4 waits for; returns when that is durable. */
  void signal(String id) throws Exception;

  @Override
  void close();
}
