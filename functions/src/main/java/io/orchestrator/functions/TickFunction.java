package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.orchestrator.engine.Settings;
import io.orchestrator.queue.SqsSender;
import io.orchestrator.telemetry.Log;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Once a minute it sends the ticks of that minute, one every two seconds, for schedules are no
 * finer than a minute.
 */
public final class TickFunction
    implements RequestHandler<Map<String, Object>, Map<String, Object>>, AutoCloseable {
  private static final int MINUTE_SECONDS = 60;
  private static final int STEP_SECONDS = 2;
  private static final int BATCH = 10;

  /** Ticks belong to no tenant, and must not look like one. */
  private static final String NOBODY = "_ticks";

  private final String queueUrl;
  private final SqsSender sender;

  public TickFunction() {
    this(System.getenv());
  }

  public TickFunction(Map<String, String> environment) {
    Settings.Queues queues = Settings.of(environment).queues();
    this.queueUrl = queues.sweep();
    this.sender = new SqsSender(queues.endpoint());
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    try (Log.About _ = Log.request(context.getAwsRequestId())) {
      List<SqsSender.Message> ticks =
          IntStream.range(0, MINUTE_SECONDS / STEP_SECONDS)
              .map(slot -> slot * STEP_SECONDS)
              .mapToObj(delay -> new SqsSender.Message("{\"delay\":" + delay + "}", NOBODY, delay))
              .toList();
      int sent = 0;
      for (int first = 0; first < ticks.size(); first += BATCH) {
        sent += sender.send(queueUrl, ticks.subList(first, Math.min(first + BATCH, ticks.size())));
      }
      Log.event("ticks_sent", "sent", sent, "of", ticks.size());
      if (sent == 0) {
        throw new IllegalStateException("no tick could be sent");
      }
      return Map.of("sent", (long) sent);
    }
  }

  @Override
  public void close() {
    sender.close();
  }
}
