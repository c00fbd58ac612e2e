package io.orchestrator.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The Lambda Runtime API for one function process: hands it one invocation at a time and takes the
 * answer.
 */
final class RuntimeApi implements AutoCloseable {
  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FunctionSpec function;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final LinkedTransferQueue<Invocation> waiting = new LinkedTransferQueue<>();
  private volatile Invocation current;
  private volatile FunctionException dead;

  /** One event on its way through the process. */
  private static final class Invocation {
    private final String id = UUID.randomUUID().toString();
    private final byte[] event;
    private final long deadlineMillis;
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();

    Invocation(byte[] event, long deadlineMillis) {
      this.event = event;
      this.deadlineMillis = deadlineMillis;
    }
  }

  RuntimeApi(FunctionSpec function) {
    this.function = function;
    try {
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new StackException(
          "Cannot open the Runtime API of " + function.id() + ": " + e.getMessage(), e);
    }
    server.setExecutor(threads);
    server.createContext(PREFIX, this::handle);
    server.start();
  }

  /** host:port, the value of AWS_LAMBDA_RUNTIME_API. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Hands one event to the process and waits; at most one call at a time. */
  byte[] invoke(byte[] event, Duration timeout) throws FunctionException {
    Invocation invocation = new Invocation(event, System.currentTimeMillis() + timeout.toMillis());
    current = invocation;
    if (dead != null) {
      throw dead;
    }
    waiting.add(invocation);
    try {
      return invocation.answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new FunctionException(
          "Sandbox.Timedout", "Task timed out after " + timeout.toSeconds() + " seconds", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FunctionException failure) {
        throw failure;
      }
      throw new FunctionException("Runtime.Unknown", String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FunctionException("Runtime.Interrupted", "The local stack stops", e);
    }
  }

  /** The process is gone or could not start: its invocation fails, and so does every later one. */
  void fail(FunctionException why) {
    dead = why;
    Invocation invocation = current;
    if (invocation != null) {
      invocation.answer.completeExceptionally(why);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange;
        InputStream in = exchange.getRequestBody()) {
      byte[] body = in.readAllBytes();
      String path = exchange.getRequestURI().getPath().substring(PREFIX.length());
      if (path.equals("invocation/next")) {
        next(exchange);
      } else if (path.equals("init/error")) {
        fail(failure(body));
        exchange.sendResponseHeaders(202, -1);
      } else if (path.startsWith("invocation/") && path.endsWith("/response")) {
        finish(path, invocation -> invocation.answer.complete(body));
        exchange.sendResponseHeaders(202, -1);
      } else if (path.startsWith("invocation/") && path.endsWith("/error")) {
        finish(path, invocation -> invocation.answer.completeExceptionally(failure(body)));
        exchange.sendResponseHeaders(202, -1);
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private void next(HttpExchange exchange) throws IOException {
    try {
      Invocation invocation = waiting.take();
      var headers = exchange.getResponseHeaders();
      headers.set("Lambda-Runtime-Aws-Request-Id", invocation.id);
      headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(invocation.deadlineMillis));
      headers.set("Lambda-Runtime-Invoked-Function-Arn", LocalContext.arn(function.id()));
      headers.set("Content-Type", "application/json");
      exchange.sendResponseHeaders(
          200, invocation.event.length == 0 ? -1 : invocation.event.length);
      exchange.getResponseBody().write(invocation.event);
    } catch (InterruptedException e) {
      // The host closes: the process is ended by it and needs no answer.
      Thread.currentThread().interrupt();
    }
  }

  private void finish(String path, java.util.function.Consumer<Invocation> end) {
    Invocation invocation = current;
    if (invocation != null && path.contains("/" + invocation.id + "/")) {
      end.accept(invocation);
    }
  }

  private static FunctionException failure(byte[] body) {
    try {
      JsonNode error = JSON.readTree(body);
      return new FunctionException(
          error.path("errorType").asText("Unknown"), error.path("errorMessage").asText(""));
    } catch (JsonProcessingException e) {
      return new FunctionException("Unknown", new String(body, StandardCharsets.UTF_8), e);
    } catch (IOException e) {
      return new FunctionException("Unknown", String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
