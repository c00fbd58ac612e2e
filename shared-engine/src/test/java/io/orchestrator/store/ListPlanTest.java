package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A list of executions by flow, version, status or time reads by an index, however many there are.
 */
class ListPlanTest {
  private static final String TENANT = "listing";
  private static final List<String> NO_SCAN =
      List.of("Seq Scan on executions", "Seq Scan on halted", "Bitmap");

  private static TestDatabase database;
  private static Tenancy tenancy;

  /** Of twenty thousand one in a hundred has failed, a fifth was cancelled, fifty live. */
  @BeforeAll
  static void fill() throws SQLException {
    database = TestDatabase.create();
    tenancy = new Tenancy(database.api());
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into executions (id, started_at, ended_at, due_at, wake_at, revision, tenant, flow, version, status, state)
          select uuid_floor(x.at), x.at, case when x.i > 50 then now() end, case when x.i <= 50 then now() end,
            case when x.i <= 50 then now() else x.at end, 1, '%s', 'flow-' || x.i %% 20,
            case when x.i %% 10 = 0 then '2.0.0' else '1.0.0' end,
            case when x.i <= 50 then 'waiting' when x.i %% 100 = 1 then 'failed'
              when x.i %% 5 = 0 then 'cancelled' else 'completed' end, '{}'
          from (select i, now() - i * interval '1 second' as at from generate_series(1, 20000) as i) x
          """
              .formatted(TENANT));
      statement.execute(
          """
          insert into halted (execution, tenant, flow, version, status, at)
          select id, tenant, flow, version, status, ended_at from executions where status in ('failed', 'cancelled')
          """);
      statement.execute("analyze executions, halted");
    }
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static String plan(String flow, String version, Instant from, Instant to) {
    List<String> none = List.of();
    return explained(
        ExecutionReads.LIST,
        TENANT,
        flow,
        flow,
        version,
        version,
        none,
        none,
        from,
        from,
        from,
        to,
        to,
        to,
        null,
        null,
        21);
  }

  private static String explained(String sql, Object... parameters) {
    List<String> lines =
        tenancy.list(TENANT, "explain " + sql, row -> row.getString(1), parameters);
    return String.join("\n", lines);
  }

  @Test
  void all_of_a_tenant_are_read_newest_first_without_sorting() {
    assertThat(plan(null, null, null, null))
        .contains("Index")
        .doesNotContain("->  Sort")
        .doesNotContain(NO_SCAN);
  }

  @Test
  void a_flow_is_read_by_its_index_newest_first() {
    assertThat(plan("flow-7", null, null, null))
        .contains("tenant_flow_id_idx")
        .doesNotContain("->  Sort")
        .doesNotContain(NO_SCAN);
  }

  @Test
  void a_version_is_read_by_its_index_newest_first() {
    assertThat(plan("flow-10", "2.0.0", null, null))
        .contains("tenant_flow_version_id_idx")
        .doesNotContain("->  Sort")
        .doesNotContain(NO_SCAN);
  }

  @Test
  void a_span_of_time_bounds_the_ids_that_are_read() {
    Instant now = Instant.now();
    String plan = plan("flow-7", null, now.minusSeconds(9_000), now.minusSeconds(8_000));
    assertThat(plan).contains("Index Cond").doesNotContain("->  Sort").doesNotContain(NO_SCAN);
    assertThat(plan.lines().filter(line -> line.contains("Index Cond")).findFirst().orElse(""))
        .contains("id >=", "id <");
  }

  @Test
  void a_status_that_halts_is_read_by_the_table_of_what_has_halted() {
    String failed =
        explained(
            StatusReads.HALTED_ONES,
            List.of("failed"),
            TENANT,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            21,
            21);
    assertThat(failed).contains("halted_by_status").doesNotContain(NO_SCAN);
    String ofFlow =
        explained(
            StatusReads.HALTED_ONES,
            List.of("failed"),
            TENANT,
            "flow-1",
            "flow-1",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            21,
            21);
    assertThat(ofFlow).contains("halted_").doesNotContain(NO_SCAN);
  }

  @Test
  void a_status_that_lives_is_read_by_the_time_at_which_somebody_looks() {
    Instant mark = Instant.now().minusSeconds(15);
    String living =
        explained(
            StatusReads.LIVING_ONES,
            mark,
            TENANT,
            List.of("waiting"),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            21);
    assertThat(living).contains("wake_at_idx").doesNotContain("Seq Scan on executions");
  }
}
