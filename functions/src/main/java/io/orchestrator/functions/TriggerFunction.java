package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.orchestrator.telemetry.Log;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/**
 * Starts flows from outside: webhooks ({@code POST /hooks/{tenant}/{path}}), and rules or schedules
 * of EventBridge that target it with {@code {tenant, flow, input}}, or with an event for flows that
 * listen, {@code {tenant, type, key, data}}.
 */
public final class TriggerFunction implements RequestStreamHandler, AutoCloseable {
  private final Wiring wiring;
  private final Lazy<HookResource> hooks;
  private final Lazy<DirectStart> direct;

  public TriggerFunction() {
    this(System.getenv());
  }

  public TriggerFunction(Map<String, String> environment) {
    this.wiring = Wiring.serving(environment);
    this.hooks = new Lazy<>(() -> wiring.hookResource());
    this.direct = new Lazy<>(() -> new DirectStart(wiring.engine()));
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    try (Log.About _ = Log.request(context.getAwsRequestId())) {
      Map<?, ?> event = Streams.read(in);
      Streams.write(
          out,
          Request.isOne(event)
              ? hooks.get().answer(Request.of(event)).toData()
              : direct.get().take(event));
    } finally {
      wiring.tell();
    }
  }

  @Override
  public void close() {
    wiring.close();
  }
}
