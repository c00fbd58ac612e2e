package io.orchestrator.adapter.http;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Auth;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.execution.Failure;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adapters of type {@code http}: a request as the definition says, its response as data. */
public final class HttpType implements AdapterType {
  private final Egress egress;
  private final Tokens tokens;

  public HttpType(Egress egress) {
    this.egress = egress;
    this.tokens = new Tokens(egress);
  }

  @Override
  public Reply call(Invocation invocation) {
    Exchange.Request request;
    try {
      request = RequestWriter.write(invocation);
    } catch (RequestWriter.Unwritable unwritable) {
      return failed("validation", unwritable.getMessage(), false);
    }
    return send(request, invocation);
  }

  /** Sends a request of another type's own, and takes its answer as that of any call. */
  public Reply send(Exchange.Request request, Invocation invocation) {
    return invocation.definition().auth() instanceof Auth.OAuth2 auth && isOwn(request, invocation)
        ? authorized(request, auth, invocation)
        : reply(egress.send(request), invocation);
  }

  /** A token is for the adapter's own host, whatever else a type may ask. */
  private static boolean isOwn(Exchange.Request request, Invocation invocation) {
    URI own = invocation.definition().baseUrl();
    return own != null && own.getAuthority().equals(request.uri().getAuthority());
  }

  /** A token that was kept may have been withdrawn, so a 401 is worth one fresh one. */
  private Reply authorized(Exchange.Request request, Auth.OAuth2 auth, Invocation invocation) {
    long deadline = System.nanoTime() + request.timeout().toNanos();
    String rejected = null;
    while (true) {
      switch (tokens.grant(invocation, auth, rejected, left(deadline))) {
        case Tokens.Grant.Denied denied -> {
          return denied.reply();
        }
        case Tokens.Grant.Granted granted -> {
          Exchange exchange = egress.send(with(granted.token(), request, left(deadline)));
          boolean again =
              granted.kept()
                  && rejected == null
                  && exchange instanceof Exchange.Response response
                  && response.status() == 401;
          if (!again) {
            return reply(exchange, invocation);
          }
          rejected = granted.token();
        }
      }
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
  }

  private static Exchange.Request with(String token, Exchange.Request request, Duration timeout) {
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    headers.put("Authorization", "Bearer " + token);
    return new Exchange.Request(
        request.method(), request.uri(), headers, request.body(), timeout, request.allow());
  }

  private static Reply reply(Exchange exchange, Invocation invocation) {
    return switch (exchange) {
      case Exchange.Response response -> answered(response, invocation);
      case Exchange.Broken broken -> failed(broken, invocation.action().idempotent());
    };
  }

  static Reply answered(Exchange.Response response, Invocation invocation) {
    boolean success = response.status() >= 200 && response.status() < 300;
    Map<String, Object> headers = new LinkedHashMap<>(response.headers());
    try {
      return new Reply.Answered(response.status(), headers, ResponseBody.read(response));
    } catch (ResponseBody.Unreadable unreadable) {
      if (!success) {
        return new Reply.Answered(response.status(), headers, null);
      }
      String message = invocation.definition().adapter() + " answered " + unreadable.getMessage();
      return new Reply.Failed(
          new Failure("adapter_error", message, response.status(), false, "", null, null));
    }
  }

  static Reply.Failed failed(Exchange.Broken broken, boolean idempotent) {
    return switch (broken.cause()) {
      case FORBIDDEN -> failed("forbidden", broken.message(), false);
      case TIMEOUT -> failed("timeout", broken.message(), idempotent);
      case UNREACHABLE -> failed("adapter_unavailable", broken.message(), true);
      case UNTRUSTED, MALFORMED -> failed("adapter_error", broken.message(), false);
      case TOO_LARGE -> failed("payload_too_large", broken.message(), false);
      case INTERRUPTED -> failed("interrupted", broken.message(), true);
    };
  }

  private static Reply.Failed failed(String type, String message, boolean retryable) {
    return new Reply.Failed(new Failure(type, message, 0, retryable, "", null, null));
  }
}
