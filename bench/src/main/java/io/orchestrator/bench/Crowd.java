package io.orchestrator.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A tenant with a lot: executions that ended over the last weeks, and flows. */
@SuppressWarnings("InlineFormatString") // Statements stand together, away from what executes them.
final class Crowd {
  static final String TENANT = "crowd";

  // One in a hundred has failed, a thousand wait; of 200 flows, each with two versions.
  private static final String EXECUTIONS =
      """
      insert into executions (id, started_at, ended_at, due_at, wake_at, revision, tenant, flow, version, status, state)
      select uuid_floor(x.at), x.at, case when not x.waits then x.at + interval '1 second' end, case when x.waits then x.later end,
        case when x.waits then x.later else x.at end, 3, '%1$s', 'flow-' || x.i %% 200,
        case when x.i / 200 %% 10 = 0 then '2.0.0' else '1.0.0' end,
        case when x.waits then 'waiting' when x.i %% 100 = 7 then 'failed' else 'completed' end, '{}'
      from (select i, i %% %3$d = 0 as waits, now() + interval '1 day' as later,
          now() - interval '20 days' * (i::float8 / %2$d) as at
        from generate_series(1, %2$d) as i) x
      """;

  private static final String HALTED =
      """
      insert into halted (execution, tenant, flow, version, status, at, fingerprint, type, message)
      select id, tenant, flow, version, status, ended_at, lpad(to_hex(hashtext(flow) & 255), 16, '0'), 'adapter_unavailable',
        'the service is away'
      from executions where tenant = '%1$s' and status = 'failed'
      """;

  private static final String SEARCH =
      """
      insert into search_attributes (tenant, name, value, execution)
      select tenant, 'customer', 'c-' || (row_number() over ()) %% 20000, id from executions where tenant = '%1$s'
      """;

  private static final String FLOWS =
      """
      insert into flows (tenant, flow, revision, title, category, tags, owner, latest, stable, words)
      select '%1$s', 'flow-' || i, 1, 'Title ' || i, 'category-' || i %% 20, array['tag-' || i %% 50, 'all'], 'owner-' || i %% 100,
        '1.0.0', '1.0.0', array_to_tsvector(array['flow', i::text, 'title', 'word' || i %% 1000, 'common'])
      from generate_series(1, %2$d) as i
      """;

  private Crowd() {}

  static void fill(Postgres postgres, int executions, int flows) throws SQLException {
    try (Connection connection = DriverManager.getConnection(postgres.url(), postgres.user(), "");
        Statement statement = connection.createStatement()) {
      statement.execute("set statement_timeout = 0");
      int waitsEach = Math.max(1, executions / 1_000);
      statement.execute(EXECUTIONS.formatted(TENANT, executions, waitsEach));
      statement.execute(HALTED.formatted(TENANT));
      statement.execute(SEARCH.formatted(TENANT));
      statement.execute(FLOWS.formatted(TENANT, flows));
      statement.execute("vacuum analyze executions, halted, search_attributes, flows");
    }
  }
}
