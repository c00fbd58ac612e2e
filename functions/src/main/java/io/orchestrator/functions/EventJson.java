package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the events of our functions and writes their answers in place of the runtime's own
 * serializer, whose eight hundred classes are a fifth of a cold start. Of an event it reads what
 * the functions use. The runtime finds it as a service.
 */
@SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"}) // so says the interface
public final class EventJson implements CustomPojoSerializer {
  @Override
  public <T> T fromJson(InputStream in, Type type) {
    try {
      return (T) event(Streams.read(in), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public <T> T fromJson(String json, Type type) {
    return fromJson(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), type);
  }

  @Override
  public <T> void toJson(T value, OutputStream out, Type type) {
    try {
      Streams.write(out, data(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object event(Map<?, ?> event, Type type) {
    Type raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
    if (raw == SQSEvent.class) {
      SQSEvent batch = new SQSEvent();
      batch.setRecords(Streams.messages(event));
      return batch;
    }
    if (raw == APIGatewayV2HTTPEvent.class) {
      return request(event);
    }
    if (raw == Map.class) {
      return event;
    }
    throw new IllegalArgumentException("No function takes events of " + type.getTypeName());
  }

  private static APIGatewayV2HTTPEvent request(Map<?, ?> event) {
    if (!Request.isOne(event)) {
      throw new IllegalArgumentException("The event is no HTTP request of payload format 2.0");
    }
    Map<?, ?> context = (Map<?, ?>) event.get("requestContext");
    Map<?, ?> http = (Map<?, ?>) context.get("http");
    return APIGatewayV2HTTPEvent.builder()
        .withVersion((String) event.get("version"))
        .withRouteKey((String) event.get("routeKey"))
        .withRawPath((String) event.get("rawPath"))
        .withRawQueryString((String) event.get("rawQueryString"))
        .withHeaders(texts(event.get("headers")))
        .withQueryStringParameters(texts(event.get("queryStringParameters")))
        .withPathParameters(texts(event.get("pathParameters")))
        .withCookies((List<String>) event.get("cookies"))
        .withBody((String) event.get("body"))
        .withIsBase64Encoded(Boolean.TRUE.equals(event.get("isBase64Encoded")))
        .withRequestContext(
            RequestContext.builder()
                .withRequestId((String) context.get("requestId"))
                .withRouteKey((String) context.get("routeKey"))
                .withHttp(
                    RequestContext.Http.builder()
                        .withMethod((String) http.get("method"))
                        .withPath((String) http.get("path"))
                        .withSourceIp((String) http.get("sourceIp"))
                        .withUserAgent((String) http.get("userAgent"))
                        .build())
                .build())
        .build();
  }

  private static Map<String, String> texts(Object map) {
    return (Map<String, String>) map;
  }

  private static Object data(Object answer) {
    return switch (answer) {
      case null -> null;
      case SQSBatchResponse batch -> Streams.failures(batch);
      case APIGatewayV2HTTPResponse response -> {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("statusCode", (long) response.getStatusCode());
        data.put("headers", response.getHeaders());
        if (response.getCookies() != null) {
          data.put("cookies", response.getCookies());
        }
        data.put("body", response.getBody());
        data.put("isBase64Encoded", response.getIsBase64Encoded());
        yield data;
      }
      case Map<?, ?> map -> map;
      default ->
          throw new IllegalArgumentException("No function answers with " + answer.getClass());
    };
  }
}
