package io.orchestrator.adapter;

import io.orchestrator.adapter.builtin.BuiltInTypes;
import io.orchestrator.adapter.llm.LlmSettings;
import io.orchestrator.flow.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads what a definition tells its built-in type, beside what every adapter says. */
final class Settings {
  private static final Set<String> LANGUAGE_MODELS = Set.of("llm", "ai");

  private Settings() {}

  /** Those with a value, in the order of the type. */
  static Map<String, Object> read(Fields definition, String type) {
    Fields fields = definition.map("settings");
    if (fields == null) {
      return Map.of();
    }
    Map<String, Object> known = BuiltInTypes.settings(type);
    if (known.isEmpty()) {
      definition.problem(
          Code.UNKNOWN_KEY, "settings", "adapters of type " + type + " take no settings", "");
      return Map.of();
    }
    fields.only(known.keySet());
    Map<String, Object> settings = new LinkedHashMap<>();
    for (String name : fields.keys()) {
      Object value = fields.get(name);
      if (value != null && fits(value, known.get(name))) {
        settings.put(name, value);
      } else if (value != null) {
        fields.problem(Code.WRONG_TYPE, name, name + " must be " + described(known.get(name)), "");
      }
    }
    if (LANGUAGE_MODELS.contains(type)) {
      try {
        LlmSettings.read(settings);
      } catch (IllegalArgumentException complaint) {
        definition.problem(Code.BAD_VALUE, "settings", complaint.getMessage(), "");
      }
    }
    return settings;
  }

  /** A setting that holds nothing by itself takes anything. */
  private static boolean fits(Object value, Object usual) {
    return usual == null || described(value).equals(described(usual));
  }

  private static String described(Object value) {
    return switch (value) {
      case String _ -> "a text";
      case Boolean _ -> "true or false";
      case Map<?, ?> _ -> "a map";
      case Iterable<?> _ -> "a list";
      case null, default -> "a number";
    };
  }
}
