package io.orchestrator.adapter.llm;

import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.RetryAfter;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.execution.Failure;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * The failures of models that no status tells: an overlong prompt, an empty purse, a full house.
 */
final class Trouble {
  private static final int OVERLOADED = 529;

  private Trouble() {}

  /**
   * The failure that a response is; null if its status says it all.
   *
   * @param code that the provider gives it; empty without
   * @param message that it gives
   */
  static Reply of(Exchange.Response response, String code, String message, Invocation invocation) {
    int status = response.status();
    if (status == OVERLOADED || code.equals("overloaded_error")) {
      return failed("adapter_unavailable", "is overloaded", message, true, response, invocation);
    }
    if (isTooLong(status, code, message)) {
      return failed(
          own("context_length", invocation),
          "was given more than its model takes",
          message,
          false,
          response,
          invocation);
    }
    if (isOutOfMoney(status, code, message)) {
      return failed(
          own("quota_exceeded", invocation),
          "has no credit left",
          message,
          false,
          response,
          invocation);
    }
    if (code.equals("content_filter")) {
      return failed(
          own("refused", invocation), "would not answer", message, false, response, invocation);
    }
    return null;
  }

  private static boolean isTooLong(int status, String code, String message) {
    String words = message.toLowerCase(Locale.ROOT);
    return code.equals("context_length_exceeded")
        || code.equals("request_too_large")
        || ((status == 400 || status == 413 || status == 422)
            && (words.contains("maximum context length")
                || words.contains("context window")
                || words.contains("context size")
                || words.contains("prompt is too long")
                || words.contains("input is too long")
                || words.contains("too many input tokens")));
  }

  private static boolean isOutOfMoney(int status, String code, String message) {
    return code.equals("insufficient_quota")
        || code.equals("billing_error")
        || status == 402
        || (status == 400
            && message.toLowerCase(Locale.ROOT).contains("credit balance is too low"));
  }

  /** An adapter's own type of error. */
  static String own(String code, Invocation invocation) {
    return invocation.definition().adapter() + "." + code;
  }

  private static Reply failed(
      String type,
      String what,
      String message,
      boolean retryable,
      Exchange.Response response,
      Invocation invocation) {
    String said =
        invocation.definition().adapter() + " " + what + (message.isEmpty() ? "" : ": " + message);
    return new Reply.Failed(
        new Failure(
            type,
            said,
            response.status(),
            retryable,
            "",
            null,
            retryable ? retryAfter(response.headers(), invocation) : null));
  }

  private static Duration retryAfter(Map<String, String> headers, Invocation invocation) {
    String text = headers.get("retry-after");
    return text == null
        ? null
        : RetryAfter.parse(text, headers.getOrDefault("date", ""), invocation.now());
  }
}
