package io.orchestrator.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A request of the JDK's HTTP server as the event that an HTTP API sends (payload format 2.0). */
final class HttpEvents {
  private static final DateTimeFormatter LOG_TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HttpEvents() {}

  static APIGatewayV2HTTPEvent of(
      HttpExchange exchange, byte[] body, Routes.Match.Found route, Clock clock) {
    String rawPath = exchange.getRequestURI().getRawPath();
    String rawQuery = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    Map<String, String> headers = headers(exchange);
    String cookies = headers.remove("cookie");
    Optional<String> text =
        body.length == 0 ? Optional.empty() : text(body, headers.getOrDefault("content-type", ""));
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRouteKey(route.routeKey())
        .withRawPath(rawPath)
        .withRawQueryString(rawQuery)
        .withCookies(cookies == null ? null : List.of(cookies.split(";\\s*", -1)))
        .withHeaders(headers)
        .withQueryStringParameters(rawQuery.isEmpty() ? null : query(rawQuery))
        .withPathParameters(route.pathParameters().isEmpty() ? null : route.pathParameters())
        .withBody(
            body.length == 0
                ? null
                : text.orElseGet(() -> Base64.getEncoder().encodeToString(body)))
        .withIsBase64Encoded(body.length > 0 && text.isEmpty())
        .withRequestContext(context(exchange, route, headers, clock))
        .build();
  }

  private static APIGatewayV2HTTPEvent.RequestContext context(
      HttpExchange exchange, Routes.Match.Found route, Map<String, String> headers, Clock clock) {
    Instant now = clock.instant();
    return APIGatewayV2HTTPEvent.RequestContext.builder()
        .withAccountId(Surroundings.ACCOUNT)
        .withApiId("local")
        .withDomainName(headers.getOrDefault("host", "localhost"))
        .withDomainPrefix("local")
        .withRequestId(UUID.randomUUID().toString())
        .withRouteKey(route.routeKey())
        .withStage("$default")
        .withTime(LOG_TIME.format(now))
        .withTimeEpoch(now.toEpochMilli())
        .withHttp(
            APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                .withMethod(exchange.getRequestMethod())
                .withPath(exchange.getRequestURI().getRawPath())
                .withProtocol(exchange.getProtocol())
                .withSourceIp(exchange.getRemoteAddress().getAddress().getHostAddress())
                .withUserAgent(headers.getOrDefault("user-agent", ""))
                .build())
        .build();
  }

  /**
   * Lower-case names; several headers of one name become one, joined by commas (cookies by
   * semicolons).
   */
  private static Map<String, String> headers(HttpExchange exchange) {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              headers.put(lower, String.join(lower.equals("cookie") ? "; " : ",", values));
            });
    return headers;
  }

  private static Map<String, String> query(String rawQuery) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!name.isEmpty()) {
        all.computeIfAbsent(decoded(name), key -> new ArrayList<>())
            .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    Map<String, String> joined = new LinkedHashMap<>();
    all.forEach((name, values) -> joined.put(name, String.join(",", values)));
    return joined;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /**
   * The body as text if its type says so and its bytes agree; an HTTP API sends everything else in
   * base64.
   */
  private static Optional<String> text(byte[] body, String contentType) {
    String type = contentType.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
    boolean textual =
        type.startsWith("text/")
            || type.equals("application/json")
            || type.equals("application/xml")
            || type.equals("application/javascript")
            || type.endsWith("+json")
            || type.endsWith("+xml");
    if (!textual) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
