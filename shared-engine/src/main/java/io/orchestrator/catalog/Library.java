package io.orchestrator.catalog;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.StepValidation;
import io.orchestrator.store.Definition;
import io.orchestrator.store.DefinitionRows;
import io.orchestrator.store.FlowUses;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The steps that the flows of a tenant share. A flow keeps what a step was when it was published: a
 * change of the library counts for what is published after it.
 */
public final class Library {
  private static final int PAGE = 100;

  private final Catalog catalog;
  private final DefinitionRows rows;
  private final FlowUses uses;

  Library(Catalog catalog, DefinitionRows rows, FlowUses uses) {
    this.catalog = catalog;
    this.rows = rows;
    this.uses = uses;
  }

  /** What became of a wish to change the library. */
  public sealed interface Change {
    /** It is changed. */
    record Done(Definition step, List<Problem> warnings) implements Change {}

    /** The step has moved on to another revision. */
    record Stale(int revision) implements Change {}

    /** The text is wrong. */
    record Invalid(List<Problem> errors) implements Change {}

    /** These flows, and these other steps of the library, use it. */
    record InUse(List<String> flows, List<String> steps) implements Change {}
  }

  /** The newest revision, which may be a deleted one. */
  public Optional<Definition> get(String tenant, String name) {
    return rows.get(tenant, name);
  }

  /** Steps by name, from the one after {@code after} (empty: from the first). */
  public List<Definition> list(String tenant, String after, int limit) {
    return rows.list(tenant, after, limit);
  }

  /** What every step does, by its name. */
  Map<String, Object> bodies(String tenant) {
    Map<String, Object> bodies = new LinkedHashMap<>();
    for (Definition step : all(tenant)) {
      bodies.put(step.name(), Json.readStored(step.definition()));
    }
    return bodies;
  }

  private List<Definition> all(String tenant) {
    List<Definition> all = new ArrayList<>();
    List<Definition> page;
    do {
      page = rows.list(tenant, all.isEmpty() ? "" : all.getLast().name(), PAGE);
      all.addAll(page);
    } while (page.size() == PAGE);
    return all;
  }

  /**
   * Puts a step there.
   *
   * @param expected the revision that it follows, a deleted one too; 0 if the name is new
   * @param text what it does, as it stands in a flow's {@code define}
   */
  public Change put(String tenant, String name, int expected, byte[] text, String by) {
    StepValidation validation = validate(tenant, name, text);
    if (!validation.errors().isEmpty()) {
      return new Change.Invalid(validation.errors());
    }
    String source = new String(text, StandardCharsets.UTF_8);
    return rows.put(tenant, name, expected, Json.write(validation.body()), source, by)
        .<Change>map(step -> new Change.Done(step, validation.warnings()))
        .orElseGet(() -> stale(tenant, name));
  }

  private StepValidation validate(String tenant, String name, byte[] text) {
    Map<String, Object> others = new LinkedHashMap<>(bodies(tenant));
    others.remove(name);
    return StepValidation.validate(name, text, catalog.names(tenant, others));
  }

  /** Takes a step away that nobody would miss at the next publication. */
  public Change delete(String tenant, String name, int expected, String by) {
    List<String> flows = uses.ofStep(tenant, name);
    List<String> steps = stepsUsing(tenant, name);
    if (!flows.isEmpty() || !steps.isEmpty()) {
      return new Change.InUse(flows, steps);
    }
    return rows.delete(tenant, name, expected, by)
        .<Change>map(step -> new Change.Done(step, List.of()))
        .orElseGet(() -> stale(tenant, name));
  }

  private Change stale(String tenant, String name) {
    return new Change.Stale(rows.get(tenant, name).map(Definition::revision).orElse(0));
  }

  /** The flows that use a step, the first of them. */
  public List<String> flowsUsing(String tenant, String name) {
    return uses.ofStep(tenant, name);
  }

  /** The other steps of the library that use a step. */
  private List<String> stepsUsing(String tenant, String name) {
    Map<String, Object> bodies = bodies(tenant);
    List<String> using = new ArrayList<>();
    bodies.forEach(
        (other, body) -> {
          if (!other.equals(name) && names(tenant, bodies, other, body).contains(name)) {
            using.add(other);
          }
        });
    return using;
  }

  /** The library steps that a step names, as things are now. */
  private List<String> names(String tenant, Map<String, Object> bodies, String step, Object body) {
    byte[] text = Json.write(body).getBytes(StandardCharsets.UTF_8);
    return StepValidation.validate(step, text, catalog.names(tenant, bodies))
        .bindings()
        .values()
        .stream()
        .filter(Map.class::isInstance)
        .map(binding -> ((Map<?, ?>) binding).get("definition"))
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .toList();
  }
}
