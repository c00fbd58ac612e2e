package io.orchestrator.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Steps that hold no others, and what stands in and beside steps. */
record RandomLeaf(Dice dice, Role role) {
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
    if (!role.callable().isEmpty() && dice.chance(35)) {
      start(body, seen);
    } else if (kind < 40) {
      call(body, seen);
    } else if (kind < 50) {
      body.put("adapter", "ask");
      body.put("await", Map.of("callback", true, "timeout", dice.pick(List.of("2h", "1d"))));
    } else if (kind < 62) {
      pause(body, id, seen);
    } else if (kind < 68) {
      body.put("wait", dice.pick(SPANS.subList(1, SPANS.size())));
    } else if (kind < 77 || (kind >= 82 && kind < 88 && !role.steered())) {
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
    if (role.steered() && dice.chance(8)) { // a deadline makes the end hang on the time
      body.put("deadline", dice.pick(List.of("2s", "20s", "10m")));
    }
    if (dice.chance(5)) {
      body.put(
          "idempotency_key",
          dice.pick(List.of("order ${ $input.n }", "$input.n", "$input.n", "$input.missing")));
    }
  }

  /** Another flow, which is waited for or not. */
  private void start(Map<String, Object> body, List<String> seen) {
    body.put("flow", dice.pick(role.callable()));
    if (dice.chance(50)) {
      Map<String, Object> input = new LinkedHashMap<>();
      input.put("n", value(seen));
      input.put("yes", dice.chance(50));
      input.put("list", List.of(1L));
      body.put("input", input);
    }
    if (dice.chance(20)) {
      body.put("mode", "detach");
    } else if (dice.chance(20)) {
      body.put("on_cancel", "leave");
    }
  }

  /** A question to people. */
  private void ask(Map<String, Object> body) {
    Map<String, Object> approve = new LinkedHashMap<>();
    approve.put("title", "shall it be ${ $input.n }?");
    if (dice.chance(50)) {
      approve.put(
          "to",
          dice.pick(List.of("role:x", List.of("user:ann", "user:bob", "user:cid"), "$input.list")));
    }
    if (dice.chance(30)) {
      approve.put("options", List.of("approve", "reject", "later"));
    }
    if (dice.chance(50)) {
      approve.put("quorum", 1L + dice.below(3));
    }
    if (dice.chance(20)) {
      approve.put("remind", "40m");
    }
    if (dice.chance(10)) {
      approve.put("escalate", Map.of("after", "1h", "to", List.of("user:eve")));
    }
    approve.put("timeout", dice.pick(List.of("2h", "1d")));
    body.put("approve", approve);
    body.put(
        "output",
        dice.pick(
            List.of(
                "$result.decision",
                "$result.by",
                "size($result.decisions)",
                "${ $input.n } by ${ $result.by }")));
  }

  /** A wait for somebody else: a callback, a signal, an event of others or of the flow itself. */
  private void pause(Map<String, Object> body, String id, List<String> seen) {
    Map<String, Object> await = new LinkedHashMap<>();
    int kind = dice.below(role.hears() ? 5 : role.steered() ? 3 : 1);
    if (kind == 1) {
      ask(body);
      return;
    }
    switch (kind) {
      case 0 -> await.put("callback", true);
      case 2 -> await.put("signal", "go_" + id);
      case 3 -> await.put("event", "came." + id);
      default ->
          await.put("event", "told." + (seen.isEmpty() ? role.letter() + "1" : dice.pick(seen)));
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
