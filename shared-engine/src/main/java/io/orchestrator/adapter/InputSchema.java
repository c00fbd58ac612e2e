package io.orchestrator.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import io.orchestrator.expression.Secret;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A JSON Schema (2020-12) that params must fit. It is compiled at its first use, which keeps it out
 * of a cold start.
 */
public final class InputSchema {
  private final Map<String, Object> data;
  private volatile Schema compiled;

  public InputSchema(Map<String, Object> data) {
    this.data = data;
  }

  /** The schema as data, the shorthand written out. */
  public Map<String, Object> data() {
    return data;
  }

  /**
   * Where data does not fit.
   *
   * @param path RFC 6901 pointer into the data
   */
  public record Misfit(String path, String message) {}

  /**
   * Every place where the data does not fit; a secret fits everywhere, because nobody knows it yet.
   *
   * @throws IllegalArgumentException if this is no schema
   */
  public List<Misfit> misfits(Object value) {
    Set<String> secrets = new HashSet<>();
    JsonNode node = node(value, "", secrets);
    List<Misfit> misfits = new ArrayList<>();
    for (Error error : compile().validate(node)) {
      String at = error.getInstanceLocation().toString();
      if (!secrets.contains(at)) {
        misfits.add(new Misfit(at, error.getMessage()));
      }
    }
    return misfits;
  }

  /**
   * Compiles it now.
   *
   * @throws IllegalArgumentException if this is no schema, with a message for the author
   */
  public void check() {
    for (Error error : Compiler.META.validate(node(data, "", new HashSet<>()))) {
      throw new IllegalArgumentException(error.getInstanceLocation() + ": " + error.getMessage());
    }
    compile();
  }

  private Schema compile() {
    Schema schema = compiled;
    if (schema == null) {
      try {
        schema = Compiler.REGISTRY.getSchema(node(data, "", new HashSet<>()));
        schema.initializeValidators();
      } catch (SchemaException | com.google.re2j.PatternSyntaxException notOne) {
        throw new IllegalArgumentException(notOne.getMessage(), notOne);
      }
      compiled = schema;
    }
    return schema;
  }

  private static JsonNode node(Object value, String path, Set<String> secrets) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (value) {
      case null -> nodes.nullNode();
      case Boolean flag -> nodes.booleanNode(flag);
      case Long number -> nodes.numberNode(number);
      case BigDecimal number -> nodes.numberNode(number);
      case String text -> nodes.textNode(text);
      case Secret _ -> {
        secrets.add(path);
        yield nodes.textNode("");
      }
      case List<?> list -> {
        ArrayNode array = nodes.arrayNode();
        for (Object item : list) {
          array.add(node(item, path + "/" + array.size(), secrets));
        }
        yield array;
      }
      case Map<?, ?> map -> {
        ObjectNode object = nodes.objectNode();
        map.forEach(
            (key, item) ->
                object.set((String) key, node(item, pointer(path, (String) key), secrets)));
        yield object;
      }
      default ->
          throw new IllegalArgumentException("not data: " + value.getClass().getSimpleName());
    };
  }

  private static String pointer(String path, String key) {
    return path + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  /** Kept apart, so that the library is loaded only when a schema is used. */
  private static final class Compiler {
    /**
     * The loader knows the drafts' own schemas only: a {@code $ref} must not make us fetch
     * anything.
     */
    static final SchemaRegistry REGISTRY =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder
                    .schemaCacheEnabled(false)
                    .schemaLoader(
                        loader ->
                            loader.block(
                                iri -> !iri.toString().startsWith("https://json-schema.org/")))
                    .schemaRegistryConfig(
                        SchemaRegistryConfig.builder()
                            .locale(Locale.ROOT)
                            .pathType(PathType.JSON_POINTER)
                            // A tenant's pattern runs over a tenant's data in our time, so it must
                            // run in linear time.
                            .regularExpressionFactory(
                                pattern -> {
                                  Pattern compiled = Pattern.compile(pattern);
                                  return text -> compiled.matcher(text).find();
                                })
                            .build()));

    static final Schema META =
        REGISTRY.getSchema(
            com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    private Compiler() {}
  }
}
