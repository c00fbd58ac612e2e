package io.orchestrator.functions;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.orchestrator.expression.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP answer.
 *
 * @param next cursor of the page that follows this one; null if none does
 */
record Reply(int status, Map<String, String> headers, String body, String next) {
  static final String JSON = "application/json";

  Reply(int status, Map<String, String> headers, String body) {
    this(status, headers, body, null);
  }

  static Reply json(int status, Object data) {
    return text(status, JSON, Json.write(data));
  }

  /** It is done, and there is nothing to show. */
  static Reply none() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("cache-control", "no-store");
    headers.put("x-content-type-options", "nosniff");
    return new Reply(204, headers, "");
  }

  static Reply text(int status, String mediaType, String body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", mediaType);
    headers.put("cache-control", "no-store");
    headers.put("x-content-type-options", "nosniff");
    return new Reply(status, headers, body);
  }

  /** The client has it already (RFC 9110, 15.4.5). */
  static Reply notModified(String etag) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("cache-control", "no-store");
    headers.put("etag", etag);
    return new Reply(304, headers, "");
  }

  /** The same with one more header; an empty value adds none. */
  Reply with(String name, String value) {
    if (value.isEmpty()) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, more, body, next);
  }

  /** The same, followed by the page that this cursor names; null if none is. */
  Reply followedBy(String cursor) {
    return new Reply(status, headers, body, cursor);
  }

  APIGatewayV2HTTPResponse toEvent() {
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(status)
        .withHeaders(headers)
        .withBody(body)
        .withIsBase64Encoded(false)
        .build();
  }

  /** The same as plain data. */
  Map<String, Object> toData() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("statusCode", (long) status);
    data.put("headers", headers);
    data.put("body", body);
    data.put("isBase64Encoded", false);
    return data;
  }
}
