package io.orchestrator.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Says which versions starts take, begins and ends trials with that, and retires flows. Each change
 * is one transaction and bites at the expected revision only.
 */
public final class FlowRoutes {
  private static final String ROUTE =
      """
      update flows set previous = case when stable is distinct from ?::text then stable else previous end, stable = ?::text, canary = ?::json,
        revision = revision + 1, updated_at = clock_timestamp(), updated_by = ?
      where tenant = ? and flow = ? and retired_at is null and (? = -1 or revision = ?)
      returning %s
      """
          .formatted(FlowRows.COLUMNS);

  private static final String RETIRE =
      """
      update flows set retired_at = clock_timestamp(), canary = null, revision = revision + 1, updated_at = clock_timestamp(), updated_by = ?
      where tenant = ? and flow = ? and retired_at is null and (? = -1 or revision = ?)
      returning %s
      """
          .formatted(FlowRows.COLUMNS);

  private static final String LEAVE_PATHS =
      "delete from webhook_paths where tenant = ? and flow = ? returning path";

  private static final String GOES_ON =
      """
      update trials set error_rate = ?::numeric, min_runs = ?::int4
      where tenant = ? and flow = ? and ended_at is null and stable = ? and version = ? and goal = ?
      returning began
      """;

  private static final String END =
      """
      update trials set ended_at = clock_timestamp(), outcome = case when version = ?::text then 'promoted' else 'ended' end
      where tenant = ? and flow = ? and ended_at is null
      returning began
      """;

  private static final String BEGIN =
      """
      insert into trials (tenant, flow, began, stable, version, goal, error_rate, min_runs, began_by)
      values (?, ?, ?, ?, ?, ?, ?::numeric, ?::int4, ?)
      returning began
      """;

  private final Tenancy tenancy;

  FlowRoutes(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /**
   * Which versions starts take.
   *
   * @param stable null: none
   * @param canary JSON; null without one
   * @param trial what the canary means; null without one
   * @param paths the webhook paths of the stable version
   * @param schedules those of the stable version
   */
  public record Route(
      String stable,
      String canary,
      Trial trial,
      List<String> paths,
      List<ScheduleRows.Written> schedules,
      String by) {
    public Route {
      paths = List.copyOf(paths);
      schedules = List.copyOf(schedules);
    }

    /** Without schedules. */
    public Route(String stable, String canary, Trial trial, List<String> paths, String by) {
      this(stable, canary, trial, paths, List.of(), by);
    }
  }

  /**
   * A version that some starts take.
   *
   * @param goal an expression; empty without
   * @param errorRate the share of failed runs above which it is over; null without a guard
   * @param minRuns from so many runs on; null without a guard
   */
  public record Trial(String version, String goal, BigDecimal errorRate, Integer minRuns) {}

  /** What became of a wish to retire a flow. */
  public sealed interface Retirement {
    /** It is. */
    record Done(FlowRow flow) implements Retirement {}

    /** It is not at the expected revision, or not there any more. */
    record Refused() implements Retirement {}

    /** These flows use it. */
    record InUse(List<String> users) implements Retirement {}
  }

  /** Sets the route: {@code Made}, {@code Refused} or {@code PathTaken}. */
  public FlowWrite route(String tenant, String flow, int expected, Route route) {
    return tenancy.transaction(
        tenant,
        connection -> {
          Optional<FlowRow> changed =
              Sql.first(
                  connection,
                  ROUTE,
                  FlowRows::flow,
                  route.stable(),
                  route.stable(),
                  route.canary(),
                  route.by(),
                  tenant,
                  flow,
                  expected,
                  expected);
          FlowWrite obstacle =
              changed.isEmpty()
                  ? new FlowWrite.Refused()
                  : FlowPublishing.taken(connection, tenant, flow, route.paths());
          if (obstacle != null) {
            connection.rollback();
            return obstacle;
          }
          FlowRow flowNow = changed.get();
          ScheduleRows.replace(connection, tenant, flow, route.stable(), route.schedules());
          trial(connection, tenant, flowNow, route);
          AuditRows.append(connection, FlowRows.entry(tenant, "flow.route", route.by(), flowNow));
          return new FlowWrite.Made(flowNow);
        });
  }

  /** The same trial goes on, or another one begins, or none is left. */
  private static void trial(Connection connection, String tenant, FlowRow flow, Route route)
      throws SQLException {
    Trial trial = route.trial();
    boolean goesOn =
        trial != null
            && Sql.first(
                    connection,
                    GOES_ON,
                    row -> row.getInt(1),
                    trial.errorRate(),
                    trial.minRuns(),
                    tenant,
                    flow.flow(),
                    route.stable(),
                    trial.version(),
                    trial.goal())
                .isPresent();
    if (goesOn) {
      return;
    }
    end(connection, tenant, flow.flow(), route.stable());
    if (trial != null) {
      Sql.list(
          connection,
          BEGIN,
          row -> row.getInt(1),
          tenant,
          flow.flow(),
          flow.revision(),
          route.stable(),
          trial.version(),
          trial.goal(),
          trial.errorRate(),
          trial.minRuns(),
          route.by());
    }
  }

  private static void end(Connection connection, String tenant, String flow, String stable)
      throws SQLException {
    Sql.list(connection, END, row -> row.getInt(1), stable, tenant, flow);
  }

  /** Retires a flow unless another one uses it; what runs goes on. */
  public Retirement retire(String tenant, String flow, int expected, String by) {
    return tenancy.transaction(
        tenant,
        connection -> {
          Optional<FlowRow> retired =
              Sql.first(connection, RETIRE, FlowRows::flow, by, tenant, flow, expected, expected);
          if (retired.isEmpty()) {
            return new Retirement.Refused();
          }
          List<String> users = FlowUses.ofFlow(connection, tenant, flow);
          if (!users.isEmpty()) {
            connection.rollback();
            return new Retirement.InUse(users);
          }
          Sql.list(connection, LEAVE_PATHS, row -> row.getString(1), tenant, flow);
          ScheduleRows.replace(connection, tenant, flow, null, List.of());
          end(connection, tenant, flow, null);
          AuditRows.append(connection, FlowRows.entry(tenant, "flow.retire", by, retired.get()));
          return new Retirement.Done(retired.get());
        });
  }
}
