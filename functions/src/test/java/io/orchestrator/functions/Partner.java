package io.orchestrator.functions;

import com.sun.net.httpserver.HttpServer;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A service on this machine that an adapter calls over HTTP. */
final class Partner implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /** What came in; header names in lower case. */
  record Call(String path, Map<String, String> headers, String body) {
    Map<String, Object> json() {
      return Template.map(Json.readStored(body));
    }
  }

  /** What it answers. */
  record Answer(int status, String json) {}

  Partner(Function<Call, Answer> answers) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          Map<String, String> headers = new LinkedHashMap<>();
          exchange
              .getRequestHeaders()
              .forEach(
                  (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
          Call call =
              new Call(
                  exchange.getRequestURI().getPath(),
                  headers,
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          calls.add(call);
          Answer answer = answers.apply(call);
          byte[] json = answer.json().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(answer.status(), json.length);
          exchange.getResponseBody().write(json);
          exchange.close();
        });
    server.start();
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The definition of an adapter of that name, with these actions as YAML. */
  String adapter(String name, String actions) {
    return """
    adapter: %s
    type: http
    base_url: http://127.0.0.1:%d/api
    allow: ["127.0.0.1:%d"]
    actions:
    %s
    """
        .formatted(name, port(), port(), actions.indent(2));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
