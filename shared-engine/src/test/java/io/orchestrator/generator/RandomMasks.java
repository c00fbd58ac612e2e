package io.orchestrator.generator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Lets some flows hide what they hold: a text of their input that goes on from step to step, and
 * what steps are given and give. It throws dice of its own, so that every seed keeps its flows.
 */
final class RandomMasks {
  /** What of a flow's input is hidden, and known to be. */
  static final String HIDDEN = "input.pin";

  private static final List<String> CARRIERS = List.of("set", "params", "with", "data");
  private final Dice dice;

  private RandomMasks(long seed) {
    this.dice = new Dice(new SplittableRandom(seed ^ 0x3c6ef372fe94f82bL));
  }

  /** Changes the flow that is started from outside, one of eighteen. */
  static void into(long seed, Map<String, Object> bundle) {
    RandomMasks masks = new RandomMasks(seed);
    if (masks.dice.below(18) == 0) {
      masks.flow(map(bundle.get(RandomFlow.ROOT)));
    }
  }

  private void flow(Map<String, Object> flow) {
    List<Object> mask = new ArrayList<>(List.of(HIDDEN));
    if (dice.chance(30)) {
      mask.add(dice.pick(List.of("vars.rate", "output", "vars")));
    }
    flow.put("mask", mask);
    for (String part : List.of("steps", "on_error", "on_cancel", "finally")) {
      node(flow.get(part));
    }
  }

  private void node(Object node) {
    if (node instanceof List<?> list) {
      list.forEach(this::node);
    } else if (node instanceof Map<?, ?>) {
      Map<String, Object> map = map(node);
      for (String carrier : CARRIERS) {
        if (map.get(carrier) instanceof Map<?, ?> given && dice.chance(70)) {
          map.put(carrier, carrying(given));
        }
      }
      if (map.containsKey("adapter") && !map.containsKey("mask") && dice.chance(30)) {
        map.put("mask", List.of(dice.pick(List.of("output", "params", "error"))));
      }
      new ArrayList<>(map.keySet())
          .stream().filter(key -> !key.equals("compensate")).forEach(key -> node(map.get(key)));
    }
  }

  /** The first value is the hidden one. */
  private static Map<String, Object> carrying(Map<?, ?> given) {
    Map<String, Object> carrying = new LinkedHashMap<>();
    given.forEach((name, value) -> carrying.put((String) name, value));
    carrying.keySet().stream().findFirst().ifPresent(name -> carrying.put(name, "$input.pin"));
    return carrying;
  }

  @SuppressWarnings("unchecked") // the generator makes maps with texts as keys
  private static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }
}
