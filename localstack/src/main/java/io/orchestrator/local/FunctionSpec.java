package io.orchestrator.local;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One function of the template: its code, limits, environment, and what calls it. */
public record FunctionSpec(
    String id,
    String handler,
    int memoryMb,
    Duration timeout,
    Map<String, String> environment,
    List<Route> routes,
    List<QueueTrigger> queues,
    List<ScheduleTrigger> schedules) {

  /** A route of the HTTP API; {@code open} ones have no authorizer. */
  public record Route(String method, String path, boolean open) {}

  /**
   * An SQS event source mapping; {@code queue} is the queue's name, a maximum concurrency of 0
   * means none is set.
   */
  public record QueueTrigger(
      String queue, int batchSize, boolean reportsItemFailures, int maximumConcurrency) {}

  /**
   * A schedule at a fixed rate, with the event that it sends instead of the scheduler's own, if
   * any.
   */
  public record ScheduleTrigger(String name, Duration rate, Optional<String> input) {}

  /** The handler's class, without the method that may follow. */
  public String handlerClass() {
    return handler.split("::", -1)[0];
  }

  public FunctionSpec with(Map<String, String> otherEnvironment) {
    return new FunctionSpec(
        id, handler, memoryMb, timeout, Map.copyOf(otherEnvironment), routes, queues, schedules);
  }
}
