package io.orchestrator.local;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orchestrator.local.FunctionSpec.ScheduleTrigger;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;

/** Calls functions at the rates that the template gives, the first time at once. */
public final class Schedules implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Schedules.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Clock clock;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("schedules").daemon().factory());

  public Schedules(Clock clock) {
    this.clock = clock;
  }

  /**
   * Fires each schedule of that function; a call that takes longer than the rate does not hold up
   * the next one.
   */
  public void add(FunctionHost host) {
    for (ScheduleTrigger schedule : host.function().schedules()) {
      ScheduledFuture<?> running =
          timer.scheduleAtFixedRate(
              () ->
                  Thread.ofVirtual()
                      .name("schedule-" + schedule.name())
                      .start(() -> fire(host, schedule)),
              0,
              schedule.rate().toMillis(),
              TimeUnit.MILLISECONDS);
      LOG.log(
          Level.DEBUG, "Schedule {0} every {1}: {2}", schedule.name(), schedule.rate(), running);
    }
  }

  private void fire(FunctionHost host, ScheduleTrigger schedule) {
    try {
      host.invoke(event(schedule), Object.class);
    } catch (FunctionException e) {
      LOG.log(
          Level.WARNING,
          "{0} failed on schedule {1}: {2}: {3}",
          host.function().id(),
          schedule.name(),
          e.type(),
          e.getMessage());
    }
  }

  private Object event(ScheduleTrigger schedule) {
    if (schedule.input().isPresent()) {
      try {
        return JSON.readValue(schedule.input().get(), Object.class);
      } catch (JsonProcessingException e) {
        throw new StackException(
            "The input of the schedule " + schedule.name() + " is not JSON.", e);
      }
    }
    return new ScheduledEvent()
        .withVersion("0")
        .withId(UUID.randomUUID().toString())
        .withDetailType("Scheduled Event")
        .withSource("aws.events")
        .withAccount(Surroundings.ACCOUNT)
        .withRegion(Surroundings.REGION)
        .withTime(new DateTime(clock.millis(), DateTimeZone.UTC))
        .withResources(
            List.of(
                "arn:aws:events:"
                    + Surroundings.REGION
                    + ":"
                    + Surroundings.ACCOUNT
                    + ":rule/"
                    + schedule.name()))
        .withDetail(Map.of());
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
