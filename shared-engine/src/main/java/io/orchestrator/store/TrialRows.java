package io.orchestrator.store;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** How trials do: counts what has ended, and ends those whose guard says so. */
public final class TrialRows {
  private static final int PURGED_MAX = 5_000;

  // Counted once: what tells of an end may come twice.
  private static final String COUNT =
      """
      with trial as (
        select began from trials
        where tenant = ? and flow = ? and ended_at is null and began_at <= ?::timestamptz and ? in (stable, version)
      ), fresh as (
        insert into variant_runs (execution, tenant, flow, began) select ?::uuid, ?, ?, began from trial
        on conflict do nothing
        returning tenant, flow, began
      )
      insert into variants as v (tenant, flow, began, version, runs, failures, goals)
      select tenant, flow, began, ?, 1, ?, ? from fresh
      on conflict on constraint variants_pkey do update
        set runs = v.runs + 1, failures = v.failures + excluded.failures, goals = v.goals + excluded.goals
      returning runs
      """;

  private static final String GOAL =
      "select goal from trials where tenant = ? and flow = ? and ended_at is null";

  static final String GUARD =
      """
      with bad as materialized (
        select t.tenant, t.flow, t.began, t.version, v.runs, v.failures, t.error_rate
        from trials t join variants v on v.tenant = t.tenant and v.flow = t.flow and v.began = t.began and v.version = t.version
        where t.ended_at is null and t.min_runs is not null and v.runs >= t.min_runs and v.failures > t.error_rate * v.runs
      ), moved as (
        update flows f set canary = null, revision = f.revision + 1, updated_at = clock_timestamp(), updated_by = ?
        from bad b where f.tenant = b.tenant and f.flow = b.flow and f.canary is not null
        returning f.tenant, f.flow, f.stable, f.revision, b.began, b.version, b.runs, b.failures, b.error_rate
      ), ended as (
        update trials t set ended_at = clock_timestamp(), outcome = 'rolled_back',
          note = format('%s of %s runs failed, more than the %s %% of the guard', m.failures, m.runs, trim_scale(m.error_rate * 100))
        from moved m where t.tenant = m.tenant and t.flow = m.flow and t.began = m.began
        returning t.tenant, t.flow, t.began, t.note
      )
      select m.tenant, m.flow, m.stable, m.revision, m.version, m.runs, m.failures, e.note
      from moved m join ended e on e.tenant = m.tenant and e.flow = m.flow and e.began = m.began
      """;

  private static final String PURGE =
      """
      delete from variant_runs where execution = any(array(
        select r.execution from variant_runs r join trials t on t.tenant = r.tenant and t.flow = r.flow and t.began = r.began
        where t.ended_at < clock_timestamp() - interval '1 hour' limit ?))
      returning execution
      """;

  private static final String LATEST =
      """
      select began, stable, version, goal, error_rate, min_runs, began_at, began_by, ended_at, outcome, note
      from trials where tenant = ? and flow = ? order by began desc limit 1
      """;

  private static final String FIGURES =
      """
      select version, runs, failures, goals from variants where tenant = ? and flow = ? and began = ? order by version
      """;

  private final DataSource source;
  private final Tenancy tenancy;

  /** Trials there; counting and guarding need the engine's role. */
  public TrialRows(DataSource source) {
    this.source = source;
    this.tenancy = new Tenancy(source);
  }

  /** How an execution ended. */
  public record End(
      UUID execution, String version, Instant startedAt, boolean failed, boolean goal) {}

  /** How the runs of a version went. */
  public record Figures(String version, long runs, long failures, long goals) {}

