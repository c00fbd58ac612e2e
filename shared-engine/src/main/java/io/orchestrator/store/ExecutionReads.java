package io.orchestrator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;

/** Executions as the API shows them: those of one tenant, under row-level security. */
public final class ExecutionReads {
  private static final String GET =
      """
      select id, tenant, flow, version, status, revision as head_revision, state, due_at, lease_owner, lease_until, strikes,
        traceparent, started_at, ended_at, clock_timestamp() as read_at
      from executions where tenant = ? and id = ?
      """;

  // Ids are ordered by time, so the bounds of time are bounds of ids too, with an hour for host
  // clocks that are wrong.
  static final String LIST =
      """
      select id, flow, version, status, revision, started_at, ended_at
      from executions
      where tenant = ? and (?::text is null or flow = ?::text) and (?::text is null or version = ?::text) and (cardinality(?::text[]) = 0 or status = any(?::text[]))
        and (?::timestamptz is null or started_at >= ?::timestamptz and id >= uuid_floor(?::timestamptz - interval '1 hour'))
        and (?::timestamptz is null or started_at < ?::timestamptz and id < uuid_floor(?::timestamptz + interval '1 hour'))
        and (?::uuid is null or id < ?::uuid)
      order by id desc limit ?
      """;

  // The first attribute leads through the index, newest first; the others are looked up for each.
  // They are read as values: an "exists" would be answered from a hash of all attributes there are.
  static final String SEARCH =
      """
      select e.id, e.flow, e.version, e.status, e.revision, e.started_at, e.ended_at
      from search_attributes s join executions e on e.id = s.execution
      where s.tenant = ? and s.name = ? and s.value = ? and (?::uuid is null or s.execution < ?::uuid)
        and (?::text is null or e.flow = ?::text) and (?::text is null or e.version = ?::text)
        and (cardinality(?::text[]) = 0 or e.status = any(?::text[]))
        and (?::timestamptz is null or e.started_at >= ?::timestamptz) and (?::timestamptz is null or e.started_at < ?::timestamptz)
        and not exists (select from unnest(?::text[], ?::text[]) as q (name, value) where (
          select true from search_attributes o where o.execution = s.execution and o.name = q.name and o.value = q.value) is null)
      order by s.execution desc limit ?
      """;

  private static final String HISTORY =
      """
      select t.revision, t.at, t.event, t.step, t.attempt, t.data, t.due
      from transitions t
      where t.execution = ? and t.revision > ? and exists (select from executions e where e.id = ? and e.tenant = ?)
      order by t.revision limit ?
      """;

  private static final String ATTRIBUTES =
      """
      select name, value from search_attributes where tenant = ? and execution = ? and value is not null
      """;

  private final Tenancy tenancy;

  /** Reads there; the role is the API's. */
  public ExecutionReads(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /** A line of a list. */
  public record Summary(
      UUID id,
      String flow,
      String version,
      String status,
      int revision,
      Instant startedAt,
      Instant endedAt) {}

  /**
   * Which executions.
   *
   * @param flow null: of all flows
   * @param version null: all versions
   * @param statuses empty: all
   * @param from started then or later; null: no bound
   * @param to started before; null: no bound
   * @param search values of search attributes, all of which it has
   * @param after the last id of the page before; null: the first page
   * @param limit 1 to 100
   */
  public record Query(
      String flow,
      String version,
      List<String> statuses,
      Instant from,
      Instant to,
      Map<String, String> search,
      UUID after,
      int limit) {

    /** Without search attributes. */
    public Query(
        String flow, List<String> statuses, Instant from, Instant to, UUID after, int limit) {
      this(flow, null, statuses, from, to, Map.of(), after, limit);
    }

    /** The page after an execution. */
    public Query after(UUID id, int most) {
      return new Query(flow, version, statuses, from, to, search, id, most);
    }

    public Query {
      statuses = List.copyOf(statuses);
      search = Map.copyOf(search);
      if (limit < 1 || limit > Limits.PAGE_MAX + 1) {
        throw new IllegalArgumentException(
            "a page has 1 to " + Limits.PAGE_MAX + " rows, not " + limit);
      }
    }
  }

  /** The head of an execution, without its history. */
  public Optional<Stored> head(String tenant, UUID execution) {
    return tenancy.first(
        tenant, GET, row -> PostgresExecutionStore.head(row, List.of()), tenant, execution);
  }

  /**
   * Newest first. One row more than a page may be asked for, to see whether there is a next one.
   */
  public List<Summary> list(String tenant, Query query) {
    if (!query.search.isEmpty()) {
      return search(tenant, query);
    }
    if (StatusReads.finds(query.statuses)) {
      return new StatusReads(tenancy).list(tenant, query);
    }
    return tenancy.list(
        tenant,
        LIST,
        ExecutionReads::summary,
        tenant,
        query.flow,
        query.flow,
        query.version,
        query.version,
        query.statuses,
        query.statuses,
        query.from,
        query.from,
        query.from,
        query.to,
        query.to,
        query.to,
        query.after,
        query.after,
        query.limit);
  }

  private List<Summary> search(String tenant, Query query) {
    List<String> names = new ArrayList<>(new TreeSet<>(query.search.keySet()));
    List<String> values = names.stream().map(query.search::get).toList();
    return tenancy.list(
        tenant,
        SEARCH,
        ExecutionReads::summary,
        tenant,
        names.getFirst(),
        values.getFirst(),
        query.after,
        query.after,
        query.flow,
        query.flow,
        query.version,
        query.version,
        query.statuses,
        query.statuses,
        query.from,
        query.from,
        query.to,
        query.to,
        names.subList(1, names.size()),
        values.subList(1, values.size()),
        query.limit);
  }

  static Summary summary(ResultSet row) throws SQLException {
    return new Summary(
        Sql.uuid(row, "id"),
        row.getString("flow"),
        row.getString("version"),
        row.getString("status"),
        row.getInt("revision"),
        Sql.instant(row, "started_at"),
        Sql.instant(row, "ended_at"));
  }

  /** The search attributes of an execution that have a value. */
  public Map<String, String> attributes(String tenant, UUID execution) {
    Map<String, String> attributes = new TreeMap<>();
    tenancy
        .list(
            tenant,
            ATTRIBUTES,
            row -> Map.entry(row.getString("name"), row.getString("value")),
            tenant,
            execution)
        .forEach(entry -> attributes.put(entry.getKey(), entry.getValue()));
    return attributes;
  }

  /**
   * The history after that revision (0: from the start), oldest first; empty too if the execution
   * is not the tenant's.
   */
  public List<Stored.Line> history(String tenant, UUID execution, int after, int limit) {
    return tenancy.list(
        tenant, HISTORY, PostgresExecutionStore::line, execution, after, execution, tenant, limit);
  }
}
