package io.orchestrator.functions.openapi;

import io.orchestrator.expression.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The OpenAPI 3.1 document of some operations. */
public final class OpenApi {
  private static final String PROBLEM_TYPE = "application/problem+json";
  private static final String TRACEPARENT = "traceparent";

  private final Map<String, Shape> usual;
  private final Map<String, Object> schemas = new TreeMap<>();
  private final Map<String, Object> responses = new TreeMap<>();

  private OpenApi(Map<String, Shape> usual) {
    this.usual = usual;
  }

  /**
   * The document as data.
   *
   * @param usual shapes of parameters by name, for all operations that say nothing else; a name
   *     that ends with a star stands for all names that begin so
   */
  public static Map<String, Object> document(
      Map<String, Object> info, List<Operation> operations, Map<String, Shape> usual) {
    return new OpenApi(usual).document(info, operations);
  }

  private Map<String, Object> document(Map<String, Object> info, List<Operation> operations) {
    Map<String, Object> paths = new LinkedHashMap<>();
    for (Operation operation : operations) {
      @SuppressWarnings("unchecked") // a path's item is ours
      Map<String, Object> item =
          (Map<String, Object>)
              paths.computeIfAbsent(operation.path(), path -> new LinkedHashMap<String, Object>());
      item.put(operation.method().toLowerCase(Locale.ROOT), operation(operation));
    }
    Map<String, Object> components = new LinkedHashMap<>();
    components.put("schemas", schemas);
    components.put("responses", responses);
    components.put("headers", Map.of(TRACEPARENT, header("The trace that the request belongs to")));
    components.put(
        "securitySchemes",
        Map.of("token", map("type", "http", "scheme", "bearer", "bearerFormat", "JWT")));
    return map("openapi", "3.1.0", "info", info, "paths", paths, "components", components);
  }

  private Map<String, Object> operation(Operation operation) {
    Contract contract = operation.contract();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("operationId", operation.id());
    data.put("tags", List.of(operation.path().split("/", -1)[1]));
    data.put("summary", contract.summary());
    if (!operation.permission().isEmpty()) {
      data.put("description", "Needs the permission " + operation.permission() + ".");
      data.put("x-permission", operation.permission());
    }
    data.put("security", security(operation.token()));
    data.put("parameters", parameters(operation));
    if (contract.taken() != null) {
      data.put("requestBody", body(contract.taken()));
    }
    Map<String, Object> answers = new LinkedHashMap<>();
    contract.answers().forEach((status, a) -> answers.put(status.toString(), answer(a)));
    if (operation.isCached()) {
      answers.put("304", Map.of("description", "The client has it already"));
    }
    operation.refusals().forEach(s -> answers.putIfAbsent(s.toString(), problem(s)));
    data.put("responses", answers);
    return data;
  }

  private static List<Object> security(Operation.Token token) {
    Map<String, Object> bearer = Map.of("token", List.of());
    return switch (token) {
      case NEEDED -> List.of(bearer);
      case POSSIBLE -> List.of(bearer, Map.of());
      case IGNORED -> List.of();
    };
  }

  private List<Object> parameters(Operation operation) {
    List<Object> all = new ArrayList<>();
    Contract contract = operation.contract();
    for (String name : operation.inPath()) {
      all.add(parameter(name, "path", true, shape(contract, name)));
    }
    for (String name : operation.query()) {
      all.add(
          name.endsWith("*")
              ? exploded(name, shape(contract, name))
              : parameter(name, "query", false, shape(contract, name)));
    }
    for (String name : contract.headers()) {
      // That If-Match may be missing at the first change is more than a schema can say.
      all.add(parameter(name, "header", false, shape(contract, name)));
    }
    if (operation.isCached()) {
      all.add(parameter("If-None-Match", "header", false, shape(contract, "If-None-Match")));
    }
    all.add(parameter(TRACEPARENT, "header", false, shape(contract, TRACEPARENT)));
    return all;
  }

  private Shape shape(Contract contract, String parameter) {
    Shape own = contract.parameters().get(parameter);
    return own != null ? own : usual.getOrDefault(parameter, Shape.text(200));
  }

  private Map<String, Object> parameter(String name, String in, boolean needed, Shape shape) {
    schemas.putAll(shape.named());
    return map("name", name, "in", in, "required", needed, "schema", shape.schema());
  }

  /** All parameters of one beginning, as the fields of one that is written out. */
  private Map<String, Object> exploded(String name, Shape shape) {
    String begin = name.substring(0, name.length() - 1);
    Map<String, Object> whole = parameter(begin.replace(".", ""), "query", false, shape);
    whole.put("style", "form");
    whole.put("explode", true);
    return whole;
  }

  private Map<String, Object> body(Contract.Taken taken) {
    Map<String, Object> content = new LinkedHashMap<>();
    for (String type : taken.types()) {
      content.put(type, media(taken.shape(), taken.example()));
    }
    return map("required", taken.needed(), "content", content);
  }

  private Map<String, Object> answer(Contract.Answered answered) {
    Map<String, Object> content = new LinkedHashMap<>();
    if (!answered.type().isEmpty()) {
      content.put(answered.type(), media(answered.shape(), answered.example()));
    }
    if (!answered.other().isEmpty()) {
      content.put(answered.other(), media(Shape.text(), ""));
    }
    Map<String, Object> headers = new LinkedHashMap<>();
    answered.headers().forEach(name -> headers.put(name, header("")));
    headers.put(TRACEPARENT, Map.of("$ref", "#/components/headers/" + TRACEPARENT));
    Map<String, Object> data = map("description", "Done", "headers", headers);
    if (!content.isEmpty()) {
      data.put("content", content);
    }
    return data;
  }

  private Map<String, Object> media(Shape shape, String example) {
    schemas.putAll(shape.named());
    Map<String, Object> media = map("schema", shape.schema());
    if (!example.isEmpty()) {
      media.put("example", Json.read(example));
    }
    return media;
  }

  private Map<String, Object> problem(int status) {
    String name = "Problem" + status;
    Map<String, Object> headers = new LinkedHashMap<>();
    Problems.headers(status).forEach(header -> headers.put(header, header("")));
    headers.put(TRACEPARENT, Map.of("$ref", "#/components/headers/" + TRACEPARENT));
    responses.computeIfAbsent(
        name,
        key ->
            map(
                "description",
                Problems.meaning(status),
                "headers",
                headers,
                "content",
                Map.of(PROBLEM_TYPE, media(Problems.SHAPE, Problems.example(status)))));
    return Map.of("$ref", "#/components/responses/" + name);
  }

  private static Map<String, Object> header(String description) {
    Map<String, Object> header = map("schema", Map.of("type", "string"));
    if (!description.isEmpty()) {
      header.put("description", description);
    }
    return header;
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
