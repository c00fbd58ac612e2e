package io.orchestrator.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What {@link CommitStatement} does, for the commonest group of all: one successor that has nothing
 * to do with waits. The server spends little more than half as long on it, and at a low load, where
 * groups have one member, that is most of a step's latency.
 */
final class LoneStatement {
  // No row is locked before the clock is read, and none needs to be: had another commit come
  // between, the revision would not fit.
  static final String SQL =
      """
      with timed as materialized (
        select m.owner, c.at,
      """
          + CommitStatement.TIMES
          + """
            from (select clock_timestamp() as at) c, (values (?::int8, ?::int8, ?::text, ?::bool)) as m (look_after, look_by, owner, ended)
          ), moved as (
            update executions e
            set revision = ?, status = ?, state = ?::json,
          """
          + CommitStatement.MOVED
          + """
            from timed t
            where e.id = ? and e.revision = ? and e.status <> 'quarantined'
            returning e.id, t.at
          )
          insert into transitions (execution, at, due, commit_id, revision, attempt, event, step, data)
          select w.id, w.at, w.at + r.due_after * interval '1 microsecond', ?, r.revision, r.attempt, r.event, r.step, r.data::json
          from moved w cross join unnest(?::int4[], ?::int2[], ?::text[], ?::text[], ?::text[], ?::int8[])
            as r (revision, attempt, event, step, data, due_after)
          returning (extract(epoch from at) * 1000000)::int8
          """;

  private LoneStatement() {}

  static boolean fits(List<Member> group) {
    Commit commit = group.getFirst().commit;
    return group.size() == 1
        && group.getFirst().told == null
        && commit.opening() == null
        && commit.answered() == null
        && commit.opened().isEmpty()
        && commit.searched().isEmpty()
        && commit.halted() == null
        && commit.closed().isEmpty()
        && commit.posted().isEmpty();
  }

  /** Executes it, in a transaction of its own. */
  static CommitStatement.Answer execute(Connection connection, Member member) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL)) {
      bind(connection, statement, member);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new CommitStatement.Answer(
                Sql.ofMicros(row.getLong(1)), Set.of(member.commit.execution()))
            : new CommitStatement.Answer(Instant.EPOCH, Set.of());
      }
    }
  }

  private static void bind(Connection connection, PreparedStatement statement, Member member)
      throws SQLException {
    Commit commit = member.commit;
    Commit.Head head = commit.head();
    List<Commit.Row> rows = commit.rows();
    Integer[] revisions = new Integer[rows.size()];
    for (int i = 0; i < revisions.length; i++) {
      revisions[i] = commit.expected() + 1 + i;
    }
    statement.setObject(1, Sql.micros(head.lookAfter()), Types.BIGINT);
    statement.setObject(2, Sql.micros(head.lookBy()), Types.BIGINT);
    statement.setString(3, head.owner());
    statement.setBoolean(4, head.ended());
    statement.setInt(5, commit.expected() + rows.size());
    statement.setString(6, head.status());
    statement.setString(7, head.state());
    statement.setObject(8, commit.execution());
    statement.setInt(9, commit.expected());
    statement.setLong(10, member.commitId);
    statement.setArray(11, connection.createArrayOf("int4", revisions));
    statement.setArray(12, array(connection, "int2", rows, row -> (short) row.attempt()));
    statement.setArray(13, array(connection, "text", rows, Commit.Row::event));
    statement.setArray(14, array(connection, "text", rows, Commit.Row::step));
    statement.setArray(15, array(connection, "text", rows, Commit.Row::data));
    statement.setArray(16, array(connection, "int8", rows, row -> Sql.micros(row.dueAfter())));
  }

  private static Array array(
      Connection connection, String type, List<Commit.Row> rows, Function<Commit.Row, Object> field)
      throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(field).toArray());
  }
}
