package io.orchestrator.adapter.llm;

import io.orchestrator.expression.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a definition of type {@code llm} says of its models.
 *
 * @param model of calls that name none; empty: every call names one
 * @param temperature null: the model's own
 * @param categories by name, with what they mean; empty: the model finds a word itself
 */
public record LlmSettings(
    Speech speech,
    String model,
    long maxTokens,
    BigDecimal temperature,
    Prices prices,
    Map<String, String> categories,
    String instructions) {
  static final long TOKENS_MAX = 1_000_000;

  /** How a provider is spoken to. */
  enum Speech {
    OPENAI,
    ANTHROPIC,
    BEDROCK
  }

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException with a message for the author
   */
  public static LlmSettings read(Map<String, Object> settings) {
    return new LlmSettings(
        speech(settings.get("provider")),
        settings.get("model") instanceof String model ? model : "",
        count("max_tokens", settings.getOrDefault("max_tokens", 4_096L)),
        number("temperature", settings.get("temperature")),
        Prices.read(settings.get("prices")),
        categories(settings.get("categories")),
        settings.get("instructions") instanceof String text ? text : "");
  }

  private static Speech speech(Object provider) {
    return switch (provider instanceof String name ? name : "openai") {
      case "openai" -> Speech.OPENAI;
      case "anthropic" -> Speech.ANTHROPIC;
      case "bedrock" -> Speech.BEDROCK;
      default ->
          throw new IllegalArgumentException("provider must be openai, anthropic or bedrock");
    };
  }

  static long count(String name, Object value) {
    if (value instanceof Long count && count > 0 && count <= TOKENS_MAX) {
      return count;
    }
    throw new IllegalArgumentException(name + " must be a whole number from 1");
  }

  static BigDecimal number(String name, Object value) {
    return switch (value) {
      case null -> null;
      case Long whole -> BigDecimal.valueOf(whole);
      case BigDecimal number -> number;
      default -> throw new IllegalArgumentException(name + " must be a number");
    };
  }

  /** A list of names, or a map of names and what they mean. */
  static Map<String, String> categories(Object data) {
    Map<String, String> categories = new LinkedHashMap<>();
    switch (data) {
      case null -> {}
      case List<?> names -> names.forEach(name -> categories.put(name(name), ""));
      case Map<?, ?> meanings ->
          meanings.forEach((name, meaning) -> categories.put(name(name), meaning(meaning)));
      default ->
          throw new IllegalArgumentException(
              "categories must be a list of names, or a map of names and what they mean");
    }
    return categories;
  }

  private static String name(Object name) {
    if (name instanceof String text && !text.isBlank()) {
      return text;
    }
    throw new IllegalArgumentException("a category must be a text");
  }

  private static String meaning(Object meaning) {
    return switch (meaning) {
      case null -> "";
      case String text -> text;
      default -> Json.write(meaning);
    };
  }
}
