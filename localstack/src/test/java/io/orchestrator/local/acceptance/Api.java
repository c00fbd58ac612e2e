package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A client of the HTTP API. */
final class Api implements AutoCloseable {
  private static final String YAML = "application/yaml";
  private static final String JSON = "application/json";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final String token;

  Api(String url, String token) {
    this.url = url;
    this.token = token;
  }

  static Api of(Target target, String tenant) {
    return new Api(target.url(), target.token(tenant, "flow:admin"));
  }

  /** An answer of the API. */
  record Reply(int status, String type, String body, HttpResponse<String> response) {
    Map<String, Object> json() {
      try {
        return map(Json.readStored(body));
      } catch (JsonException | IllegalStateException e) {
        throw new AssertionError(status + " " + body, e);
      }
    }

    Object get(String field) {
      return json().get(field);
    }

    String text(String field) {
      return (String) json().get(field);
    }

    Reply is(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return this;
    }
  }

  Reply get(String path) {
    return send(request(path).header("accept", JSON).GET());
  }

  Reply getYaml(String path) {
    return send(request(path).header("accept", YAML).GET());
  }

  /** Posts JSON; headers are names and values in turn. */
  Reply post(String path, String json, String... headers) {
    return send("POST", path, JSON, json.getBytes(StandardCharsets.UTF_8), headers);
  }

  Reply send(String method, String path, String type, byte[] body, String... headers) {
    HttpRequest.Builder request =
        request(path).header("content-type", type).method(method, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  private HttpRequest.Builder request(String path) {
    URI uri = URI.create(path.startsWith("http") ? path : url + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
    return token == null ? request : request.header("authorization", "Bearer " + token);
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
      return new Reply(
          answer.statusCode(),
          answer.headers().firstValue("content-type").orElse(""),
          answer.body(),
          answer);
    } catch (IOException e) {
      throw new IllegalStateException("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // -- what most tests do

  /** Publishes a flow. */
  void publish(String yaml) {
    send("POST", "/flows", YAML, yaml.getBytes(StandardCharsets.UTF_8)).is(201);
  }

  /** Makes an adapter known. */
  void adapter(String name, String yaml) {
    send("PUT", "/adapters/" + name, YAML, yaml.getBytes(StandardCharsets.UTF_8)).is(201);
  }

  /** Starts a flow and gives the execution's id. */
  String start(String flow, String input) {
    return post("/flows/" + flow + "/execute", "{\"input\": " + input + "}").is(202).text("id");
  }

  Map<String, Object> execution(String id) {
    return get("/executions/" + id).is(200).json();
  }

  /** The execution when it has ended; fails if it has not in 25 s. */
  Map<String, Object> ended(String id) {
    return get("/executions/" + id + "?wait=25s").is(200).json();
  }

  List<Map<String, Object>> history(String id) {
    return maps(get("/executions/" + id + "/history").is(200).get("items"));
  }

  /** The step of that id of an execution. */
  static Map<String, Object> step(Map<String, Object> execution, String id) {
    return maps(execution.get("steps")).stream()
        .filter(step -> step.get("id").equals(id))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no step " + id + " in " + execution));
  }

  @SuppressWarnings("unchecked") // The keys of JSON objects are texts.
  static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  static List<Map<String, Object>> maps(Object value) {
    return ((List<?>) value).stream().map(Api::map).toList();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
