package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.orchestrator.telemetry.Log;
import java.util.Map;

/** Serves every route that needs a token. */
public final class ApiFunction
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>, AutoCloseable {
  private final Wiring wiring;
  private final Lazy<Api> api;

  public ApiFunction() {
    this(System.getenv());
  }

  public ApiFunction(Map<String, String> environment) {
    this.wiring = Wiring.serving(environment);
    this.api = new Lazy<>(() -> new Api(wiring));
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    try (Log.About _ = Log.request(context.getAwsRequestId())) {
      return api.get().answer(Request.of(event)).toEvent();
    } finally {
      wiring.tell();
    }
  }

  @Override
  public void close() {
    wiring.close();
  }
}
