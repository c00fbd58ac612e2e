package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A search by attributes reads by the index of values, however many executions there are. */
class SearchPlanTest {
  private static final String TENANT = "searching";

  private static TestDatabase database;

  @BeforeAll
  static void fill() throws SQLException {
    database = TestDatabase.create();
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into executions (id, started_at, ended_at, revision, tenant, flow, version, status, state)
          select uuid_floor(now() - i * interval '1 second'), now() - i * interval '1 second', now(), 1, '%s', 'orders', '1.0.0',
            'completed', '{}'
          from generate_series(1, 20000) as i
          """
              .formatted(TENANT));
      statement.execute(
          """
          insert into search_attributes (tenant, name, value, execution)
          select '%s', a.name, case a.name when 'order' then 'o-' || i else 'kind-' || i %% 3 end,
            uuid_floor(now() - i * interval '1 second')
          from generate_series(1, 20000) as i cross join (values ('order'), ('kind')) as a (name)
          """
              .formatted(TENANT));
      statement.execute("analyze executions, search_attributes");
    }
  }

  @AfterAll
  static void close() {
    database.close();
  }

  private static String plan(List<String> names, List<String> values) {
    List<String> lines =
        new Tenancy(database.api())
            .list(
                TENANT,
                "explain " + ExecutionReads.SEARCH,
                row -> row.getString(1),
                TENANT,
                names.getFirst(),
                values.getFirst(),
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                names.subList(1, names.size()),
                values.subList(1, values.size()),
                100);
    return String.join("\n", lines);
  }

  @Test
  void a_rare_value_is_looked_up() {
    assertThat(plan(List.of("order"), List.of("o-77")))
        .contains("search_attributes_by_value")
        .doesNotContain("Seq Scan on search_attributes", "Seq Scan on executions");
  }

  @Test
  void a_frequent_value_is_read_newest_first_without_sorting() {
    assertThat(plan(List.of("kind"), List.of("kind-1")))
        .contains("search_attributes_by_value")
        .doesNotContain("Seq Scan on search_attributes", "Seq Scan on executions", "->  Sort");
  }

  @Test
  void several_values_are_looked_up_one_after_the_other() {
    assertThat(plan(Arrays.asList("kind", "order"), Arrays.asList("kind-1", "o-77")))
        .contains("search_attributes_by_value", "search_attributes_pkey")
        .doesNotContain("Seq Scan on search_attributes", "Seq Scan on executions");
  }
}