  /**
   * A trial.
   *
   * @param began the flow's revision that began it
   * @param outcome {@code promoted}, {@code ended}, {@code rolled_back}; null while it lasts
   * @param note why it was rolled back
   */
  public record Trial(
      int began,
      String stable,
      String version,
      String goal,
      BigDecimal errorRate,
      Integer minRuns,
      Instant beganAt,
      String beganBy,
      Instant endedAt,
      String outcome,
      String note,
      List<Figures> figures) {

    Trial with(List<Figures> counted) {
      return new Trial(
          began,
          stable,
          version,
          goal,
          errorRate,
          minRuns,
          beganAt,
          beganBy,
          endedAt,
          outcome,
          note,
          List.copyOf(counted));
    }
  }

  /** A trial that its guard has ended. */
  public record RolledBack(
      String tenant,
      String flow,
      String stable,
      int revision,
      String version,
      long runs,
      long failures,
      String note) {
    private AuditEntry entry(String by) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("revision", (long) revision);
      details.put("from", version);
      details.put("to", stable);
      details.put("note", note);
      return AuditEntry.done(tenant, by, "flow.rollback", "flow:" + flow, details);
    }
  }

  /** The goal of the flow's trial, empty for a trial without one; nothing if it has no trial. */
  public Optional<String> goal(String tenant, String flow) {
    return tenancy.first(tenant, GOAL, row -> row.getString(1), tenant, flow);
  }

  /** Counts an execution that began in the flow's trial; again, it changes nothing. */
  public void count(String tenant, String flow, End end) {
    tenancy.list(
        tenant,
        COUNT,
        row -> row.getLong(1),
        tenant,
        flow,
        end.startedAt(),
        end.version(),
        end.execution(),
        tenant,
        flow,
        end.version(),
        end.failed() ? 1 : 0,
        end.goal() ? 1 : 0);
  }

  /** Takes the canaries out of the routes whose guard says so, of all tenants. */
  public List<RolledBack> guard(String by) {
    return Sql.repeatable(
        source,
        "guarding trials",
        connection -> {
          connection.setAutoCommit(false);
          List<RolledBack> all = Sql.list(connection, GUARD, TrialRows::rolledBack, by);
          for (RolledBack back : all) {
            AuditRows.append(connection, back.entry(by));
          }
          connection.commit();
          return all;
        });
  }

  /** Forgets which executions of trials that are over were counted. Returns how many it forgot. */
  public int purge() {
    return Sql.repeatable(
            source,
            "purging what trials have counted",
            connection -> Sql.list(connection, PURGE, row -> row.getString(1), PURGED_MAX))
        .size();
  }

  /** The flow's trial that began last, with the figures of its versions. */
  public Optional<Trial> latest(String tenant, String flow) {
    return tenancy.transaction(
        tenant,
        connection -> {
          Optional<Trial> trial = Sql.first(connection, LATEST, TrialRows::trial, tenant, flow);
          if (trial.isEmpty()) {
            return trial;
          }
          List<Figures> figures =
              Sql.list(connection, FIGURES, TrialRows::figures, tenant, flow, trial.get().began());
          return Optional.of(trial.get().with(figures));
        });
  }

  private static Trial trial(ResultSet row) throws SQLException {
    return new Trial(
        row.getInt("began"),
        row.getString("stable"),
        row.getString("version"),
        row.getString("goal"),
        row.getBigDecimal("error_rate"),
        row.getObject("min_runs", Integer.class),
        Sql.instant(row, "began_at"),
        row.getString("began_by"),
        Sql.instant(row, "ended_at"),
        row.getString("outcome"),
        row.getString("note"),
        List.of());
  }

  private static Figures figures(ResultSet row) throws SQLException {
    return new Figures(
        row.getString("version"),
        row.getLong("runs"),
        row.getLong("failures"),
        row.getLong("goals"));
  }

  private static RolledBack rolledBack(ResultSet row) throws SQLException {
    return new RolledBack(
        row.getString("tenant"),
        row.getString("flow"),
        row.getString("stable"),
        row.getInt("revision"),
        row.getString("version"),
        row.getLong("runs"),
        row.getLong("failures"),
        row.getString("note"));
  }
}
