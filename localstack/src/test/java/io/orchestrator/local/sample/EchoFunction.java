package io.orchestrator.local.sample;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers with what it was sent; {@code ?die=true} ends its process, {@code ?fail=true} throws. */
public final class EchoFunction
    implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
  private final Map<String, String> environment;

  public EchoFunction() {
    this(System.getenv());
  }

  public EchoFunction(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
    Map<String, String> query =
        event.getQueryStringParameters() == null ? Map.of() : event.getQueryStringParameters();
    if (query.containsKey("die")) {
      Runtime.getRuntime().halt(7);
    }
    if (query.containsKey("fail")) {
      throw new IllegalStateException("asked to fail");
    }
    String said =
        String.join(
            "\n",
            "route=" + event.getRouteKey(),
            "path=" + event.getRawPath(),
            "raw-query=" + event.getRawQueryString(),
            "query=" + new TreeMap<>(query),
            "parameters=" + event.getPathParameters(),
            "x-many=" + event.getHeaders().get("x-many"),
            "cookies=" + event.getCookies(),
            "base64=" + event.getIsBase64Encoded(),
            "body=" + event.getBody(),
            "method=" + event.getRequestContext().getHttp().getMethod(),
            "greeting=" + environment.get("GREETING"),
            "pid=" + ProcessHandle.current().pid());
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(202)
        .withHeaders(Map.of("Content-Type", "text/plain", "Location", "/somewhere"))
        .withCookies(List.of("a=1", "b=2"))
        .withBody(said)
        .build();
  }
}
