package io.orchestrator.local;

import com.sun.net.httpserver.Headers;
import io.orchestrator.expression.Json;
import io.orchestrator.telemetry.Trace;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the gateway answers itself, as the functions would: a problem document (RFC 9457). */
record GatewayProblem(int status, String code, String title, String detail) {
  static GatewayProblem notFound(String detail) {
    return new GatewayProblem(404, "not_found", "Not Found", detail);
  }

  static GatewayProblem methodNotAllowed(String detail) {
    return new GatewayProblem(405, "method_not_allowed", "Method Not Allowed", detail);
  }

  static GatewayProblem tooLarge(String detail) {
    return new GatewayProblem(413, "too_large", "Content Too Large", detail);
  }

  static GatewayProblem internal(String detail) {
    return new GatewayProblem(500, "internal", "Internal Server Error", detail);
  }

  static GatewayProblem unavailable(String detail) {
    return new GatewayProblem(503, "unavailable", "Service Unavailable", detail);
  }

  byte[] json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "urn:orchestrator:problem:" + code);
    document.put("title", title);
    document.put("status", (long) status);
    document.put("detail", detail);
    document.put("code", code);
    document.put("errors", List.of());
    return Json.write(document).getBytes(StandardCharsets.UTF_8);
  }

  /** The trace that the request belongs to, or the beginning of one (W3C Trace Context). */
  static String trace(Headers request) {
    String given = request.getFirst("traceparent");
    return Trace.isOne(given) ? given : Trace.ofCall(null, UUID.randomUUID(), "", 0);
  }
}
