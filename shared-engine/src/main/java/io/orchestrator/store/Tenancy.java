package io.orchestrator.store;

import java.sql.PreparedStatement;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Statements on behalf of one tenant, which travels in the same message, for that transaction only. */
final class Tenancy {
  private static final String TENANT = "select set_config('app.tenant', ?, true);\n";

  private final DataSource source;

  Tenancy(DataSource source) {
    this.source = source;
  }

  /** The rows of a query, or those that a change returns. */
  <T> List<T> list(String tenant, String sql, Sql.Mapper<T> mapper, Object... parameters) {
    return Sql.repeatable(source, "reading or changing rows of a tenant", connection -> {
      try (PreparedStatement statement = connection.prepareStatement(TENANT + sql)) {
        Object[] all = new Object[parameters.length + 1];
        all[0] = tenant;
        System.arraycopy(parameters, 0, all, 1, parameters.length);
        Sql.bind(connection, statement, all);
        statement.execute();
        statement.getMoreResults();
        return Sql.rows(statement.getResultSet(), mapper);
      }
    });
  }

  /** The only row, if there is one. */
  <T> Optional<T> first(String tenant, String sql, Sql.Mapper<T> mapper, Object... parameters) {
    return list(tenant, sql, mapper, parameters).stream().findFirst();
  }
}
