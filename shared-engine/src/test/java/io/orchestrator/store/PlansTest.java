package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The plans of the hot path, as the engine's role gets them while the tables are still empty, which
 * is when they are made.
 */
class PlansTest {
  private static final Pattern ONE_ID_OR_VALUE =
      Pattern.compile("(between |and |id = |execution = |id > )?\\?(::uuid)?(?!\\[|::)");

  private static TestDatabase database;

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
  }

  @AfterAll
  static void close() {
    database.close();
  }

  enum Hot {
    COMMIT(CommitStatement.SQL),
    LONE_COMMIT(LoneStatement.SQL),
    RENEW(PostgresExecutionStore.RENEW),
    CLAIM(PostgresExecutionStore.CLAIM),
    LOAD(PostgresExecutionStore.LOAD);

    final String sql;

    Hot(String sql) {
      this.sql = sql;
    }
  }

  @ParameterizedTest
  @EnumSource(Hot.class)
  void a_hot_statement_reads_its_own_partition_by_the_primary_key(Hot hot) throws SQLException {
    List<String> plan = plan(hot.sql);
    String text = String.join("\n", plan);
    assertThat(text)
        .doesNotContain(
            "Seq Scan on executions", "Seq Scan on transitions", "Seq Scan on waits", "Bitmap");
    assertThat(text).contains("Subplans Removed");
    List<String> scans =
        plan.stream()
            .filter(
                line -> line.contains("Scan") && line.matches(".* on (executions|transitions)_.*"))
            .toList();
    assertThat(scans).as(text).isNotEmpty().allMatch(line -> line.contains("_pkey"));
  }

  @Test
  void a_group_is_joined_with_its_rows_by_a_hash() throws SQLException {
    List<String> plan = plan(CommitStatement.SQL);
    for (String part : List.of("moved", "history")) {
      List<String> join = plan.subList(plan.indexOf("  CTE " + part), plan.size());
      String text = String.join("\n", join.subList(0, 20));
      assertThat(text).contains("Hash Join").doesNotContain("Join Filter");
    }
  }

  @ParameterizedTest
  @EnumSource(Sweep.class)
  void a_sweep_reads_by_indexes(Sweep sweep) throws SQLException {
    List<String> plan = plan(sweep.sql);
    String text = String.join("\n", plan);
    assertThat(text)
        .doesNotContain(
            "Seq Scan on executions", "Seq Scan on transitions", "Seq Scan on waits", "Bitmap");
    List<String> scans =
        plan.stream()
            .filter(
                line -> line.contains("Scan") && line.matches(".* on (executions|transitions)_.*"))
            .toList();
    assertThat(scans)
        .as(text)
        .isNotEmpty()
        .allMatch(line -> line.contains("_pkey") || line.contains("wake_at"));
    for (int i = 0; i < plan.size(); i++) {
      if (plan.get(i).contains("Index Scan")) {
        assertThat(plan.get(i + 1)).as(text).contains("Index Cond");
      }
    }
  }

  enum Sweep {
    DUE(Sweeps.DUE),
    PURGE(Sweeps.PURGE);

    final String sql;

    Sweep(String sql) {
      this.sql = sql;
    }
  }

  /** The generic plan, with an id of this month where one id is asked for and nothing elsewhere. */
  private static List<String> plan(String sql) throws SQLException {
    StringBuilder arguments = new StringBuilder();
    StringBuilder numbered = new StringBuilder();
    Matcher parameter =
        ONE_ID_OR_VALUE.matcher(sql.replaceAll("\\?(::(?:\\w+\\[\\]|(?!uuid)\\w+))", "#$1"));
    String marked =
        parameter.replaceAll(
            match ->
                match.group(1) != null
                    ? match.group(1) + "@" + (match.group(2) == null ? "" : "::uuid")
                    : "#" + (match.group(2) == null ? "" : "::uuid"));
    int count = 0;
    for (int i = 0; i < marked.length(); i++) {
      char c = marked.charAt(i);
      if (c == '#' || c == '@') {
        count++;
        numbered.append('$').append(count);
        arguments
            .append(count == 1 ? "" : ", ")
            .append(c == '@' ? "'" + Commits.id() + "'" : "null");
      } else {
        numbered.append(c);
      }
    }
    try (Connection connection = database.engine().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("deallocate all");
      statement.execute("prepare hot as " + numbered);
      return Sql.list(
          connection, "explain execute hot(" + arguments + ")", row -> row.getString(1));
    }
  }
}
