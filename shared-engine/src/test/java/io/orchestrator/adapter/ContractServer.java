package io.orchestrator.adapter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A service as its public documentation describes it: it keeps every request as it came over the
 * wire, and answers what the test says that the real one would.
 */
public final class ContractServer implements AutoCloseable {
  private final HttpServer server;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Function<Asked, Told> service;

  /**
   * A request.
   *
   * @param query raw; null without
   * @param headers names in lower case
   * @param body raw
   */
  public record Asked(
      String method, String path, String query, Map<String, String> headers, String body) {
    /** The body as data. */
    public Object json() {
      return Json.read(body);
    }
  }

  /** An answer. */
  public record Told(int status, Map<String, String> headers, String body) {
    /** JSON, with single quotes for brevity. */
    public static Told json(int status, String json) {
      return new Told(status, Map.of("Content-Type", "application/json"), json.replace('\'', '"'));
    }

    /** No body at all. */
    public static Told empty(int status) {
      return new Told(status, Map.of(), "");
    }

    public Told with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Told(status, more, body);
    }
  }

  public ContractServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  /** From now on every request is answered so. */
  public ContractServer answers(Told told) {
    return answers(any -> told);
  }

  public ContractServer answers(Function<Asked, Told> answers) {
    service = answers;
    return this;
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Every request so far. */
  public List<Asked> asked() {
    return asked;
  }

  /** The newest request. */
  public Asked last() {
    return asked.getLast();
  }

  private void serve(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    Asked request =
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().getRawPath(),
            exchange.getRequestURI().getRawQuery(),
            headers,
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    asked.add(request);
    Told told = service.apply(request);
    told.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] body = told.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(told.status(), body.length == 0 ? -1 : body.length);
    try (exchange) {
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
