package io.orchestrator.local;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * A function as Lambda runs it: processes that take one invocation at a time, started on demand up
 * to a maximum. A process that dies or exceeds its time fails its invocation only.
 */
public final class ProcessHost implements FunctionHost {
  private static final Duration INIT_EXTRA = Duration.ofSeconds(30);

  private final FunctionSpec function;
  private final Home home;
  private final Semaphore places;
  private final Deque<FunctionProcess> idle = new ArrayDeque<>();
  private final Set<FunctionProcess> all = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private ProcessHost(FunctionSpec function, Home home, int processesMax) {
    this.function = function;
    this.home = home;
    this.places = new Semaphore(processesMax, true);
  }

  /** No process runs before the first invocation. */
  public static ProcessHost start(FunctionSpec function, Home home, int processesMax) {
    return new ProcessHost(function, home, processesMax);
  }

  @Override
  public FunctionSpec function() {
    return function;
  }

  /** The living processes, so that a test can kill one. */
  public List<Long> pids() {
    return all.stream().filter(FunctionProcess::isAlive).map(FunctionProcess::pid).toList();
  }

  /** How many have answered and wait for work: those that have started through. */
  public synchronized int idle() {
    return (int) idle.stream().filter(FunctionProcess::isAlive).count();
  }

  @Override
  public <T> T invoke(Object event, Class<T> answer) throws FunctionException {
    byte[] json = Events.json(event);
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FunctionException("Runtime.Interrupted", "The local stack stops", e);
    }
    try {
      return Events.read(invoke(json), answer);
    } finally {
      places.release();
    }
  }

  private byte[] invoke(byte[] event) throws FunctionException {
    FunctionProcess process = take();
    boolean fresh = process == null;
    if (fresh) {
      process = begin();
    }
    boolean reusable = false;
    try {
      byte[] answer =
          process.invoke(event, fresh ? function.timeout().plus(INIT_EXTRA) : function.timeout());
      reusable = true;
      return answer;
    } catch (FunctionException e) {
      // A handler that threw has answered and lives on; a dead, silent or half-started process is
      // not used again.
      reusable =
          process.isAlive() && !e.type().startsWith("Sandbox.") && !e.type().startsWith("Runtime.");
      throw e;
    } finally {
      giveBack(process, reusable);
    }
  }

  private synchronized FunctionProcess take() {
    for (FunctionProcess process = idle.pollLast(); process != null; process = idle.pollLast()) {
      if (process.isAlive()) {
        return process;
      }
      all.remove(process);
      process.close();
    }
    return null;
  }

  private synchronized FunctionProcess begin() throws FunctionException {
    if (closed) {
      throw new FunctionException("Runtime.Interrupted", "The local stack stops");
    }
    FunctionProcess process = FunctionProcess.start(function, home);
    all.add(process);
    return process;
  }

  private synchronized void giveBack(FunctionProcess process, boolean reusable) {
    if (reusable && !closed) {
      idle.addLast(process);
    } else {
      all.remove(process);
      process.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    all.forEach(FunctionProcess::close);
  }
}
