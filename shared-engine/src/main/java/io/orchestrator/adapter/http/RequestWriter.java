package io.orchestrator.adapter.http;

import io.orchestrator.adapter.Action;
import io.orchestrator.adapter.Auth;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.HeaderRules;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Limits;
import io.orchestrator.adapter.Percent;
import io.orchestrator.adapter.Script;
import io.orchestrator.expression.Json;
import io.orchestrator.expression.Template;
import io.orchestrator.telemetry.Trace;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the request that a definition describes. Secrets are revealed here and nowhere before. */
final class RequestWriter {
  private final Invocation invocation;
  private final Definition definition;
  private final Action action;
  private final Object params;

  private RequestWriter(Invocation invocation) {
    this.invocation = invocation;
    this.definition = invocation.definition();
    this.action = invocation.action();
    this.params = invocation.vault().reveal(invocation.call().params());
  }

  /** A call that makes no request. */
  static final class Unwritable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unwritable(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Writes it.
   *
   * @throws Unwritable with a message for the flow's author
   */
  static Exchange.Request write(Invocation invocation) {
    return new RequestWriter(invocation).request();
  }

  /**
   * Writes what a type asks for by itself.
   *
   * @throws Unwritable as {@link #write(Invocation)} does
   */
  static Exchange.Request write(Invocation invocation, Line.Ask ask) {
    RequestWriter writer = new RequestWriter(invocation);
    if (ask.target().toString().length() > Limits.TARGET_CHARACTERS_MAX) {
      throw new Unwritable("the URL would be over " + Limits.TARGET_CHARACTERS_MAX + " characters");
    }
    Map<String, String> ofBody = new LinkedHashMap<>();
    byte[] body = ask.body() == null ? null : bytes(json(ask.body()), ofBody);
    Map<String, String> headers = writer.unauthenticated(ofBody);
    ask.headers().forEach((name, value) -> put(headers, name, value));
    if (ask.authenticated()) {
      writer.authenticate(headers);
    }
    return new Exchange.Request(
        ask.method(),
        ask.target(),
        headers,
        body,
        invocation.timeout(),
        invocation.definition().allow());
  }

  private Exchange.Request request() {
    Map<String, String> headers = new LinkedHashMap<>();
    byte[] body = body(headers);
    return new Exchange.Request(
        action.method(), uri(), headers(headers), body, invocation.timeout(), definition.allow());
  }

  private Object fill(Template template) {
    return invocation.vault().reveal(template.fill(invocation.scope(params)));
  }

  private URI uri() {
    String path;
    try {
      path =
          action.path().fill(name -> params instanceof Map<?, ?> map ? text(map.get(name)) : null);
    } catch (IllegalArgumentException complaint) {
      throw new Unwritable(complaint.getMessage());
    }
    String query = query();
    String target = definition.baseUrl() + path + (query.isEmpty() ? "" : "?" + query);
    if (target.length() > Limits.TARGET_CHARACTERS_MAX) {
      throw new Unwritable("the URL would be over " + Limits.TARGET_CHARACTERS_MAX + " characters");
    }
    return URI.create(target);
  }

  private String query() {
    List<String> pairs = new ArrayList<>();
    if (action.query() != null) {
      action.query().forEach((name, template) -> pair(name, fill(template), pairs));
    } else if (isRead() && rest() instanceof Map<?, ?> map) {
      map.forEach((name, value) -> pair((String) name, value, pairs));
    }
    return String.join("&", pairs);
  }

  /** A list is its name several times; what is null is left out. */
  private static void pair(String name, Object value, List<String> pairs) {
    if (value instanceof List<?> list) {
      list.forEach(item -> pair(name, item instanceof List ? Json.write(item) : item, pairs));
    } else if (value != null) {
      pairs.add(Percent.encode(name) + "=" + Percent.encode(text(value)));
    }
  }

  private boolean isRead() {
    return action.method().equals("GET") || action.method().equals("HEAD");
  }

  /** The params that the path did not take. */
  private Object rest() {
    if (!(params instanceof Map<?, ?> map)) {
      return params;
    }
    Map<String, Object> rest = Script.without(map);
    rest.keySet().removeAll(action.path().parameters());
    return rest;
  }

  private byte[] body(Map<String, String> headers) {
    Object body = null;
    if (action.body() != null) {
      body = fill(action.body());
    } else if (!isRead()) {
      body = rest();
    }
    boolean bare =
        action.body() == null && Map.of().equals(body) && action.method().equals("DELETE");
    if (body == null || bare) {
      return null;
    }
    boolean form = FormBody.isWanted(action.headers(), definition.headers());
    return bytes(form ? FormBody.write(body) : json(body), headers);
  }

  private static byte[] bytes(String text, Map<String, String> headers) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Limits.REQUEST_BYTES_MAX) {
      throw new Unwritable("the body is over " + Limits.REQUEST_BYTES_MAX + " bytes");
    }
    headers.put("Content-Type", "application/json");
    return bytes;
  }

  private static String json(Object body) {
    try {
      return Json.write(body);
    } catch (IllegalArgumentException notData) {
      throw new Unwritable("the body is no JSON: " + notData.getMessage());
    }
  }

  private Map<String, String> headers(Map<String, String> ofBody) {
    Map<String, String> headers = unauthenticated(ofBody);
    authenticate(headers);
    return headers;
  }

  private Map<String, String> unauthenticated(Map<String, String> ofBody) {
    Map<String, String> headers = new LinkedHashMap<>();
    put(headers, "Accept", "application/json");
    ofBody.forEach((name, value) -> put(headers, name, value));
    put(headers, "Idempotency-Key", invocation.call().idempotencyKey());
    trace(headers, invocation.call().traceparent());
    definition.headers().forEach((name, template) -> put(headers, name, text(fill(template))));
    action.headers().forEach((name, template) -> put(headers, name, text(fill(template))));
    return headers;
  }

  private static void trace(Map<String, String> headers, String context) {
    if (context != null) {
      put(headers, "traceparent", Trace.header(context));
      put(headers, "tracestate", Trace.state(context).isEmpty() ? null : Trace.state(context));
    }
  }

  private void authenticate(Map<String, String> headers) {
    switch (definition.auth()) {
      case Auth.None _ -> {}
      // Its token is fetched when the rest of the request is known to be good.
      case Auth.OAuth2 _ -> {}
      case Auth.Aws _ -> {} // signed when the request is whole
      case Auth.Bearer bearer ->
          put(headers, "Authorization", "Bearer " + text(reveal(bearer.token())));
      case Auth.Basic basic -> put(headers, "Authorization", "Basic " + basic(basic));
      case Auth.Header header -> put(headers, header.name(), text(reveal(header.value())));
    }
  }

  private String basic(Auth.Basic basic) {
    String pair = text(reveal(basic.username())) + ":" + text(reveal(basic.password()));
    String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    invocation.vault().alsoMask(encoded);
    return encoded;
  }

  private Object reveal(Object value) {
    return invocation.vault().reveal(value);
  }

  /** The later one wins; a name is one header in any case of its letters. */
  private static void put(Map<String, String> headers, String name, String value) {
    if (value == null) {
      return;
    }
    if (!HeaderRules.isValue(value)) {
      throw new Unwritable(
          "the value of the header " + name + " has characters that a header cannot have");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    headers.keySet().removeIf(other -> other.toLowerCase(Locale.ROOT).equals(lower));
    headers.put(name, value);
  }

  private static String text(Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Map<?, ?> map -> Json.write(map);
      case List<?> list -> Json.write(list);
      default -> Json.write(value);
    };
  }
}
