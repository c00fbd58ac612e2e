package io.orchestrator.local;

import io.orchestrator.expression.Type;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Names;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The names that a flow's file knows, where an adapter that nobody knows is taken on trust and
 * remembered: a test may answer for it.
 */
final class NamesAtHand implements Names {
  private final Names known;
  private final Set<String> unknown = new LinkedHashSet<>();
  private final Set<String> flows = new LinkedHashSet<>();

  NamesAtHand(Names known) {
    this.known = known;
  }

  /** The adapters that were taken on trust. */
  Set<String> unknown() {
    return unknown;
  }

  /** The flows that were. */
  Set<String> flows() {
    return flows;
  }

  @Override
  public Meaning bare(String name) {
    Meaning meaning = known.bare(name);
    if (!isUnknown(meaning)) {
      return meaning;
    }
    int dot = name.indexOf('.');
    return dot < 0 ? trusted(name, "") : trusted(name.substring(0, dot), name.substring(dot + 1));
  }

  @Override
  public Meaning definition(String name) {
    return known.definition(name);
  }

  @Override
  public Meaning call(String adapter, String action) {
    Meaning meaning = known.call(adapter, action);
    return isUnknown(meaning) ? trusted(adapter, action) : meaning;
  }

  /** Another flow is taken on trust, too: a test answers for it, or its text is beside. */
  @Override
  public Meaning flow(String name, String range) {
    Meaning meaning = known.flow(name, range);
    if (!(meaning instanceof Meaning.Missing)) {
      return meaning;
    }
    flows.add(name);
    return new Meaning.SubFlow(name, "", Set.of());
  }

  @Override
  public Type result(String adapter, String action) {
    return known.result(adapter, action);
  }

  @Override
  public Map<String, Object> params(String adapter, String action) {
    return known.params(adapter, action);
  }

  private Meaning trusted(String adapter, String action) {
    unknown.add(adapter);
    return new Meaning.Action(adapter, action.isEmpty() ? "default" : action);
  }

  private static boolean isUnknown(Meaning meaning) {
    return meaning instanceof Meaning.Missing missing
        && (missing.code() == Code.UNKNOWN_ADAPTER || missing.code() == Code.UNKNOWN_STEP);
  }
}
