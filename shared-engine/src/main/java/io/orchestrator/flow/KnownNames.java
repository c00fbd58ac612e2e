package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names that a tenant has at this moment.
 *
 * @param adapters by name
 * @param library bodies of library steps by name, as plain data
 * @param flows names
 * @param versions of those flows
 */
public record KnownNames(
    Map<String, Adapter> adapters,
    Map<String, Object> library,
    Set<String> flows,
    Versions versions)
    implements Names {
  /** Flows by name alone: no version is fixed. */
  public KnownNames(Map<String, Adapter> adapters, Map<String, Object> library, Set<String> flows) {
    this(adapters, library, flows, (name, range) -> new Meaning.SubFlow(name, "", Set.of()));
  }

  /** Finds the version of a known flow that a range means now. */
  @FunctionalInterface
  public interface Versions {
    /** The flow at that version, or what is missing; an empty range is the current one. */
    Meaning of(String name, String range);
  }

  /**
   * What of an adapter has a name.
   *
   * @param defaultAction empty if it has none
   * @param shapes of actions, by name; an action without one takes and gives anything
   */
  public record Adapter(String defaultAction, Set<String> actions, Map<String, Shape> shapes) {
    /** An adapter of whose actions only the names are known. */
    public Adapter(String defaultAction, Set<String> actions) {
      this(defaultAction, actions, Map.of());
    }
  }

  /**
   * What an action takes and gives.
   *
   * @param params a JSON Schema; null: anything
   */
  public record Shape(Map<String, Object> params, Type result) {}

  @Override
  public Meaning bare(String name) {
    if (library.containsKey(name)) {
      return definition(name);
    }
    int dot = name.indexOf('.');
    if (dot > 0) {
      return call(name.substring(0, dot), name.substring(dot + 1));
    }
    if (adapters.containsKey(name)) {
      return call(name, "");
    }
    List<String> having =
        adapters.keySet().stream().filter(each -> has(each, name)).sorted().toList();
    if (having.size() == 1) {
      return new Meaning.Action(having.getFirst(), name);
    }
    if (having.size() > 1) {
      String both = String.join(" and ", having.stream().map(each -> each + "." + name).toList());
      return new Meaning.Missing(
          Code.AMBIGUOUS_NAME, "'" + name + "' is an action of " + both, "write one of them");
    }
    if (flows.contains(name)) {
      return versions.of(name, "");
    }
    return new Meaning.Missing(
        Code.UNKNOWN_STEP,
        "'" + name + "' is no definition, library step, adapter, action or flow",
        Nearest.hint(name, everything()));
  }

  @Override
  public Meaning definition(String name) {
    return library.containsKey(name)
        ? new Meaning.Definition(name, library.get(name))
        : new Meaning.Missing(
            Code.UNKNOWN_STEP,
            "there is no definition '" + name + "'",
            Nearest.hint(name, library.keySet()));
  }

  @Override
  public Meaning call(String adapter, String action) {
    Adapter known = adapters.get(adapter);
    if (known == null) {
      return new Meaning.Missing(
          Code.UNKNOWN_ADAPTER,
          "there is no adapter '" + adapter + "'",
          Nearest.hint(adapter, adapters.keySet()));
    }
    if (action.isEmpty() && known.defaultAction().isEmpty()) {
      return new Meaning.Missing(
          Code.NO_DEFAULT_ACTION,
          "the adapter '" + adapter + "' has no default action",
          "name one of " + sorted(known.actions()));
    }
    if (!action.isEmpty() && !known.actions().contains(action)) {
      String near = Nearest.hint(action, known.actions());
      return new Meaning.Missing(
          Code.UNKNOWN_ACTION,
          "the adapter '" + adapter + "' has no action '" + action + "'",
          near.isEmpty() ? "it has " + sorted(known.actions()) : near);
    }
    return new Meaning.Action(adapter, action.isEmpty() ? known.defaultAction() : action);
  }

  @Override
  public Meaning flow(String name, String range) {
    return flows.contains(name)
        ? versions.of(name, range)
        : new Meaning.Missing(
            Code.UNKNOWN_FLOW, "there is no flow '" + name + "'", Nearest.hint(name, flows));
  }

  @Override
  public Type result(String adapter, String action) {
    Shape shape = shape(adapter, action);
    return shape == null ? Type.ANY : shape.result();
  }

  @Override
  public Map<String, Object> params(String adapter, String action) {
    Shape shape = shape(adapter, action);
    return shape == null ? null : shape.params();
  }

  private Shape shape(String adapter, String action) {
    Adapter known = adapters.get(adapter);
    return known == null ? null : known.shapes().get(action);
  }

  private boolean has(String adapter, String action) {
    return adapters.get(adapter).actions().contains(action);
  }

  private static String sorted(Collection<String> names) {
    return String.join(", ", names.stream().sorted().limit(10).toList());
  }

  private List<String> everything() {
    List<String> all = new ArrayList<>(library.keySet());
    all.addAll(adapters.keySet());
    adapters.values().forEach(adapter -> all.addAll(adapter.actions()));
    all.addAll(flows);
    return all;
  }
}
