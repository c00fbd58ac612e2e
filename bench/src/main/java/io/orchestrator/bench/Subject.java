package io.orchestrator.bench;

import java.util.stream.LongStream;

/** What is measured. */
interface Subject extends AutoCloseable {
  /** Starts one execution; returns when that is durable. */
  void start(String id) throws Exception;

  /** Gives the answer that W4 waits for; returns when that is durable. */
  void signal(String id) throws Exception;

  /** Transactions that only the measuring makes in the database, to learn what is complete. */
  default long harnessTransactions() {
    return 0;
  }

  /** The processes beside this one, each with its descendants, that do the subject's work. */
  default LongStream serverPids() {
    return LongStream.empty();
  }

  @Override
  void close();
}
