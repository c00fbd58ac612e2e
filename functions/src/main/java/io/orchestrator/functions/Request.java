package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.orchestrator.telemetry.Trace;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An HTTP request as the gateway hands it on (payload format 2.0).
 *
 * @param path as sent, percent-encoded
 * @param query as sent, without the question mark
 * @param headers by lower-case name
 * @param id of the gateway, for the logs
 */
record Request(
    String method, String path, String query, Map<String, String> headers, byte[] body, String id) {

  static Request of(APIGatewayV2HTTPEvent event) {
    APIGatewayV2HTTPEvent.RequestContext context = event.getRequestContext();
    return new Request(
        context.getHttp().getMethod().toUpperCase(Locale.ROOT),
        event.getRawPath(),
        text(event.getRawQueryString()),
        lowerCase(event.getHeaders()),
        bytes(event.getBody(), event.getIsBase64Encoded()),
        text(context.getRequestId()));
  }

  /** The same from the event as plain data. */
  static Request of(Map<?, ?> event) {
    Map<?, ?> context = (Map<?, ?>) event.get("requestContext");
    Map<?, ?> http = (Map<?, ?>) context.get("http");
    return new Request(
        text(http.get("method")).toUpperCase(Locale.ROOT),
        text(event.get("rawPath")),
        text(event.get("rawQueryString")),
        lowerCase((Map<?, ?>) event.get("headers")),
        bytes((String) event.get("body"), Boolean.TRUE.equals(event.get("isBase64Encoded"))),
        text(context.get("requestId")));
  }

  /** Whether an event is an HTTP request at all. */
  static boolean isOne(Map<?, ?> event) {
    return event.get("requestContext") instanceof Map<?, ?> context
        && context.get("http") instanceof Map;
  }

  /** A header's value, stripped; empty if it was not sent. */
  String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "").strip();
  }

  /** The trace context that it came with; null if it came with none. */
  String trace() {
    return Trace.of(header("traceparent"), headers.get("tracestate"));
  }

  /** The same in that trace. */
  Request in(String context) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put("traceparent", Trace.header(context));
    more.remove("tracestate");
    if (!Trace.state(context).isEmpty()) {
      more.put("tracestate", Trace.state(context));
    }
    return new Request(method, path, query, more, body, id);
  }

  /** The media type of the body without its parameters, in lower case; empty if none was sent. */
  String mediaType() {
    String type = header("content-type");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> lowerCase(Map<?, ?> headers) {
    Map<String, String> lower = new LinkedHashMap<>();
    if (headers != null) {
      headers.forEach((name, value) -> lower.put(text(name).toLowerCase(Locale.ROOT), text(value)));
    }
    return lower;
  }

  private static byte[] bytes(String body, boolean base64) {
    if (body == null) {
      return new byte[0];
    }
    return base64 ? Base64.getDecoder().decode(body) : body.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Object value) {
    return value == null ? "" : value.toString();
  }
}
