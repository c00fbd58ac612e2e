package io.orchestrator.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** What an SQLException means for the statement that met it. */
enum Faults {
  /**
   * It was rolled back and may succeed the next time: deadlock, serialisation, lock not available,
   * out of time.
   */
  ROLLED_BACK,
  /** It was never sent: no connection. */
  NOT_SENT,
  /** The connection broke while it was under way: it may or may not be stored. */
  UNKNOWN,
  /** It was rolled back and will be the next time too: bad data, a violated constraint, a bug. */
  FATAL;

  static Faults of(SQLException problem) {
    if (problem instanceof SQLTransientConnectionException) {
      return NOT_SENT;
    }
    String state = problem.getSQLState() == null ? "" : problem.getSQLState();
    return switch (state) {
      case "40001", "40P01", "55P03", "57014" -> ROLLED_BACK;
      case "53300", "57P03", "08001", "08004" -> NOT_SENT;
      case "57P01", "57P02", "57P04", "57P05", "" -> UNKNOWN;
      // The standby of a failover, reached by an old name: read-only transaction.
      case "25006" -> ROLLED_BACK;
      default -> state.startsWith("08") || state.startsWith("53") ? UNKNOWN : FATAL;
    };
  }

  boolean isWorthRepeating() {
    return this != FATAL;
  }
}
