package io.orchestrator.store;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The library step definitions of the tenants. */
public final class StepRows {
  private final DefinitionRows rows;

  /** Definitions there; the role is the API's or the engine's. */
  public StepRows(DataSource source) {
    this.rows = new DefinitionRows(source, "steps");
  }

  /**
   * Adds the next revision.
   *
   * @param expected the revision it follows, a deleted one too; 0 if the name is new
   * @return the new one; empty if the expected one is not the newest any more
   */
  public Optional<Definition> put(
      String tenant, String name, int expected, String definition, String source, String by) {
    return rows.put(tenant, name, expected, definition, source, by);
  }

  /**
   * Ends it by a revision without a definition. Empty if the expected one is not the newest any
   * more.
   */
  public Optional<Definition> delete(String tenant, String name, int expected, String by) {
    return rows.put(tenant, name, expected, null, null, by);
  }

  /** The newest revision, which may be a deleted one. */
  public Optional<Definition> get(String tenant, String name) {
    return rows.get(tenant, name, null);
  }

  /** A certain revision. */
  public Optional<Definition> get(String tenant, String name, int revision) {
    return rows.get(tenant, name, revision);
  }

  /**
   * The newest revisions of those that are not deleted, by name, from the one after {@code after}
   * (empty: from the first).
   */
  public List<Definition> list(String tenant, String after, int limit) {
    return rows.list(tenant, after, limit);
  }
}
