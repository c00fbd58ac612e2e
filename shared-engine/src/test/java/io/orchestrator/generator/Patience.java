package io.orchestrator.generator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shortens waits of a day where others stand in a queue behind them: each of those is looked at
 * every minute, and each look would be a point to crash at, thousands of them and all alike.
 */
final class Patience {
  private static final String LONG = "1d";
  private static final String SHORT = "20m";

  private Patience() {}

  /** Changes the flow that is started from outside. */
  @SuppressWarnings("unchecked") // The keys of a flow are texts.
  static void of(Map<String, Object> bundle) {
    Map<String, Object> flow = (Map<String, Object>) bundle.get(RandomFlow.ROOT);
    if (flow.get("concurrency") instanceof Map<?, ?> limit
        && "queue".equals(limit.get("on_limit"))) {
      flow.replaceAll((key, node) -> shortened(node));
    }
  }

  @SuppressWarnings("unchecked")
  private static Object shortened(Object node) {
    return switch (node) {
      case Map<?, ?> map -> {
        Map<String, Object> copy = new LinkedHashMap<>((Map<String, Object>) map);
        copy.replaceAll((key, inner) -> shortened(inner));
        yield copy;
      }
      case List<?> list -> list.stream().map(Patience::shortened).toList();
      case String text when text.equals(LONG) -> SHORT;
      case null, default -> node;
    };
  }
}
