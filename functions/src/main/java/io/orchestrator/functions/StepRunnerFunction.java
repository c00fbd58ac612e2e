package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.telemetry.Log;
import java.util.Map;

/**
 * Makes the calls of steps and runs ahead: a batch of hints in, the messages that must come again
 * out.
 */
public final class StepRunnerFunction
    implements RequestHandler<SQSEvent, SQSBatchResponse>, AutoCloseable {
  private final Wiring wiring;
  private final Lazy<Hinted> hinted;

  public StepRunnerFunction() {
    this(System.getenv());
  }

  public StepRunnerFunction(Map<String, String> environment) {
    this.wiring = Wiring.working(environment);
    this.hinted = new Lazy<>(wiring::hinted);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    try (Log.About _ = Log.request(context.getAwsRequestId())) {
      return hinted.get().work(event.getRecords(), context);
    } finally {
      wiring.tell();
    }
  }

  @Override
  public void close() {
    wiring.close();
  }
}
