package io.orchestrator.adapter.aws;

import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.RetryAfter;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import io.orchestrator.execution.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * What the error codes of AWS are to a flow, for many of them share the status 400. A code that is
 * not here is what its status says.
 */
public final class AwsErrors {
  private static final Set<String> THROTTLED =
      Set.of(
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "TooManyRequestsException",
          "RequestThrottled",
          "RequestThrottledException",
          "RequestLimitExceeded",
          "KmsThrottled",
          "OverLimit",
          "ServiceQuotaExceededException",
          "LimitExceededException");
  private static final Set<String> AWAY =
      Set.of(
          "ServiceUnavailable",
          "ServiceUnavailableException",
          "ModelNotReadyException",
          "EC2ThrottledException",
          "ENILimitReachedException",
          "ResourceNotReadyException",
          "SnapStartNotReadyException",
          "SubnetIPAddressLimitReachedException");
  private static final Set<String> UNKNOWN_CALLER =
      Set.of(
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "ExpiredToken",
          "ExpiredTokenException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "InvalidSecurity");
  private static final Set<String> NOT_ALLOWED =
      Set.of(
          "AccessDenied", "AccessDeniedException", "KmsAccessDenied", "KMSAccessDeniedException");
  private static final Set<String> NOT_THERE =
      Set.of(
          "ResourceNotFoundException",
          "QueueDoesNotExist",
          "AWS.SimpleQueueService.NonExistentQueue");

  private AwsErrors() {}

  /** What a response other than a success is. */
  public static Reply reply(Exchange.Response typed, Invocation invocation) {
    Exchange.Response response = AwsJson.plain(typed);
    Object body = Line.data(response);
    String code = code(response, body);
    Failure failure = failure(code, response, body, invocation);
    return failure == null ? Line.reply(response, invocation) : new Reply.Failed(failure);
  }

  /**
   * The code of an error: from the header {@code x-amzn-errortype}, or the body's {@code __type},
   * without the names around it; empty if there is none.
   */
  public static String code(Exchange.Response response, Object body) {
    String text = response.headers().getOrDefault("x-amzn-errortype", "");
    if (text.isEmpty() && body instanceof Map<?, ?> map) {
      Object type = map.containsKey("__type") ? map.get("__type") : map.get("code");
      text = type instanceof String written ? written : "";
    }
    String code = text.split(":", 2)[0];
    return code.substring(code.indexOf('#') + 1);
  }

  /** What it says about it; empty if nothing. */
  public static String message(Object body) {
    if (body instanceof Map<?, ?> map) {
      Object message = map.containsKey("message") ? map.get("message") : map.get("Message");
      return message instanceof String text ? text : "";
    }
    return "";
  }

  private static Failure failure(
      String code, Exchange.Response response, Object body, Invocation invocation) {
    Kind kind = kind(code, invocation.action().idempotent());
    if (kind == null) {
      return null;
    }
    String message = invocation.definition().adapter() + " answered " + code;
    String why = message(body);
    return new Failure(
        kind.type(),
        why.isEmpty() ? message : message + ": " + why,
        response.status(),
        kind.retryable(),
        "",
        null,
        kind.type().equals("rate_limited") || kind.type().equals("adapter_unavailable")
            ? retryAfter(response, invocation)
            : null);
  }

  private static Kind kind(String code, boolean idempotent) {
    if (THROTTLED.contains(code)) {
      return new Kind("rate_limited", true);
    }
    if (AWAY.contains(code)) {
      return new Kind("adapter_unavailable", true);
    }
    if (UNKNOWN_CALLER.contains(code)) {
      return new Kind("authentication", false);
    }
    if (NOT_ALLOWED.contains(code)) {
      return new Kind("forbidden", false);
    }
    if (NOT_THERE.contains(code)) {
      return new Kind("not_found", false);
    }
    return switch (code) {
      case "RequestTooLargeException", "RequestEntityTooLargeException" ->
          new Kind("payload_too_large", false);
      case "ModelTimeoutException" -> new Kind("timeout", idempotent);
      default -> null;
    };
  }

  private static Duration retryAfter(Exchange.Response response, Invocation invocation) {
    String text = response.headers().get("retry-after");
    return text == null
        ? null
        : RetryAfter.parse(text, response.headers().getOrDefault("date", ""), invocation.now());
  }

  private record Kind(String type, boolean retryable) {}
}
