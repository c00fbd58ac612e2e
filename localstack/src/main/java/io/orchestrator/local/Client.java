package io.orchestrator.local;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Speaks to the API of a local stack as one of its tenants. */
final class Client implements AutoCloseable {
  static final String YAML = "application/yaml";
  static final String JSON = "application/json";
  private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String url;
  private final String token;

  /** Speaks with that token to the stack at that address. */
  Client(String url, String token) {
    this.url = url;
    this.token = token;
  }

  /** Speaks to the stack that runs on the folder, as a tenant that may do everything. */
  static Client of(Home home, String tenant) {
    StackLock.Holder stack =
        StackLock.running(home)
            .orElseThrow(
                () ->
                    new StackException(
                        "No local stack runs on "
                            + home.root()
                            + ". Start one with ./orchestrator up."));
    if (stack.url().isEmpty()) {
      throw new StackException(
          "The local stack on "
              + home.root()
              + " (pid "
              + stack.pid()
              + ") is still starting. Try again.");
    }
    return new Client(
        stack.url(),
        Issuer.of(home).token(tenant, List.of("flow:admin"), "developer", Clock.systemUTC()));
  }

  /** An answer; {@link #json} is empty if the body is no JSON object. */
  record Answer(int status, String location, String body, Map<String, Object> json) {
    boolean succeeded() {
      return status / 100 == 2;
    }

    /** What a problem document says, on one line. */
    String problem() {
      Object detail = json.get("detail");
      return detail == null ? "HTTP status " + status : detail + " (" + json.get("code") + ")";
    }
  }

  /**
   * Asks for something.
   *
   * @param headers names and values in turn
   */
  Answer get(String path, String accept, String... headers) {
    HttpRequest.Builder request = request(path).header("accept", accept).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /**
   * Sends a body.
   *
   * @param headers names and values in turn
   */
  Answer send(String method, String path, String type, byte[] body, String... headers) {
    HttpRequest.Builder request =
        request(path).header("content-type", type).method(method, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(ANSWER_MAX)
        .header("authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      String location = response.headers().firstValue("location").orElse("");
      return new Answer(response.statusCode(), location, response.body(), json(response.body()));
    } catch (IOException e) {
      throw new StackException("The local stack at " + url + " does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted.", e);
    }
  }

  private static Map<String, Object> json(String body) {
    try {
      return Data.map(Json.readStored(body));
    } catch (JsonException | IllegalStateException e) {
      return Map.of();
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
