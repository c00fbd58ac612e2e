package io.orchestrator.functions;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The end of a request that is not served: an RFC 9457 problem document on its way to the client.
 */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final String MEDIA_TYPE = "application/problem+json";

  private final int status;
  private final String code;
  private final transient List<Problem> errors;
  private final transient Map<String, String> headers = new LinkedHashMap<>();
  private final transient Map<String, Object> members = new LinkedHashMap<>();

  Refusal(int status, String code, String detail, List<Problem> errors) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  Refusal(int status, String code, String detail) {
    this(status, code, detail, List.of());
  }

  /** 400 with everything that is wrong. */
  static Refusal invalid(List<Problem> errors) {
    String detail =
        errors.size() == 1
            ? errors.getFirst().message()
            : errors.size() + " things are wrong with the request";
    String code = errors.size() == 1 ? errors.getFirst().code() : "invalid";
    return new Refusal(400, code, detail, errors);
  }

  /** 400 about one thing that has no place in the body. */
  static Refusal invalid(String code, String message, String hint) {
    return invalid(List.of(new Problem(code, "", 0, 0, message, hint)));
  }

  /** 404; also for what another tenant owns. */
  static Refusal notFound(String what) {
    return new Refusal(404, "not_found", what);
  }

  /** 409: the flow refuses more executions than its limit. */
  static Refusal noRoom(int limit) {
    String detail =
        "The flow lets only " + limit + " executions of this key be at work at the same time";
    return new Refusal(409, "conflict", detail).header("retry-after", "1");
  }

  static Refusal forbidden(String permission) {
    return new Refusal(403, "forbidden", "The permission " + permission + " is missing")
        .member("permission", permission);
  }

  /** 503: something that we need is away for the moment. */
  static Refusal unavailable() {
    return new Refusal(503, "unavailable", "The service cannot do this at the moment; try again")
        .header("retry-after", "1");
  }

  Refusal header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** One more member of the document. */
  Refusal member(String name, Object value) {
    members.put(name, value);
    return this;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  /** The permission that is missing; what else is forbidden says its code. */
  String permission() {
    return members.get("permission") instanceof String permission ? permission : code;
  }

  Reply reply() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "urn:orchestrator:problem:" + code);
    document.put("title", title(status));
    document.put("status", (long) status);
    document.put("detail", Problem.shown(getMessage()));
    document.put("code", code);
    document.put("errors", errors.stream().limit(Limits.ERRORS_MAX).map(Problem::data).toList());
    document.putAll(members);
    Reply reply = Reply.text(status, MEDIA_TYPE, Json.write(document));
    for (Map.Entry<String, String> header : headers.entrySet()) {
      reply = reply.with(header.getKey(), header.getValue());
    }
    return reply;
  }

  private static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 415 -> "Unsupported Media Type";
      case 422 -> "Unprocessable Content";
      case 428 -> "Precondition Required";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      default -> "Internal Server Error";
    };
  }
}
