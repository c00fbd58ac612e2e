package io.orchestrator.flow;

import io.orchestrator.expression.Template;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A published version, ready to be followed: every name is resolved, every step has its path.
 * Immutable.
 */
public final class Plan {
  private final String flow;
  private final String version;
  private final String hash;
  private final List<Step> steps;
  private final Handlers onError;
  private final Template output;
  private final Template vars;
  private final TimeSpan timeout;
  private final Terms terms;
  private final boolean compensates;
  private final Masks masks;
  private final Map<String, Step> byPath = new LinkedHashMap<>();
  private final Map<String, Step> byId = new HashMap<>();

  /**
   * @param hash of the text's tree and the resolved names, lower-case hex
   * @param onError handlers of the whole flow, {@link Handlers#NONE} if it has none
   * @param output the flow's output; null: the output of the last top-level step
   * @param vars a map of first values; null if there are none
   * @param timeout of the whole execution; null if it has none
   * @param terms of its executions, {@link Terms#NONE} if it says nothing of them
   */
  public Plan(
      String flow,
      String version,
      String hash,
      List<Step> steps,
      Handlers onError,
      Template output,
      Template vars,
      TimeSpan timeout,
      Terms terms) {
    this.flow = flow;
    this.version = version;
    this.hash = hash;
    this.steps = List.copyOf(steps);
    this.onError = Objects.requireNonNull(onError);
    this.output = output;
    this.vars = vars;
    this.timeout = timeout;
    this.terms = Objects.requireNonNull(terms);
    index(this.steps);
    onError.clauses().forEach(clause -> index(clause.steps()));
    index(terms.onCancel());
    index(terms.atEnd());
    this.compensates = byPath.values().stream().anyMatch(s -> s.common().compensate() != null);
    this.masks = new Masks(this);
  }

  private void index(List<Step> some) {
    for (Step step : some) {
      if (byPath.put(step.path(), step) != null) {
        throw new IllegalArgumentException("two steps have the path " + step.path());
      }
      byId.putIfAbsent(step.id(), step);
      step.kind().blocks().forEach(this::index);
      step.common().onError().clauses().forEach(clause -> index(clause.steps()));
      if (step.common().compensate() != null) {
        index(List.of(step.common().compensate()));
      }
    }
  }

  /** The same plan where what these steps give is kept as it is, their {@code output} left out. */
  public Plan withoutOutputs(Collection<String> paths) {
    Plan plan = new Plan(flow, version, hash, steps, onError, output, vars, timeout, terms);
    for (String path : paths) {
      Step step = byPath.get(path);
      plan.byPath.put(
          path,
          new Step(step.id(), path, step.place(), step.kind(), step.common().withoutOutput()));
    }
    return plan;
  }

  public String flow() {
    return flow;
  }

  public String version() {
    return version;
  }

  public String hash() {
    return hash;
  }

  public List<Step> steps() {
    return steps;
  }

  public Handlers onError() {
    return onError;
  }

  /** The flow's output, null when it is the output of the last top-level step. */
  public Template output() {
    return output;
  }

  /** The first values of the variables, null when there are none. */
  public Template vars() {
    return vars;
  }

  /** How long an execution may take, null when there is no limit. */
  public TimeSpan timeout() {
    return timeout;
  }

  /** What the flow says of its executions as a whole. */
  public Terms terms() {
    return terms;
  }

  /** Whether a step says how it is undone. */
  public boolean compensates() {
    return compensates;
  }

  /** What nobody may see in clear. */
  public Masks masks() {
    return masks;
  }

  /** The step at a path, which may be that of an instance; null if the plan has none. */
  public Step at(String path) {
    return byPath.get(InstancePath.plain(path));
  }

  /** Every step, in the order of the text: what a step contains follows it. */
  public Collection<Step> everyStep() {
    return Collections.unmodifiableCollection(byPath.values());
  }

  /** The step with an id (ids are unique in a flow), null if the plan has none. */
  public Step named(String id) {
    return byId.get(id);
  }

  /** The ids of all steps. */
  public Set<String> ids() {
    return Collections.unmodifiableSet(byId.keySet());
  }

  /** The steps of the block that holds the given step, in order. */
  public List<Step> block(Step step) {
    Place place = step.place();
    if (place.slot() == Place.Slot.COMPENSATION) {
      return List.of(step);
    }
    if (place.parent().isEmpty() && place.slot() == Place.Slot.ON_CANCEL) {
      return terms.onCancel();
    }
    if (place.parent().isEmpty() && place.slot() == Place.Slot.FINALLY) {
      return terms.atEnd();
    }
    if (place.slot() == Place.Slot.HANDLER) {
      Handlers handlers =
          place.parent().isEmpty() ? onError : at(place.parent()).common().onError();
      return handlers.clauses().get(place.clause()).steps();
    }
    return place.parent().isEmpty()
        ? steps
        : at(place.parent()).kind().blocks().get(place.clause());
  }

  /** The step that follows the given one in its block, null if it is the last. */
  public Step next(Step step) {
    List<Step> block = block(step);
    int next = step.place().index() + 1;
    return next < block.size() ? block.get(next) : null;
  }
}
