package io.orchestrator.webhook;

import io.orchestrator.flow.Verify;
import java.util.Map;

/** What a service calls the event that it tells of: the same when it tells it again. */
public final class EventIds {
  private EventIds() {}

  /**
   * The id of the event.
   *
   * @param headers by lower-case name
   * @param body as data
   * @return null if the service gives none
   */
  public static String of(Verify verify, Map<String, String> headers, Object body) {
    return switch (verify) {
      case Verify.StandardWebhooks _ ->
          headers.containsKey("webhook-signature")
              ? header(headers, "webhook-id")
              : header(headers, "svix-id");
      case Verify.GitHub _ -> header(headers, "x-github-delivery");
      case Verify.Stripe _ -> field(body, "id");
      case Verify.Slack _ -> field(body, "event_id");
      case Verify.GoHighLevel _ -> field(body, "webhookId");
      case Verify.Retell _, Verify.Hmac _, Verify.Token _, Verify.Open _ -> null;
    };
  }

  private static String header(Map<String, String> headers, String name) {
    String value = headers.getOrDefault(name, "").strip();
    return value.isEmpty() ? null : value;
  }

  private static String field(Object body, String name) {
    return body instanceof Map<?, ?> map && map.get(name) instanceof String text && !text.isEmpty()
        ? text
        : null;
  }
}
