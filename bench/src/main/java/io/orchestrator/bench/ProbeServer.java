package io.orchestrator.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The service that the flows call in stack mode: notes the time of a step's body and answers. */
final class ProbeServer implements AutoCloseable {
  private static final long ANNOUNCED_MAX_SECONDS = 60;

  private final Probe probe;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, CompletableFuture<String>> callbacks = new ConcurrentHashMap<>();

  ProbeServer(Probe probe) throws IOException {
    // Without this the JDK's server delays small answers by up to 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.probe = probe;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The definition of the adapter that calls this server. */
  String adapter() {
    return """
    adapter: probe
    type: http
    base_url: http://127.0.0.1:%1$d
    allow: ["127.0.0.1:%1$d"]
    default_action: step
    actions:
      step: {path: /step}
      flaky: {path: /flaky}
      announce: {path: /announce}
    """
        .formatted(port());
  }

  /** Where the answer that W4 waits for is sent; waits until the flow has said so. */
  String callback(String id) throws InterruptedException, ExecutionException, TimeoutException {
    String url = told(id).get(ANNOUNCED_MAX_SECONDS, TimeUnit.SECONDS);
    callbacks.remove(id);
    return url;
  }

  private CompletableFuture<String> told(String id) {
    return callbacks.computeIfAbsent(id, unknown -> new CompletableFuture<>());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Map<?, ?> params = (Map<?, ?>) Json.read(new String(body, StandardCharsets.UTF_8));
      byte[] answer =
          Json.write(Map.of("k", params.containsKey("k") ? params.get("k") : 0L))
              .getBytes(StandardCharsets.UTF_8);
      int status = visit(exchange.getRequestURI().getPath(), params);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  private int visit(String path, Map<?, ?> params) {
    String id = (String) params.get("id");
    return switch (path) {
      case "/step" -> {
        probe.step(id, ((Long) params.get("k")).intValue());
        yield 200;
      }
      case "/flaky" -> probe.fails(id) ? 503 : 200;
      case "/announce" -> {
        told(id).complete((String) params.get("url"));
        yield 202;
      }
      default -> 404;
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
