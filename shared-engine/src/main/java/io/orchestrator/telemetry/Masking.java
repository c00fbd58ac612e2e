package io.orchestrator.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Paths whose values are not to be seen; a path goes through lists, and {@code *} stands for any
 * key. Pure.
 */
public final class Masking {
  /** Hides nothing. */
  public static final Masking NONE = new Masking(List.of());

  private static final String HIDDEN = "***";
  private final List<List<String>> paths;

  private Masking(List<List<String>> paths) {
    this.paths = paths;
  }

  /** Dotted paths, such as {@code customer.email} or {@code items.*.card}. */
  public static Masking of(List<String> dotted) {
    return dotted.isEmpty()
        ? NONE
        : new Masking(dotted.stream().map(path -> List.of(path.split("\\.", -1))).toList());
  }

  /**
   * A copy of plain data with {@code ***} at every path; the data itself if there is nothing to
   * hide.
   */
  public Object apply(Object data) {
    return mask(data, paths);
  }

  private static Object mask(Object data, List<List<String>> paths) {
    if (paths.isEmpty()) {
      return data;
    }
    return switch (data) {
      case Map<?, ?> map -> maskMap(map, paths);
      case List<?> list -> {
        List<Object> masked = new ArrayList<>(list.size());
        list.forEach(item -> masked.add(mask(item, paths)));
        yield masked;
      }
      case null, default -> data;
    };
  }

  private static Map<String, Object> maskMap(Map<?, ?> map, List<List<String>> paths) {
    Map<String, Object> masked = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          List<List<String>> below =
              paths.stream()
                  .filter(path -> path.getFirst().equals(key) || path.getFirst().equals("*"))
                  .map(path -> path.subList(1, path.size()))
                  .toList();
          masked.put(
              (String) key, below.stream().anyMatch(List::isEmpty) ? HIDDEN : mask(value, below));
        });
    return masked;
  }
}
