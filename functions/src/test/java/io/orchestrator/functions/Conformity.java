package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.InputSchema;
import io.orchestrator.expression.Json;
import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds every request and answer of a test against the OpenAPI document: a status, a header, a
 * media type or a field that it does not name fails the test. What refuses a request is not looked
 * at: tests send wrong ones on purpose; what is accepted must be documented.
 */
final class Conformity {
  private static final Set<String> OF_ALL =
      Set.of("content-type", "cache-control", "x-content-type-options", "traceparent");
  private static final Map<String, Object> DOCUMENT = Contracts.document();
  private static final Map<String, InputSchema> SCHEMAS = new ConcurrentHashMap<>();

  private Conformity() {}

  /** Fails if the answer, or the request that it accepts, is not documented. */
  static void check(Request request, int status, Map<String, String> headers, String body) {
    Route route = route(request);
    if (route == null) {
      assertThat(status).as("nothing is documented at %s", request.path()).isIn(404, 405);
      return;
    }
    Operation operation = Contracts.find(route).orElse(null);
    if (operation == null) {
      return; // OpenApiTest names it
    }
    String what = route + " answers " + status + " " + body;
    Map<String, Object> responses = map(operationData(operation).get("responses"));
    assertThat(responses)
        .as("%s, which its entry in Contracts does not name", what)
        .containsKey(Integer.toString(status));
    Map<String, Object> response = resolved(responses.get(Integer.toString(status)));
    checkHeaders(what, response, headers);
    checkBody(what, response, headers, body);
    if (status < 300) {
      checkRequest(route, operation, request);
    }
  }

  private static Route route(Request request) {
    for (Route.Server server : Route.Server.values()) {
      if (Route.find(server, request.method(), request.path()) instanceof Route.Match.Found found) {
        return found.route();
      }
    }
    return null;
  }

  private static void checkHeaders(
      String what, Map<String, Object> response, Map<String, String> headers) {
    Set<String> documented =
        map(response.getOrDefault("headers", Map.of())).keySet().stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(java.util.stream.Collectors.toSet());
    boolean empty = !response.containsKey("content");
    assertThat(headers.keySet())
        .as("headers of: %s", what)
        .allMatch(name -> empty || OF_ALL.contains(name) || documented.contains(name));
  }

  private static void checkBody(
      String what, Map<String, Object> response, Map<String, String> headers, String body) {
    Map<String, Object> content = map(response.getOrDefault("content", Map.of()));
    if (content.isEmpty()) {
      assertThat(body).as(what).isNullOrEmpty();
      return;
    }
    String type = headers.get("content-type");
    assertThat(content).as("media type of: %s", what).containsKey(type);
    if (type.equals(Contract.JSON) || type.endsWith("+json")) {
      fits("answer: " + what, map(content.get(type)).get("schema"), Json.readStored(body));
    }
  }

  private static void checkRequest(Route route, Operation operation, Request request) {
    Contract.Taken taken = operation.contract().taken();
    if (request.body().length == 0) {
      assertThat(taken == null || !taken.needed())
          .as("%s was taken without a body", route)
          .isTrue();
      return;
    }
    assertThat(taken).as("%s has taken a body", route).isNotNull();
    String type = request.mediaType().isEmpty() ? Contract.JSON : request.mediaType();
    if (type.endsWith("json") && !taken.shape().schema().isEmpty()) {
      String text = new String(request.body(), StandardCharsets.UTF_8);
      Map<String, Object> schema =
          map(
              map(map(operationData(operation).get("requestBody")).get("content"))
                  .get(Contract.JSON));
      fits("request that was taken: " + route + " " + text, schema.get("schema"), Json.read(text));
    }
  }

  /** Fails where a value does not fit a schema of the document. */
  static void fits(String what, Object schema, Object value) {
    List<InputSchema.Misfit> misfits =
        SCHEMAS.computeIfAbsent(Json.write(schema), key -> whole(schema)).misfits(value);
    assertThat(misfits).as("fields of the %s", what).isEmpty();
  }

  /** The schema with everything that it may refer to. */
  private static InputSchema whole(Object schema) {
    Map<String, Object> whole = new LinkedHashMap<>(map(schema));
    whole.put("$defs", map(DOCUMENT.get("components")).get("schemas"));
    String text = Json.write(whole).replace("#/components/schemas/", "#/$defs/");
    return new InputSchema(map(Json.readStored(text)));
  }

  static Map<String, Object> operationData(Operation operation) {
    Map<String, Object> item = map(map(DOCUMENT.get("paths")).get(operation.path()));
    return map(item.get(operation.method().toLowerCase(Locale.ROOT)));
  }

  /** What a reference of the document leads to, or the thing itself. */
  static Map<String, Object> resolved(Object thing) {
    Object reference = map(thing).get("$ref");
    if (reference == null) {
      return map(thing);
    }
    Map<String, Object> at = DOCUMENT;
    for (String part : Arrays.asList(((String) reference).substring(2).split("/", -1))) {
      assertThat(at).as("%s", reference).containsKey(part);
      at = map(at.get(part));
    }
    return at;
  }

  private static Map<String, Object> map(Object value) {
    return Template.map(value);
  }
}
