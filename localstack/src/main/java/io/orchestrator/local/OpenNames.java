package io.orchestrator.local;

import io.orchestrator.expression.Type;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Names;
import java.util.Map;
import java.util.Set;

/** Names among which some adapters may have actions that only the registry knows. */
record OpenNames(Names known, Set<String> open) implements Names {
  @Override
  public Meaning bare(String name) {
    int dot = name.indexOf('.');
    Meaning meaning = known.bare(name);
    return dot > 0
        ? trusted(meaning, name.substring(0, dot), name.substring(dot + 1))
        : trusted(meaning, name, "");
  }

  @Override
  public Meaning call(String adapter, String action) {
    return trusted(known.call(adapter, action), adapter, action);
  }

  private Meaning trusted(Meaning meaning, String adapter, String action) {
    boolean unknown =
        meaning instanceof Meaning.Missing missing
            && (missing.code() == Code.UNKNOWN_ACTION || missing.code() == Code.NO_DEFAULT_ACTION);
    return unknown && open.contains(adapter)
        ? new Meaning.Action(adapter, action.isEmpty() ? "default" : action)
        : meaning;
  }

  @Override
  public Meaning definition(String name) {
    return known.definition(name);
  }

  @Override
  public Meaning flow(String name, String range) {
    return known.flow(name, range);
  }

  @Override
  public Type result(String adapter, String action) {
    return known.result(adapter, action);
  }

  @Override
  public Map<String, Object> params(String adapter, String action) {
    return known.params(adapter, action);
  }
}
