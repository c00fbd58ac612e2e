package io.orchestrator.execution;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an operator changes before an execution goes on.
 *
 * @param newInput whether {@code input} takes the place of the one that it had
 * @param outputs what steps give instead, by path
 * @param version of its flow that it follows from now on; null: its own
 * @param reason empty if none is given
 */
public record Edits(
    boolean newInput, Object input, Map<String, Object> outputs, String version, String reason) {
  /** Nothing is changed. */
  public static final Edits NONE = new Edits(false, null, Map.of(), null, "");

  /** Nothing is changed, for that reason. */
  public static Edits because(String reason) {
    return new Edits(false, null, Map.of(), null, reason);
  }

  /** Both, the later ones before these. */
  public Edits then(Edits later) {
    Map<String, Object> all = new LinkedHashMap<>(outputs);
    all.putAll(later.outputs);
    return new Edits(
        newInput || later.newInput,
        later.newInput ? later.input : input,
        all,
        later.version,
        later.reason);
  }

  Edits with(Map<String, Object> others) {
    return new Edits(newInput, input, others, version, reason);
  }
}
