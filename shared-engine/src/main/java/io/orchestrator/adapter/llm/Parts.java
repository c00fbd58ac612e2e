package io.orchestrator.adapter.llm;

import java.util.List;
import java.util.Map;

/** Finds its way in an answer whose parts may be missing. */
final class Parts {
  private Parts() {}

  /** The map of that name; empty without. */
  static Map<?, ?> map(Map<?, ?> in, String name) {
    return in.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  /** The list of that name; empty without. */
  static List<?> list(Map<?, ?> in, String name) {
    return in.get(name) instanceof List<?> list ? list : List.of();
  }

  /** The text of that name; empty without. */
  static String text(Map<?, ?> in, String name) {
    return in.get(name) instanceof String text ? text : "";
  }

  /** The texts of that name in a list of blocks, one after the other. */
  static String joined(List<?> blocks, String name) {
    StringBuilder joined = new StringBuilder();
    for (Object block : blocks) {
      if (block instanceof Map<?, ?> map) {
        joined.append(text(map, name));
      }
    }
    return joined.toString();
  }
}
