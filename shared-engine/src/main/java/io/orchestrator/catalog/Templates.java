package io.orchestrator.catalog;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.Code;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.Node;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.store.Definition;
import io.orchestrator.store.DefinitionRows;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The templates of the tenants, from which flows are made. */
public final class Templates {
  private static final String SAMPLE = "sample";

  private final Catalog catalog;
  private final DefinitionRows rows;

  public Templates(Catalog catalog, DefinitionRows rows) {
    this.catalog = catalog;
    this.rows = rows;
  }

  /** What became of a wish to keep a template. */
  public sealed interface Change {
    /** It is kept. */
    record Done(Definition template) implements Change {}

    /** The template has moved on to another revision. */
    record Stale(int revision) implements Change {}

    /** The text is wrong. */
    record Invalid(List<Problem> errors) implements Change {}
  }

  /** What became of a wish to use one. */
  public sealed interface Use {
    /** The text of a new flow. */
    record Filled(String text) implements Use {}

    /** There is no such template. */
    record NoTemplate() implements Use {}

    /** The values do not fit. */
    record Misfit(List<Problem> errors) implements Use {}
  }

  /** The newest revision, which may be a deleted one. */
  public Optional<Definition> get(String tenant, String name) {
    return rows.get(tenant, name);
  }

  /** Templates by name, from the one after {@code after} (empty: from the first). */
  public List<Definition> list(String tenant, String after, int limit) {
    return rows.list(tenant, after, limit);
  }

  /** What a kept template says of itself: title, description and parameters. */
  public static Map<String, Object> about(Definition row) {
    FlowTemplate template = of(row);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("name", row.name());
    data.put("title", template.title());
    data.put("description", template.description());
    data.put("parameters", template.parameters());
    return data;
  }

  private static FlowTemplate of(Definition row) {
    Problems problems = new Problems();
    Node root = Document.of(Json.readStored(row.definition()), "").root();
    FlowTemplate template = FlowTemplate.read(root, problems);
    if (template == null) {
      throw new IllegalStateException(
          "the template " + row.name() + " cannot be read: " + problems.errors());
    }
    return template;
  }

  /**
   * Puts a template there. One that needs no values is tried out: what it makes must be a flow.
   *
   * @param expected the revision that it follows, a deleted one too; 0 if the name is new
   */
  public Change put(String tenant, String name, int expected, byte[] text, String by) {
    Problems problems = new Problems();
    Document document = Document.read(text, problems);
    FlowTemplate template = document == null ? null : FlowTemplate.read(document.root(), problems);
    if (template != null && !template.name().equals(name)) {
      problems.error(
          Code.BAD_VALUE,
          ((Node.Mapping) document.root()).get("template").spot(),
          "the text is of the template '" + template.name() + "', the address says '" + name + "'",
          "write template: " + name);
    }
    if (!problems.none()) {
      return new Change.Invalid(problems.errors());
    }
    List<Problem> flaws = template.hasDefaults() ? tried(tenant, template) : List.of();
    if (!flaws.isEmpty()) {
      return new Change.Invalid(flaws);
    }
    String source = new String(text, StandardCharsets.UTF_8);
    return rows.put(tenant, name, expected, Json.write(document.data()), source, by)
        .<Change>map(Change.Done::new)
        .orElseGet(() -> stale(tenant, name));
  }

  /** Where what it makes without values is no flow, as places of the template. */
  private List<Problem> tried(String tenant, FlowTemplate template) {
    byte[] flow = template.filled(SAMPLE, Map.of()).getBytes(StandardCharsets.UTF_8);
    FlowValidation validation = catalog.validate(tenant, flow);
    return validation.errors().stream()
        .map(p -> new Problem(p.code(), "/flow" + p.path(), 0, 0, p.message(), p.hint()))
        .toList();
  }

  /** Takes a template away; the flows made from it stay. */
  public Change delete(String tenant, String name, int expected, String by) {
    return rows.delete(tenant, name, expected, by)
        .<Change>map(Change.Done::new)
        .orElseGet(() -> stale(tenant, name));
  }

  private Change stale(String tenant, String name) {
    return new Change.Stale(rows.get(tenant, name).map(Definition::revision).orElse(0));
  }

  /** The text of a flow of that name. */
  public Use use(String tenant, String template, String name, Map<String, Object> values) {
    Optional<Definition> row = rows.get(tenant, template).filter(found -> !found.isDeleted());
    if (row.isEmpty()) {
      return new Use.NoTemplate();
    }
    FlowTemplate found = of(row.get());
    List<Problem> misfits = found.misfits(values);
    return misfits.isEmpty() ? new Use.Filled(found.filled(name, values)) : new Use.Misfit(misfits);
  }
}
