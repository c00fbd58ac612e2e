package io.orchestrator.local.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orchestrator.expression.Json;
import io.orchestrator.local.acceptance.Sockets.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Somebody else's service on this machine: it remembers every call and answers as the test says.
 */
final class Service implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /** A call that came in over that connection. */
  record Call(
      String path, String key, String trace, Map<String, Object> body, Connection connection) {}

  /** What it answers. */
  record Answer(int status, String json) {}

  Service(Function<Call, Answer> answers) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, answers));
    server.start();
  }

  private void handle(HttpExchange exchange, Function<Call, Answer> answers) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Map<String, Object> data = body.isEmpty() ? Map.of() : Api.map(Json.readStored(body));
      String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      Call call =
          new Call(
              exchange.getRequestURI().getPath(),
              key,
              exchange.getRequestHeaders().getFirst("traceparent"),
              data,
              new Connection(
                  exchange.getRemoteAddress().getPort(), exchange.getLocalAddress().getPort()));
      calls.add(call);
      Answer answer = answers.apply(call);
      byte[] json = answer.json().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status(), json.length);
      exchange.getResponseBody().write(json);
    }
  }

  /** Where it is. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** All calls so far, in the order in which they came. */
  List<Call> calls() {
    return List.copyOf(calls);
  }

  /**
   * The definition of an adapter whose every action posts to this service under the action's name.
   */
  String adapter(String name, String... actions) {
    int port = server.getAddress().getPort();
    StringBuilder yaml = new StringBuilder("adapter: " + name + "\ntype: http\n");
    yaml.append("base_url: http://127.0.0.1:")
        .append(port)
        .append("\nallow: [\"127.0.0.1:")
        .append(port)
        .append("\"]\n");
    yaml.append("default_action: ").append(actions[0]).append("\nactions:\n");
    for (String action : actions) {
      yaml.append("  ")
          .append(action)
          .append(": {method: POST, path: /")
          .append(action)
          .append(", idempotent: true}\n");
    }
    return yaml.toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
