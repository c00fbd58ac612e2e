package io.orchestrator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.engine.History;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Folding;
import io.orchestrator.execution.Notation;
import io.orchestrator.execution.Transition;
import io.orchestrator.store.Stored;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class a database of its own and checks afterwards that the history of every
 * execution in it folds back to the stored head row, bit for bit. Registered with
 * {@code @RegisterExtension} on a static field.
 */
public final class FoldsBack implements BeforeAllCallback, AfterAllCallback {
  private TestDatabase database;

  @Override
  public void beforeAll(ExtensionContext context) {
    database = TestDatabase.create();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    try (TestDatabase closing = database) {
      check(closing.owner());
    }
  }

  /** The database of the test class. */
  public TestDatabase database() {
    return database;
  }

  private record Head(
      UUID id,
      String tenant,
      int revision,
      String status,
      String state,
      Instant startedAt,
      Instant endedAt) {}

  private record Line(int revision, Instant at, Instant due, Notation.Written written) {}

  /**
   * Checks every execution there.
   *
   * @param owner may read everything
   * @return how many there are
   */
  public static int check(DataSource owner) {
    return check(owner, Set.of());
  }

  /**
   * Checks every execution there but those that a test has spoilt.
   *
   * @param owner may read everything
   * @return how many were checked
   */
  public static int check(DataSource owner, Set<UUID> spoilt) {
    try (Connection connection = owner.getConnection()) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      List<Head> heads = heads(connection);
      heads.removeIf(head -> spoilt.contains(head.id()));
      for (Head head : heads) {
        check(head, lines(connection, head.id()));
      }
      connection.commit();
      return heads.size();
    } catch (SQLException e) {
      throw new IllegalStateException("the executions cannot be read", e);
    }
  }

  private static void check(Head head, List<Line> lines) {
    int revision = 0;
    for (Line line : lines) {
      revision++;
      assertThat(line.revision()).as("the next revision of %s", head.id()).isEqualTo(revision);
      Transition read = Notation.read(line.written());
      assertThat(Notation.write(read))
          .as("line %d of %s, written again", line.revision(), head.id())
          .isEqualTo(line.written());
    }
    Folding folding =
        Folding.of(
            head.id(),
            head.tenant(),
            lines.stream()
                .map(line -> new Folding.Line(line.revision(), line.at(), line.written()))
                .toList(),
            Set.of());
    assertThat(folding.broken()).as("why %s cannot be folded", head.id()).isNull();
    Execution folded = folding.execution();
    assertThat(
            new Head(
                folded.id(),
                folded.tenant(),
                folded.revision(),
                folded.status().text(),
                folded.frontier(),
                folded.startedAt(),
                folded.endedAt()))
        .as("what the history adds up to")
        .isEqualTo(head);
  }

  private static List<Head> heads(Connection connection) throws SQLException {
    String sql =
        "select id, tenant, revision, status, state::text, started_at, ended_at from executions"
            + " order by id";
    List<Head> heads = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        heads.add(
            new Head(
                row.getObject("id", UUID.class),
                row.getString("tenant"),
                row.getInt("revision"),
                row.getString("status"),
                row.getString("state"),
                instant(row, "started_at"),
                instant(row, "ended_at")));
      }
    }
    return heads;
  }

  private static List<Line> lines(Connection connection, UUID execution) throws SQLException {
    String sql =
        "select revision, at, due, event, step, attempt, data::text from transitions where"
            + " execution = ? order by revision";
    List<Line> lines = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, execution);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lines.add(line(row));
        }
      }
    }
    return lines;
  }

  private static Line line(ResultSet row) throws SQLException {
    Instant at = instant(row, "at");
    Instant due = instant(row, "due");
    // What is masked is sealed here, and adds up without being opened.
    Stored.Line shown =
        History.shown(
            new Stored.Line(
                row.getInt("revision"),
                at,
                row.getString("event"),
                row.getString("step"),
                row.getInt("attempt"),
                row.getString("data"),
                due));
    Notation.Written written =
        new Notation.Written(
            shown.event(),
            shown.step(),
            shown.attempt(),
            shown.data(),
            due == null ? null : Duration.between(at, due));
    return new Line(shown.revision(), at, due, written);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
