package io.orchestrator.queue;

/** The queues that hints travel on. */
public enum QueueName {
  /** Steps that end soon. */
  STEP,
  /** Steps whose action may take longer than ten seconds. */
  SLOW,
  /** Answers, signals and ended sub-flows. */
  RESUME
}
