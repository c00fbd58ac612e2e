package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import io.orchestrator.telemetry.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Takes answers to waits: {@code POST /callbacks/{token}} and {@code /approvals/{id}} from outside,
 * and hints of its own queue.
 */
public final class ResumeFunction implements RequestStreamHandler, AutoCloseable {
  private final Wiring wiring;
  private final Lazy<Hinted> hinted;
  private final Lazy<CallbackResource> callbacks;
  private final Lazy<ApprovalResource> approvals;

  public ResumeFunction() {
    this(System.getenv());
  }

  public ResumeFunction(Map<String, String> environment) {
    this.wiring = Wiring.working(environment);
    this.hinted = new Lazy<>(wiring::hinted);
    this.callbacks = new Lazy<>(() -> new CallbackResource(wiring.front(), wiring.engine()));
    this.approvals =
        new Lazy<>(
            () ->
                new ApprovalResource(
                    wiring.front(), wiring.engine(), wiring.stores().executions()));
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    try (Log.About _ = Log.request(context.getAwsRequestId())) {
      Streams.write(out, answer(Streams.read(in), context));
    } finally {
      wiring.tell();
    }
  }

  private Object answer(Map<?, ?> event, Context context) {
    List<SQSMessage> messages = Streams.messages(event);
    if (messages != null) {
      return Streams.failures(hinted.get().work(messages, context));
    }
    if (Request.isOne(event)) {
      Request request = Request.of(event);
      return (request.path().startsWith("/approvals/")
              ? approvals.get().answer(request)
              : callbacks.get().answer(request))
          .toData();
    }
    throw new IllegalArgumentException("The event is neither a batch of messages nor a request");
  }

  @Override
  public void close() {
    wiring.close();
  }
}
