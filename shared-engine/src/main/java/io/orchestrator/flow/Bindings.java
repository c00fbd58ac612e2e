package io.orchestrator.flow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The resolved names of a version as plain data: what was written is the key, what it means the
 * value.
 */
final class Bindings {
  private final Map<String, Object> data = new TreeMap<>();

  static String bare(String name) {
    return "name:" + name;
  }

  static String definition(String name) {
    return "use:" + name;
  }

  static String call(String adapter, String action) {
    return "adapter:" + adapter + (action.isEmpty() ? "" : "." + action);
  }

  static String flow(String name, String range) {
    return "flow:" + name + (range.isEmpty() ? "" : "@" + range);
  }

  /** Whether the key is there already. */
  boolean has(String key) {
    return data.containsKey(key);
  }

  void put(String key, Names.Meaning meaning) {
    Map<String, Object> value = new LinkedHashMap<>();
    switch (meaning) {
      case Names.Meaning.Action action -> {
        value.put("adapter", action.adapter());
        value.put("action", action.action());
      }
      case Names.Meaning.Definition definition -> {
        value.put("definition", definition.name());
        value.put("body", definition.body());
      }
      case Names.Meaning.SubFlow flow -> {
        value.put("flow", flow.name());
        value.put("version", flow.version());
      }
      case Names.Meaning.Missing missing -> throw new IllegalArgumentException(missing.message());
    }
    data.put(key, value);
  }

  static Names.Meaning meaning(Map<?, ?> value) {
    if (value.get("adapter") instanceof String adapter) {
      return new Names.Meaning.Action(adapter, (String) value.get("action"));
    }
    return value.get("definition") instanceof String name
        ? new Names.Meaning.Definition(name, value.get("body"))
        : new Names.Meaning.SubFlow(
            (String) value.get("flow"), (String) value.get("version"), Set.of());
  }

  Map<String, Object> data() {
    return new LinkedHashMap<>(data);
  }
}
