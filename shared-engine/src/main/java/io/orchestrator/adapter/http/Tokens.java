package io.orchestrator.adapter.http;

import io.orchestrator.adapter.Auth;
import io.orchestrator.adapter.HeaderRules;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Limits;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.Vault;
import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The access tokens of this process, for adapters with {@code oauth2}: fetched when needed, one at
 * a time, kept until shortly before they expire. They are in memory only.
 */
final class Tokens {
  private static final Duration LIFETIME_MAX = Duration.ofDays(1);

  private final Egress egress;

  private final Map<Owner, Slot> slots =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Owner, Slot> eldest) {
          return size() > Limits.TOKENS_MAX;
        }
      };

  Tokens(Egress egress) {
    this.egress = egress;
  }

  /** Whose token it is: another scope, address or client makes another one. */
  private record Owner(String tenant, Auth.OAuth2 auth) {}

  /** Where it is kept. */
  private static final class Slot {
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Token token;
  }

  private record Token(String value, Instant until) {
    @Override
    public String toString() {
      return "Token[until=" + until + "]";
    }
  }

  /** What a request for a token came to. */
  sealed interface Grant {
    /**
     * A token.
     *
     * @param kept whether it was there already, so that the service may have withdrawn it meanwhile
     */
    record Granted(String token, boolean kept) implements Grant {
      @Override
      public String toString() {
        return "Granted[kept=" + kept + "]";
      }
    }

    /** None. */
    record Denied(Reply.Failed reply) implements Grant {}
  }

  /**
   * A token for the call.
   *
   * @param rejected one that the service did not take, so that it is not used again; null without
   * @param left of the call's time
   */
  Grant grant(Invocation invocation, Auth.OAuth2 auth, String rejected, Duration left) {
    Slot slot = slot(new Owner(invocation.call().tenant(), auth));
    Token kept = usable(slot, rejected, invocation.now());
    if (kept != null) {
      return granted(invocation, kept, true);
    }
    long begun = System.nanoTime();
    try {
      if (!slot.fetching.tryLock(left.toNanos(), TimeUnit.NANOSECONDS)) {
        return denied(invocation, "timeout", "gave no token in time", true);
      }
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      return denied(invocation, "interrupted", "was not waited for", true);
    }
    try {
      Token meanwhile = usable(slot, rejected, invocation.now());
      return meanwhile != null
          ? granted(invocation, meanwhile, false)
          : fetch(slot, invocation, auth, left.minusNanos(System.nanoTime() - begun));
    } finally {
      slot.fetching.unlock();
    }
  }

  private Slot slot(Owner owner) {
    synchronized (slots) {
      return slots.computeIfAbsent(owner, ignored -> new Slot());
    }
  }

  private static Token usable(Slot slot, String rejected, Instant now) {
    Token token = slot.token;
    boolean good = token != null && now.isBefore(token.until()) && !token.value().equals(rejected);
    return good ? token : null;
  }

  private static Grant granted(Invocation invocation, Token token, boolean kept) {
    invocation.vault().alsoMask(token.value());
    return new Grant.Granted(token.value(), kept);
  }

  private Grant fetch(Slot slot, Invocation invocation, Auth.OAuth2 auth, Duration left) {
    if (!left.isPositive()) {
      return denied(invocation, "timeout", "gave no token in time", true);
    }
    Exchange.Request request = request(invocation, auth, left);
    return switch (egress.send(request)) {
      case Exchange.Response response -> answered(slot, invocation, response);
      case Exchange.Broken broken -> new Grant.Denied(HttpType.failed(broken, true));
    };
  }

  private static Exchange.Request request(Invocation invocation, Auth.OAuth2 auth, Duration left) {
    Vault vault = invocation.vault();
    String id = encoded(vault, String.valueOf(vault.reveal(auth.clientId())));
    String secret = encoded(vault, String.valueOf(vault.reveal(auth.clientSecret())));
    StringBuilder form = new StringBuilder("grant_type=client_credentials");
    auth.more()
        .forEach((name, value) -> form.append('&').append(name).append('=').append(form(value)));
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "application/json");
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    if (auth.inBody()) {
      form.append("&client_id=").append(id).append("&client_secret=").append(secret);
    } else {
      String pair = id + ":" + secret;
      String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
      vault.alsoMask(basic);
      headers.put("Authorization", "Basic " + basic);
    }
    byte[] body = form.toString().getBytes(StandardCharsets.US_ASCII);
    return new Exchange.Request(
        "POST", auth.tokenUrl(), headers, body, left, invocation.definition().allow());
  }

  /** Also for {@code Basic}, as RFC 6749 has it in 2.3.1. */
  private static String encoded(Vault vault, String secret) {
    String encoded = form(secret);
    vault.alsoMask(encoded);
    return encoded;
  }

  private static String form(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Grant answered(Slot slot, Invocation invocation, Exchange.Response response) {
    Map<?, ?> answer = json(response.body());
    int status = response.status();
    if (status != 200) {
      boolean away = status == 429 || status >= 500;
      String type = away ? "adapter_unavailable" : "authentication";
      return denied(invocation, type, "answered " + status + error(answer), away);
    }
    boolean bearer =
        !(answer.get("token_type") instanceof String type) || type.equalsIgnoreCase("bearer");
    if (!bearer
        || !(answer.get("access_token") instanceof String value)
        || value.isEmpty()
        || !HeaderRules.isValue(value)) {
      return denied(invocation, "adapter_error", "answered without a bearer token", false);
    }
    Duration lifetime = lifetime(answer.get("expires_in"));
    Duration margin = lifetime.dividedBy(5);
    margin = margin.compareTo(Limits.TOKEN_MARGIN) > 0 ? Limits.TOKEN_MARGIN : margin;
    slot.token = new Token(value, invocation.now().plus(lifetime).minus(margin));
    return granted(invocation, slot.token, false);
  }

  private static Map<?, ?> json(byte[] body) {
    try {
      return Json.read(body) instanceof Map<?, ?> map ? map : Map.of();
    } catch (JsonException broken) {
      return Map.of();
    }
  }

  /** The error's code of RFC 6749, 5.2; its description may say anything and is not told. */
  private static String error(Map<?, ?> answer) {
    return answer.get("error") instanceof String code && code.matches("[a-z_]{1,40}")
        ? " (" + code + ")"
        : "";
  }

  private static Duration lifetime(Object seconds) {
    long given =
        switch (seconds) {
          case Long number -> number;
          case BigDecimal number -> number.longValue();
          case String text when text.matches("[0-9]{1,9}") -> Long.parseLong(text);
          case null, default -> -1;
        };
    return given < 0
        ? Limits.TOKEN_LIFETIME_DEFAULT
        : Duration.ofSeconds(Math.min(given, LIFETIME_MAX.toSeconds()));
  }

  private static Grant denied(Invocation invocation, String type, String what, boolean retryable) {
    String message = "the token service of " + invocation.definition().adapter() + " " + what;
    return new Grant.Denied(
        new Reply.Failed(new Failure(type, message, 0, retryable, "", null, null)));
  }
}
