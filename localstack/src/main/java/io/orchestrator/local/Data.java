package io.orchestrator.local;

import java.util.List;
import java.util.Map;

/** Looks into plain data whose shape is known. */
final class Data {
  private Data() {}

  /** The value as a map, an empty one if it is none. */
  @SuppressWarnings("unchecked") // The keys of JSON objects are texts.
  static Map<String, Object> map(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** The maps in a list. */
  static List<Map<String, Object>> maps(Object value) {
    return value instanceof List<?> list ? list.stream().map(Data::map).toList() : List.of();
  }

  static String text(Object value) {
    return value == null ? "" : value.toString();
  }
}
