package io.orchestrator.flow;

import java.util.Map;

/**
 * The names as they were when a version was published.
 *
 * @param bindings as {@link Compiled#bindings} gave them
 */
public record FrozenNames(Map<String, Object> bindings) implements Names {
  @Override
  public Meaning bare(String name) {
    return at(Bindings.bare(name));
  }

  @Override
  public Meaning definition(String name) {
    return at(Bindings.definition(name));
  }

  @Override
  public Meaning call(String adapter, String action) {
    return at(Bindings.call(adapter, action));
  }

  @Override
  public Meaning flow(String name, String range) {
    return at(Bindings.flow(name, range));
  }

  private Meaning at(String key) {
    return bindings.get(key) instanceof Map<?, ?> binding
        ? Bindings.meaning(binding)
        : new Meaning.Missing(Code.UNKNOWN_STEP, "the version was published without " + key, "");
  }
}
