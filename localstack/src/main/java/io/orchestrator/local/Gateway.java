package io.orchestrator.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The local HTTP API: turns requests into events for the functions that the template's routes name,
 * and answers into responses.
 */
public final class Gateway implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Gateway.class.getName());
  private static final int BODY_BYTES_MAX = 10 * 1024 * 1024;
  private static final long DRAIN_BYTES_MAX = 100L * 1024 * 1024;

  static {
    // Without this the JDK's server delays small answers by up to 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final Clock clock;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Routes routes = new Routes(List.of());
  private Map<String, FunctionHost> hosts = Map.of();

  private Gateway(HttpServer server, Clock clock) {
    this.server = server;
    this.clock = clock;
  }

  /**
   * Takes the port (0 for any free one) without serving yet, so that a taken one is known before
   * anything else starts.
   */
  public static Gateway bind(int port, String jwks, Clock clock) {
    try {
      Gateway gateway =
          new Gateway(
              HttpServer.create(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024),
              clock);
      gateway.server.setExecutor(gateway.threads);
      gateway.server.createContext("/", gateway::handle);
      gateway.server.createContext(
          "/.well-known/jwks.json",
          exchange ->
              answer(exchange, 200, "application/json", jwks.getBytes(StandardCharsets.UTF_8)));
      return gateway;
    } catch (BindException e) {
      throw new StackException(
          "Port "
              + port
              + " is taken"
              + PortHolder.of(port).map(holder -> " by " + holder).orElse("")
              + ". Choose another one with --port.",
          e);
    } catch (IOException e) {
      throw new StackException("Cannot listen on port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Serves the routes from now on; requests that came before have waited. */
  public void serve(Routes served, Map<String, FunctionHost> functions) {
    routes = served;
    hosts = Map.copyOf(functions);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://localhost:" + port();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (routes.match(exchange.getRequestMethod(), exchange.getRequestURI().getRawPath())) {
        case Routes.Match.Found found -> call(exchange, found);
        case Routes.Match.OtherMethods others -> {
          exchange.getResponseHeaders().set("Allow", String.join(", ", others.allowed()));
          String allowed = String.join(", ", others.allowed());
          problem(
              exchange, GatewayProblem.methodNotAllowed("Only " + allowed + " can be used here"));
        }
        case Routes.Match.Unknown unknown ->
            problem(exchange, GatewayProblem.notFound("There is nothing here"));
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "The gateway failed", e);
      if (exchange.getResponseCode() == -1) {
        problem(exchange, GatewayProblem.internal("The gateway failed; see its logs"));
      }
    }
  }

  private void call(HttpExchange exchange, Routes.Match.Found found) throws IOException {
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      drain(in);
      exchange.getResponseHeaders().set("Connection", "close");
      problem(exchange, GatewayProblem.tooLarge("A request may have at most 10 MB"));
      return;
    }
    try {
      FunctionHost host = hosts.get(found.function().id());
      APIGatewayV2HTTPEvent event = HttpEvents.of(exchange, body, found, clock);
      APIGatewayV2HTTPResponse response = host.invoke(event, APIGatewayV2HTTPResponse.class);
      if (EventStream.begins(event, response)) {
        headers(exchange, response);
        new EventStream(host).send(exchange, event, response);
      } else {
        respond(exchange, response);
      }
    } catch (FunctionException e) {
      LOG.log(Level.ERROR, found.function().id() + " failed on " + found.routeKey(), e);
      boolean late = e.type().equals("Sandbox.Timedout");
      String detail = "The function failed; see the logs of the local stack";
      problem(
          exchange, late ? GatewayProblem.unavailable(detail) : GatewayProblem.internal(detail));
    }
  }

  /**
   * Reads the rest of a body that is too large, within reason: closing early would show the client
   * a reset, not the answer.
   */
  private static void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long left = DRAIN_BYTES_MAX;
    for (int read = in.read(buffer); read > 0 && left > 0; read = in.read(buffer)) {
      left -= read;
    }
  }

  private static void respond(HttpExchange exchange, APIGatewayV2HTTPResponse response)
      throws IOException {
    if (response == null || response.getStatusCode() < 100) {
      problem(exchange, GatewayProblem.internal("The function gave no HTTP answer"));
      return;
    }
    headers(exchange, response);
    String text = response.getBody() == null ? "" : response.getBody();
    byte[] body =
        response.getIsBase64Encoded()
            ? Base64.getDecoder().decode(text)
            : text.getBytes(StandardCharsets.UTF_8);
    send(exchange, response.getStatusCode(), body);
  }

  private static void headers(HttpExchange exchange, APIGatewayV2HTTPResponse response) {
    if (response.getHeaders() != null) {
      response
          .getHeaders()
          .forEach(
              (name, value) -> {
                if (value != null && !name.equalsIgnoreCase("content-length")) {
                  exchange.getResponseHeaders().set(name, value);
                }
              });
    }
    if (response.getCookies() != null) {
      response
          .getCookies()
          .forEach(cookie -> exchange.getResponseHeaders().add("Set-Cookie", cookie));
    }
  }

  private static void problem(HttpExchange exchange, GatewayProblem problem) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Traceparent", GatewayProblem.trace(exchange.getRequestHeaders()));
    answer(exchange, problem.status(), "application/problem+json", problem.json());
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    send(exchange, status, body);
    exchange.close();
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean bodiless =
        exchange.getRequestMethod().equals("HEAD")
            || status == 204
            || status == 304
            || body.length == 0;
    exchange.sendResponseHeaders(status, bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Lets running requests end for a moment, then closes. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdownNow();
  }
}
