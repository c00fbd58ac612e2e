package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of one map of the language: each is taken by the one who understands it, the rest is
 * refused.
 */
final class Fields {
  private final Node.Mapping map;
  private final String what;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  Fields(Node.Mapping map, String what, Problems problems) {
    this.map = map;
    this.what = what;
    this.problems = problems;
  }

  /** No fields at all, for what stands alone. */
  static Fields none(Spot spot, String what, Problems problems) {
    return new Fields(new Node.Mapping(spot, Map.of()), what, problems);
  }

  Spot spot() {
    return map.spot();
  }

  boolean has(String key) {
    return map.entries().containsKey(key);
  }

  /** Where a key stands. */
  Spot key(String key) {
    return map.entries().get(key).spot();
  }

  /** The keys that are written. */
  Set<String> written() {
    return map.entries().keySet();
  }

  /** The value of a key, null if it is not there. The key counts as understood. */
  Node take(String key) {
    known.add(key);
    return map.get(key);
  }

  /** The same for a key that must be there; without it a problem is told. */
  Node need(String key, String hint) {
    Node value = take(key);
    if (value == null) {
      problems.error(Code.MISSING_KEY, map.spot(), what + " needs the key '" + key + "'", hint);
    }
    return value;
  }

  /** The keys that were asked for. */
  Set<String> known() {
    return known;
  }

  /** Refuses what nobody took. */
  void finish() {
    List<String> candidates = new ArrayList<>(known);
    candidates.removeAll(written());
    map.entries()
        .forEach(
            (key, entry) -> {
              if (!known.contains(key)) {
                problems.error(
                    Code.UNKNOWN_KEY,
                    entry.spot(),
                    what + " has no key '" + key + "'",
                    Nearest.hint(key, candidates));
              }
            });
  }
}
