package io.orchestrator.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Executions by status. No index of the executions themselves has it, for every step changes it;
 * but those that have halted stand in a table of their own, and those that live are found by the
 * time at which somebody must look at them, which is never longer ago than the sweeper has come.
 */
final class StatusReads {
  private static final Set<String> HALTED =
      Set.of(
          "paused",
          "quarantined",
          "failed",
          "cancelled",
          "timed_out",
          "compensated",
          "compensation_failed");

  private static final Set<String> LIVING = Set.of("queued", "running", "waiting", "compensating");

  static final String HALTED_ONES =
      """
      select e.id, e.flow, e.version, e.status, e.revision, e.started_at, e.ended_at
      from unnest(?::text[]) as s (status) cross join lateral (
        select x.id, x.flow, x.version, x.status, x.revision, x.started_at, x.ended_at
        from halted h join executions x on x.id = h.execution
        where h.tenant = ? and h.status = s.status and x.status = s.status
          and (?::text is null or h.flow = ?::text) and (?::text is null or h.version = ?::text)
          and (?::timestamptz is null or x.started_at >= ?::timestamptz and h.execution >= uuid_floor(?::timestamptz - interval '1 hour'))
          and (?::timestamptz is null or x.started_at < ?::timestamptz and h.execution < uuid_floor(?::timestamptz + interval '1 hour'))
          and (?::uuid is null or h.execution < ?::uuid)
        order by h.execution desc limit ?) e
      order by e.id desc limit ?
      """;

  private static final String MARK = 
      "select greatest(swept_to(), timestamptz 'epoch' + interval '1 day') - interval '15 seconds' as mark";

  // All that lives is read before it is sorted: it is little beside all that has ended.
  static final String LIVING_ONES =
      """
      with living as materialized (
        select id, flow, version, status, revision, started_at, ended_at
        from executions
        where wake_at >= ?::timestamptz and tenant = ? and ended_at is null and status = any(?::text[])
          and (?::text is null or flow = ?::text) and (?::text is null or version = ?::text)
          and (?::timestamptz is null or started_at >= ?::timestamptz) and (?::timestamptz is null or started_at < ?::timestamptz)
          and (?::uuid is null or id < ?::uuid)
      )
      select id, flow, version, status, revision, started_at, ended_at from living order by id desc limit ?
      """;

  private final Tenancy tenancy;

  StatusReads(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /** Whether these are statuses that only some executions have. */
  static boolean finds(List<String> statuses) {
    return !statuses.isEmpty()
        && statuses.stream().allMatch(s -> HALTED.contains(s) || LIVING.contains(s));
  }

  /** Newest first. */
  List<ExecutionReads.Summary> list(String tenant, ExecutionReads.Query query) {
    List<String> halted = query.statuses().stream().filter(HALTED::contains).distinct().toList();
    List<String> living = query.statuses().stream().filter(LIVING::contains).distinct().toList();
    List<ExecutionReads.Summary> all = new ArrayList<>();
    if (!halted.isEmpty()) {
      all.addAll(halted(tenant, query, halted));
    }
    if (!living.isEmpty()) {
      all.addAll(living(tenant, query, living));
    }
    all.sort(Comparator.comparing(ExecutionReads.Summary::id, Sql.ID_ORDER).reversed());
    return List.copyOf(all.subList(0, Math.min(query.limit(), all.size())));
  }

  private List<ExecutionReads.Summary> halted(
      String tenant, ExecutionReads.Query query, List<String> statuses) {
    return tenancy.list(
        tenant,
        HALTED_ONES,
        ExecutionReads::summary,
        statuses,
        tenant,
        query.flow(),
        query.flow(),
        query.version(),
        query.version(),
        query.from(),
        query.from(),
        query.from(),
        query.to(),
        query.to(),
        query.to(),
        query.after(),
        query.after(),
        query.limit(),
        query.limit());
  }

  private List<ExecutionReads.Summary> living(
      String tenant, ExecutionReads.Query query, List<String> statuses) {
    // A value that the planner sees, so that it knows how little is left.
    Instant mark =
        tenancy.first(tenant, MARK, row -> Sql.instant(row, "mark")).orElse(Instant.EPOCH);
    return tenancy.list(
        tenant,
        LIVING_ONES,
        ExecutionReads::summary,
        mark,
        tenant,
        statuses,
        query.flow(),
        query.flow(),
        query.version(),
        query.version(),
        query.from(),
        query.from(),
        query.to(),
        query.to(),
        query.after(),
        query.after(),
        query.limit());
  }
}
