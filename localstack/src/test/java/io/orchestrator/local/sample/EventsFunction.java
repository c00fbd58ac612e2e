package io.orchestrator.local.sample;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.Map;

/** Tells three events, one an answer, to who says which one was the last. */
public final class EventsFunction
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private static final int EVENTS = 3;

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    int next = Integer.parseInt(event.getHeaders().getOrDefault("last-event-id", "0")) + 1;
    return next > EVENTS
        ? APIGatewayV2HTTPResponse.builder().withStatusCode(204).build()
        : APIGatewayV2HTTPResponse.builder()
            .withStatusCode(200)
            .withHeaders(Map.of("content-type", "text/event-stream"))
            .withBody("id: " + next + "\ndata: event " + next + "\n\n")
            .build();
  }
}
