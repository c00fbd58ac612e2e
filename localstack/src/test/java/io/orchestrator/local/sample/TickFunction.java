package io.orchestrator.local.sample;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keeps the scheduled events that it was sent. */
public final class TickFunction implements RequestHandler<ScheduledEvent, String> {
  public static final ConcurrentLinkedQueue<ScheduledEvent> TICKS = new ConcurrentLinkedQueue<>();

  @Override
  public String handleRequest(ScheduledEvent event, Context context) {
    TICKS.add(event);
    return "ticked";
  }
}
