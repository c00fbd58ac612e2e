package io.orchestrator.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Steps that hold no others, and what stands in and beside steps. */
record RandomLeaf(Dice dice) {
  static final List<String> SPANS = List.of("0s", "500ms", "1s", "30s", "5m");
  static final List<String> TYPES =
      List.of("*", "adapter_*", "timeout", "raised.low", "expression", "rate_limited", "raised.*");

  /**
   * A step of some kind.
   *
   * @param mayEnd whether it may be one that ends the flow or fails
   */
  void put(Map<String, Object> body, String id, List<String> seen, boolean mayEnd) {
    int kind = dice.below(mayEnd ? 100 : 88);
    if (kind < 40) {
      call(body, seen);
    } else if (kind < 50) {
      body.put("adapter", "ask");
      body.put("await", Map.of("callback", true, "timeout", dice.pick(List.of("2h", "1d"))));
    } else if (kind < 62) {
      pause(body, id, seen);
    } else if (kind < 68) {
      body.put("wait", dice.pick(SPANS.subList(1, SPANS.size())));
    } else if (kind < 77) {
      body.put("set", Map.of("v" + id.substring(1), value(seen)));
    } else if (kind < 82) {
      body.put("use", "noted");
      body.put("with", Map.of("n", value(seen)));
    } else if (kind < 88) {
      Map<String, Object> event = new LinkedHashMap<>(Map.of("type", "told." + id));
      event.put("key", "k");
      event.put("data", Map.of("n", value(seen)));
      body.put("emit", event);
    } else if (kind < 91) {
      body.put("assert", condition(seen));
    } else if (kind < 97) {
      body.put(
          "raise",
          Map.of(
              "type", dice.pick(List.of("raised.low", "raised.high")),
              "retryable", dice.chance(50)));
    } else {
      body.put("return", value(seen));
    }
  }

  private void call(Map<String, Object> body, List<String> seen) {
    String adapter = dice.pick(List.of("a", "b", "c", "d"));
    body.put("adapter", adapter);
    if (dice.chance(50)) {
      body.put("params", Map.of("n", value(seen)));
    }
    if (dice.chance(10)) {
      body.put("delivery", "at_most_once");
    }
    if (dice.chance(10)) {
      List<String> others = new ArrayList<>(List.of("a", "b", "c", "d"));
      others.remove(adapter);
      body.put("fallback", others.subList(0, 1 + dice.below(2)));
    }
    if (dice.chance(8)) {
      body.put("deadline", dice.pick(List.of("2s", "20s", "10m")));
    }
  }

  /** A wait for somebody else: a callback, a signal, an event of others or of the flow itself. */
  private void pause(Map<String, Object> body, String id, List<String> seen) {
    Map<String, Object> await = new LinkedHashMap<>();
    switch (dice.below(4)) {
      case 0 -> await.put("callback", true);
      case 1 -> await.put("signal", "go_" + id);
      case 2 -> await.put("event", "came." + id);
      default -> await.put("event", "told." + (seen.isEmpty() ? "s1" : dice.pick(seen)));
    }
    if (await.containsKey("event") && dice.chance(50)) {
      await.put("key", dice.chance(80) ? "'k'" : "'other'");
    }
    await.put("timeout", dice.pick(List.of("2h", "1d")));
    body.put("await", await);
  }

  String value(List<String> seen) {
    String other = seen.isEmpty() ? "$input.n" : "$" + dice.pick(seen);
    return dice.pick(
        List.of(
            "$input.n",
            "$vars.rate",
            "text",
            "$input.list",
            other,
            other,
            dice.chance(20) ? "$input.n + 'x'" : "$input.n + 1"));
  }

  /** A condition that may be none. */
  Object condition(List<String> seen) {
    return dice.chance(5) ? "$input.n > 'x'" : sound(seen);
  }

  /** A condition that can be judged. */
  Object sound(List<String> seen) {
    String other = seen.isEmpty() ? "$input.n" : "$" + dice.pick(seen);
    return dice.pick(
        List.of(
            "$input.yes",
            "not $input.yes",
            "$input.missing",
            other + " == null",
            other + " != null",
            "$input.n > 1",
            "$input.n < 100"));
  }

  Map<String, Object> retry() {
    Map<String, Object> retry = new LinkedHashMap<>();
    retry.put("attempts", 1L + dice.below(4));
    switch (dice.below(4)) {
      case 0 -> retry.put("backoff", List.of("100ms", "2s"));
      case 1 -> retry.put("delay", dice.pick(SPANS));
      case 2 -> retry.put("backoff", dice.pick(List.of("linear", "exponential", "constant")));
      default -> retry.put("jitter", dice.pick(List.of("none", "equal", "full")));
    }
    if (dice.chance(20)) {
      retry.put(dice.pick(List.of("only", "except")), List.of(dice.pick(TYPES), dice.pick(TYPES)));
    }
    if (dice.chance(10)) {
      retry.put(
          "when",
          dice.pick(
              List.of(
                  "$error.adapter == 'a'",
                  "$error.retryable",
                  "$error.data.no",
                  "$error.data > 1")));
    }
    return retry;
  }
}
