package io.orchestrator.generator;

import java.util.List;

/**
 * What a generated flow is for.
 *
 * @param letter with which the ids of its steps begin
 * @param callable names of the flows that its steps may start
 * @param several whether it is started several times
 * @param hears whether it may wait for events, which all executions of a tenant hear
 * @param steered whether what people do with executions, what these say to others, and how long
 *     anything takes, matters
 */
record Role(
    String name,
    String letter,
    List<String> callable,
    boolean several,
    boolean hears,
    boolean steered) {
  static final Role LONELY = new Role(RandomFlow.ROOT, "s", List.of(), false, false, false);

  static Role root(List<String> callable, boolean several) {
    return new Role(RandomFlow.ROOT, "s", List.copyOf(callable), several, !several, true);
  }

  static Role inner(String name, String letter, List<String> callable) {
    return new Role(name, letter, List.copyOf(callable), false, false, true);
  }
}
