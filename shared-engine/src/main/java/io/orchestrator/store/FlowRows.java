package io.orchestrator.store;

import io.orchestrator.expression.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The flows of the tenants and their versions. Every change bites only at the expected revision of
 * the flow, and raises it by one. {@link FlowPublishing} makes new ones, {@link FlowRoutes} says
 * which of their versions starts take.
 */
public final class FlowRows {
  /** As {@code expected}: whatever the revision is. */
  public static final int ANY = -1;

  static final String COLUMNS =
      """
      flow, revision, title, description, category, tags, owner, latest, stable, canary, draft, created_at, updated_at, updated_by, retired_at, previous
      """;

  private static final String CHANGED =
      """
      , revision = revision + 1, updated_at = clock_timestamp(), updated_by = ?
        where tenant = ? and flow = ? and (? = -1 or revision = ?)
        returning %s
      """
          .formatted(COLUMNS);

  private static final String DRAFT = "update flows set draft = ?::text" + CHANGED;
  private static final String GET =
      "select %s from flows where tenant = ? and flow = ?".formatted(COLUMNS);

  private static final String NAMES =
      "select flow from flows where tenant = ? and flow > ? and retired_at is null order by flow"
          + " limit ?";

  private static final String VERSION_COLUMNS =
      "version, ordinal, hash, source, format, plan, published_at, published_by";

  private static final String VERSION =
      "select %s from flow_versions where tenant = ? and flow = ? and version = ?"
          .formatted(VERSION_COLUMNS);

  private static final String VERSIONS =
      "select %s from flow_versions where tenant = ? and flow = ? and ordinal < ? order by ordinal desc limit ?"
          .formatted(VERSION_COLUMNS);

  private static final String LISTENERS =
      """
      select l.flow, l.version from listeners l
        join flows f on f.tenant = l.tenant and f.flow = l.flow and f.stable = l.version
      where l.tenant = ? and l.topic = ? and f.retired_at is null
      order by l.flow
      """;

  // An end is told to flows that listen to it, and counted while the flow has a trial.
  private static final String MAY_LISTEN =
      """
      select exists (select from listeners l join flows f on f.tenant = l.tenant and f.flow = l.flow and f.stable = l.version
          where l.tenant = ? and l.topic = ? and f.retired_at is null)
        or exists (select from flows where tenant = ? and flow = ? and canary is not null)
      """;

  private static final String HOOK =
      """
      select p.flow from webhook_paths p join flows f on f.tenant = p.tenant and f.flow = p.flow
      where p.tenant = ? and p.path = ? and f.retired_at is null
      """;

  private final Tenancy tenancy;

  /** Flows there; the role is the API's or the engine's. */
  public FlowRows(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /** Makes new flows and new versions there. */
  public FlowPublishing publishing() {
    return new FlowPublishing(tenancy);
  }

  /** Says there which versions starts take, and retires. */
  public FlowRoutes routes() {
    return new FlowRoutes(tenancy);
  }

  /** Knows there who uses what. */
  public FlowUses uses() {
    return new FlowUses(tenancy);
  }

  /** Keeps a draft. Empty if the flow is not at the expected revision. */
  public Optional<FlowRow> draft(
      String tenant, String flow, int expected, String draft, String by) {
    return changed(tenant, "flow.draft", by, DRAFT, draft, by, tenant, flow, expected, expected);
  }

  /** Changes a flow and tells the audit trail. */
  private Optional<FlowRow> changed(
      String tenant, String action, String by, String sql, Object... parameters) {
    return tenancy.transaction(
        tenant,
        connection -> {
          Optional<FlowRow> flow = Sql.first(connection, sql, FlowRows::flow, parameters);
          if (flow.isPresent()) {
            AuditRows.append(connection, entry(tenant, action, by, flow.get()));
          }
          return flow;
        });
  }

  /** What the audit trail is told of a change of a flow. */
  static AuditEntry entry(String tenant, String action, String by, FlowRow flow) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("revision", (long) flow.revision());
    details.put("latest", flow.latest());
    details.put("stable", flow.stable());
    details.put("canary", flow.canary() == null ? null : Json.readStored(flow.canary()));
    details.put("draft", flow.draft() != null);
    return AuditEntry.done(tenant, by, Acting.actionOr(action), "flow:" + flow.flow(), details);
  }

  /** The flow, a retired one too. */
  public Optional<FlowRow> get(String tenant, String flow) {
    return tenancy.first(tenant, GET, FlowRows::flow, tenant, flow);
  }

  /** The names of flows that are not retired, after that one. */
  public List<String> names(String tenant, String after, int limit) {
    return tenancy.list(tenant, NAMES, row -> row.getString(1), tenant, after, limit);
  }

  /** A version with everything. */
  public Optional<FlowRow.Version> version(String tenant, String flow, String version) {
    return tenancy.first(tenant, VERSION, FlowRows::version, tenant, flow, version);
  }

  /**
   * Versions, the newest first, from the one before that ordinal ({@code Integer.MAX_VALUE}: from
   * the newest).
   */
  public List<FlowRow.Version> versions(String tenant, String flow, int before, int limit) {
    return tenancy.list(tenant, VERSIONS, FlowRows::version, tenant, flow, before, limit);
  }

  /** A flow and the version of it that starts take, whose text listens to something. */
  public record Listening(String flow, String version) {}

  /** Who listens to a topic now. */
  public List<Listening> listeners(String tenant, String topic) {
    return tenancy.list(
        tenant,
        LISTENERS,
        row -> new Listening(row.getString("flow"), row.getString("version")),
        tenant,
        topic);
  }

  /**
   * Whether the end of an execution of that flow matters to anybody: flows that it starts, or a
   * trial.
   *
   * @param topic under which flows listen to it
   */
  public boolean mayListen(String tenant, String topic, String flow) {
    return tenancy
        .first(tenant, MAY_LISTEN, row -> row.getBoolean(1), tenant, topic, tenant, flow)
        .orElse(false);
  }

  /** The flow to which a webhook path belongs. */
  public Optional<String> hook(String tenant, String path) {
    return tenancy.first(tenant, HOOK, row -> row.getString(1), tenant, path);
  }

  static FlowRow flow(ResultSet row) throws SQLException {
    List<String> tags = Arrays.asList((String[]) row.getArray("tags").getArray());
    return new FlowRow(
        row.getString("flow"),
        row.getInt("revision"),
        new FlowRow.Meta(
            row.getString("title"),
            row.getString("description"),
            row.getString("category"),
            tags,
            row.getString("owner")),
        row.getString("latest"),
        row.getString("stable"),
        row.getString("canary"),
        row.getString("draft"),
        Sql.instant(row, "created_at"),
        Sql.instant(row, "updated_at"),
        row.getString("updated_by"),
        Sql.instant(row, "retired_at"),
        row.getString("previous"));
  }

  private static FlowRow.Version version(ResultSet row) throws SQLException {
    return new FlowRow.Version(
        row.getString("version"),
        row.getInt("ordinal"),
        row.getString("hash"),
        row.getString("source"),
        row.getString("format"),
        row.getString("plan"),
        Sql.instant(row, "published_at"),
        row.getString("published_by"),
        List.of());
  }
}
