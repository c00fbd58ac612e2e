package io.orchestrator.store;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Statements on behalf of one tenant, whose name is set for their transaction only. It is a
 * transaction and not one message of two statements, for the driver may put a Sync between those,
 * which ends the setting.
 */
final class Tenancy {
  private static final String TENANT = "select set_config('app.tenant', ?, true)";

  private final DataSource source;

  Tenancy(DataSource source) {
    this.source = source;
  }

  /** The rows of a query, or those that a change returns. */
  <T> List<T> list(String tenant, String sql, Sql.Mapper<T> mapper, Object... parameters) {
    return transaction(tenant, connection -> Sql.list(connection, sql, mapper, parameters));
  }

  /** Several statements that are done all or not at all, perhaps again after a fault. */
  <T> T transaction(String tenant, Sql.Work<T> work) {
    return Sql.repeatable(
        source,
        "reading or changing rows of a tenant",
        connection -> {
          connection.setAutoCommit(false);
          Sql.list(connection, TENANT, _ -> tenant, tenant);
          T result = work.on(connection);
          connection.commit();
          return result;
        });
  }

  /** The only row, if there is one. */
  <T> Optional<T> first(String tenant, String sql, Sql.Mapper<T> mapper, Object... parameters) {
    return list(tenant, sql, mapper, parameters).stream().findFirst();
  }
}
