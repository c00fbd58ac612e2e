package io.orchestrator.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What one phase of a run records; times are of the monotonic clock, in nanoseconds, 0 for what did
 * not happen.
 */
final class Phase {
  final String prefix;
  final int executions;
  final int steps;
  final long[] begun;
  final long[] acknowledged;
  final long[] signalled;
  final long[] done;
  final long[][] entered;
  final AtomicInteger doneCount = new AtomicInteger();
  final CountDownLatch allEntered;
  final CountDownLatch allDone;
  private final AtomicIntegerArray attempts;

  Phase(String prefix, int executions, int steps) {
    this.prefix = prefix + "-";
    this.executions = executions;
    this.steps = steps;
    begun = new long[executions];
    acknowledged = new long[executions];
    signalled = new long[executions];
    done = new long[executions];
    entered = new long[executions][steps];
    attempts = new AtomicIntegerArray(executions);
    allEntered = new CountDownLatch(executions);
    allDone = new CountDownLatch(executions);
  }

  String id(int index) {
    return prefix + index;
  }

  /** The index of an execution, -1 if it is of another phase. */
  private int index(String id) {
    return id.startsWith(prefix) ? Integer.parseInt(id.substring(prefix.length())) : -1;
  }

  /** The body of a step was entered. */
  void step(String id, int step) {
    long now = System.nanoTime();
    int i = index(id);
    if (i >= 0 && entered[i][step] == 0) {
      entered[i][step] = now;
      if (step == 0) {
        allEntered.countDown();
      }
    }
  }

  /** The body of the step that fails twice; whether this attempt fails. */
  boolean fails(String id) {
    step(id, 0);
    int i = index(id);
    return i >= 0 && attempts.incrementAndGet(i) < 3;
  }

  /** The execution is complete and durable. */
  void done(String id) {
    long now = System.nanoTime();
    int i = index(id);
    if (i >= 0 && done[i] == 0) {
      done[i] = now;
      doneCount.incrementAndGet();
      allDone.countDown();
    }
  }
}
