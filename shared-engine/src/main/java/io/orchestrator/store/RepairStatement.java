package io.orchestrator.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Stores a commit that an operator has ordered: it may move an execution to another version and
 * take it out of quarantine, which no other commit can. The head row is made ready for the commit in
 * the same transaction, so it happens together or not at all.
 */
final class RepairStatement {
  static final String READY =
      """
      update executions
      set version = coalesce(?, version), revision = ?, status = case when status = 'quarantined' then 'paused' else status end
      where id = ? and revision = ? and (status = 'quarantined') = ?
      """;

  private RepairStatement() {}

  static CommitStatement.Answer execute(Connection connection, Member member) throws SQLException {
    connection.setAutoCommit(false);
    try {
      CommitStatement.Answer answer =
          isReady(connection, member)
              ? CommitStatement.execute(connection, List.of(member))
              : new CommitStatement.Answer(Instant.EPOCH, Set.of());
      if (answer.written().isEmpty()) {
        connection.rollback();
      } else {
        connection.commit();
      }
      return answer;
    } catch (SQLException problem) {
      undo(connection, problem);
      throw problem;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static boolean isReady(Connection connection, Member member) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READY)) {
      Sql.bind(
          connection,
          statement,
          member.repair.version(),
          member.commit.expected(),
          member.commit.execution(),
          member.repair.head(),
          member.repair.quarantined());
      return statement.executeUpdate() == 1;
    }
  }

  private static void undo(Connection connection, SQLException problem) {
    try {
      connection.rollback();
    } catch (SQLException gone) {
      problem.addSuppressed(gone); // the transaction is gone with its connection
    }
  }
}
