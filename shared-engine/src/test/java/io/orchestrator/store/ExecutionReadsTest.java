package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ExecutionReadsTest {
  private static TestDatabase database;
  private static HikariDataSource api;
  private static ExecutionStore store;
  private static ExecutionReads reads;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
    api = database.api();
    store = new PostgresExecutionStore(database.engine());
    reads = new ExecutionReads(api);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static UUID started(String tenant, String flow) {
    UUID id = Commits.id();
    Commit start = Commits.start(id);
    store.commit(
        new Commit(
            id,
            0,
            start.head(),
            start.rows(),
            List.of(),
            null,
            new Commit.Opening(tenant, flow, "1.0.0", null)));
    return id;
  }

  private static ExecutionReads.Query query(
      String flow, List<String> statuses, UUID after, int limit) {
    return new ExecutionReads.Query(flow, statuses, null, null, after, limit);
  }

  private static List<UUID> ids(String tenant, ExecutionReads.Query query) {
    return reads.list(tenant, query).stream().map(ExecutionReads.Summary::id).toList();
  }

  @Test
  void lists_are_newest_first_and_page_by_the_last_id() {
    List<UUID> newestFirst = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      newestFirst.addFirst(started("pages", "f"));
    }
    List<UUID> first = ids("pages", query(null, List.of(), null, 4));
    assertThat(first).isEqualTo(newestFirst.subList(0, 4));
    assertThat(ids("pages", query(null, List.of(), first.getLast(), 4)))
        .isEqualTo(newestFirst.subList(4, 7));
  }

  @Test
  void lists_are_filtered_by_flow_status_and_time() {
    UUID a = started("filters", "a");
    UUID b = started("filters", "b");
    store.commit(Commits.end(b, 1));
    assertThat(ids("filters", query("a", List.of(), null, 10))).containsExactly(a);
    assertThat(ids("filters", query(null, List.of("completed", "failed"), null, 10)))
        .containsExactly(b);
    assertThat(ids("filters", query("a", List.of("completed"), null, 10))).isEmpty();
    Instant between = reads.head("filters", b).orElseThrow().startedAt();
    assertThat(ids("filters", new ExecutionReads.Query(null, List.of(), between, null, null, 10)))
        .containsExactly(b);
    assertThat(ids("filters", new ExecutionReads.Query(null, List.of(), null, between, null, 10)))
        .containsExactly(a);
    assertThat(reads.list("filters", query("b", List.of(), null, 10)).getFirst())
        .returns("1.0.0", ExecutionReads.Summary::version)
        .returns(3, ExecutionReads.Summary::revision)
        .returns("completed", ExecutionReads.Summary::status)
        .satisfies(summary -> assertThat(summary.endedAt()).isNotNull());
  }

  @Test
  void another_tenants_executions_do_not_exist() throws SQLException {
    UUID theirs = started("them", "f");
    assertThat(reads.head("us", theirs)).isEmpty();
    assertThat(reads.history("us", theirs, 0, 10)).isEmpty();
    assertThat(ids("us", query(null, List.of(), null, 10))).isEmpty();
    assertThat(reads.head("them", theirs)).isPresent();
    assertThat(reads.history("them", theirs, 0, 10)).hasSize(1);
    try (Connection connection = api.getConnection()) {
      for (String table :
          List.of("executions", "transitions", "waits", "flows", "adapters", "audit")) {
        assertThat(Sql.list(connection, "select 1 from " + table, row -> row.getInt(1)))
            .as("%s without a tenant", table)
            .isEmpty();
      }
    }
  }

  @Test
  void the_api_changes_no_execution_and_nobody_changes_the_audit() throws SQLException {
    UUID id = started("us", "f");
    try (Connection connection = api.getConnection()) {
      for (String sql :
          List.of(
              "update executions set revision = 9",
              "delete from transitions",
              "insert into waits select * from waits",
              "delete from audit",
              "select swept_to from sweep_mark",
              "select make_partitions()")) {
        assertThatThrownBy(() -> Sql.list(connection, sql, row -> row))
            .as(sql)
            .hasMessageContaining("permission denied");
      }
    }
    try (Connection connection = database.engine().getConnection()) {
      assertThatThrownBy(() -> Sql.list(connection, "update audit set actor = 'x'", row -> row))
          .hasMessageContaining("permission denied");
    }
    assertThat(store.load(id)).isPresent();
  }

  @Test
  void every_reading_has_its_own_tenant_also_by_a_connection_that_served_another() {
    UUID mine = started("one", "f");
    UUID theirs = started("two", "f");
    for (int i = 0; i < 20; i++) {
      assertThat(ids("one", query(null, List.of(), null, 10))).containsExactly(mine);
      assertThat(ids("two", query(null, List.of(), null, 10))).containsExactly(theirs);
      assertThat(reads.head("one", theirs)).isEmpty();
      assertThat(reads.head("two", theirs)).isPresent();
    }
  }

  @Test
  void the_history_pages_by_revision() {
    UUID id = started("history", "f");
    store.commit(Commits.step(id, 1, "a"));
    store.commit(Commits.end(id, 2));
    assertThat(reads.history("history", id, 0, 3))
        .extracting(Stored.Line::revision)
        .containsExactly(1, 2, 3);
    assertThat(reads.history("history", id, 3, 3))
        .extracting(Stored.Line::event)
        .containsExactly("completed");
  }

  @Test
  void the_roles_carry_their_limits() throws SQLException {
    for (HikariDataSource pool : List.of(api, database.engine())) {
      try (Connection connection = pool.getConnection()) {
        String limits =
            """
            select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' '
              || current_setting('idle_in_transaction_session_timeout')
            """;
        assertThat(Sql.first(connection, limits, row -> row.getString(1))).contains("5s 2s 10s");
      }
    }
  }
}
