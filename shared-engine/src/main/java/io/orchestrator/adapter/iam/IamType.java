package io.orchestrator.adapter.iam;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.http.HttpType;
import io.orchestrator.execution.Failure;
import java.util.Map;

/**
 * Adapters of type {@code iam}: calls over HTTP, but {@code verify_token} checks a signed token
 * itself ({@code verify: oidc}), or asks for it and believes only {@code active: true} ({@code
 * verify: introspection}). A token that is not good is the failure {@code authentication}.
 */
public final class IamType implements AdapterType {
  private static final String VERIFY = "verify_token";

  private final HttpType http;
  private final KeyRing keys;

  /**
   * @param http makes the calls
   */
  public IamType(HttpType http) {
    this.http = http;
    this.keys = new KeyRing(http);
  }

  @Override
  public Reply call(Invocation invocation) {
    if (!invocation.action().name().equals(VERIFY)) {
      return http.call(invocation);
    }
    String way = String.valueOf(invocation.definition().settings().get("verify"));
    return switch (way) {
      case "oidc" -> signed(invocation);
      case "introspection" -> introspected(http.call(invocation));
      case "http" -> http.call(invocation);
      default -> {
        String message = "settings.verify must be oidc, introspection or http, not '" + way + "'";
        yield new Reply.Failed(Failure.fatal("validation", message));
      }
    };
  }

  private Reply signed(Invocation invocation) {
    Object params = invocation.vault().reveal(invocation.call().params());
    if (!(params instanceof Map<?, ?> map) || !(map.get("token") instanceof String given)) {
      return new Reply.Failed(Failure.fatal("validation", "verify_token needs a token"));
    }
    String token = given.startsWith("Bearer ") ? given.substring("Bearer ".length()) : given;
    return new TokenCheck(invocation, keys).check(token.strip());
  }

  /** RFC 7662, section 2.2: any other answer says nothing about the token. */
  private static Reply introspected(Reply reply) {
    if (!(reply instanceof Reply.Answered answered) || answered.status() != 200) {
      return reply;
    }
    boolean active =
        answered.body() instanceof Map<?, ?> body && Boolean.TRUE.equals(body.get("active"));
    return active ? reply : refused("the token is not active");
  }

  static Reply.Failed refused(String why) {
    return new Reply.Failed(Failure.fatal("authentication", why));
  }
}
