package io.orchestrator.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Plain JDBC, made short: bind, run, map, and repeat what a fault has interrupted. */
final class Sql {
  /** PostgreSQL's order of UUIDs: by unsigned bytes. Java's compares signed halves. */
  static final Comparator<UUID> ID_ORDER =
      (a, b) -> {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return high != 0
            ? high
            : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
      };

  private Sql() {}

  /** Makes a value of one row. */
  @FunctionalInterface
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** Some work on a connection. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Does work that may be done twice, on a connection in autocommit mode; faults that pass are
   * waited out.
   *
   * @throws StoreException when they do not pass in time, or at once when the statement itself is
   *     wrong
   */
  static <T> T repeatable(DataSource source, String what, Work<T> work) {
    Retry retry = new Retry();
    while (true) {
      try (Connection connection = source.getConnection()) {
        return work.on(connection);
      } catch (SQLException problem) {
        if (!Faults.of(problem).isWorthRepeating() || !retry.again()) {
          throw new StoreException(what + " failed: " + problem.getMessage(), problem);
        }
      }
    }
  }

  /** The rows of a query. */
  static <T> List<T> list(Connection connection, String sql, Mapper<T> mapper, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(connection, statement, parameters);
      statement.execute();
      return rows(statement.getResultSet(), mapper);
    }
  }

  /** The only row of a query, if there is one. */
  static <T> Optional<T> first(
      Connection connection, String sql, Mapper<T> mapper, Object... parameters)
      throws SQLException {
    return list(connection, sql, mapper, parameters).stream().findFirst();
  }

  static <T> List<T> rows(ResultSet rows, Mapper<T> mapper) throws SQLException {
    List<T> mapped = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        mapped.add(mapper.map(rows));
      }
    }
    return mapped;
  }

  /**
   * Binds what JDBC has no type for, too: instants, durations (as intervals of microseconds), lists
   * of texts.
   */
  static void bind(Connection connection, PreparedStatement statement, Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      switch (parameters[i]) {
        case Instant instant -> statement.setObject(i + 1, instant.atOffset(ZoneOffset.UTC));
        case Duration duration -> statement.setLong(i + 1, duration.toNanos() / 1000);
        case UUID[] ids -> statement.setArray(i + 1, connection.createArrayOf("uuid", ids));
        case List<?> texts ->
            statement.setArray(i + 1, connection.createArrayOf("text", texts.toArray()));
        case null -> statement.setObject(i + 1, null);
        default -> statement.setObject(i + 1, parameters[i]);
      }
    }
  }

  /** Microseconds, rounded up: nothing becomes due early. Null for null. */
  static Long micros(Duration duration) {
    return duration == null ? null : Math.ceilDiv(duration.toNanos(), 1000);
  }

  /** Microseconds since 1970. Null for null. */
  static Long micros(Instant instant) {
    return instant == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  static Instant ofMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }
}
