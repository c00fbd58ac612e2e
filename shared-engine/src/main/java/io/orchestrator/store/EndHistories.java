package io.orchestrator.store;

import io.orchestrator.store.Summary.End;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads the histories of executions that have ended, for counting; so much at once that it fits.
 */
final class EndHistories {
  private static final String HEADS =
      """
      select e.id, e.tenant, e.flow, e.version, e.started_at from executions e
      where e.id = any(?::uuid[]) and e.id between ?::uuid and ?::uuid
      """;

  private static final String HISTORIES =
      """
      select t.execution, t.revision, t.at, t.event, t.step, t.attempt, t.data, t.due from transitions t
      where t.execution = any(?::uuid[]) and t.execution between ?::uuid and ?::uuid
      order by t.execution, t.revision
      """;

  /** Histories read at once, and lines of them; a longer history is not read at all. */
  private static final int HISTORIES_MAX = 50;

  private static final int LINES_MAX = 5_000;

  private EndHistories() {}

  /**
   * A line of a history that ends an execution, and the number of the transaction that wrote it.
   */
  record Found(UUID execution, int revision, Instant at, String event, long number) {}

  /** Parts of them whose histories can be read at once. */
  static List<List<Found>> batches(List<Found> ends) {
    List<List<Found>> batches = new ArrayList<>();
    List<Found> batch = new ArrayList<>();
    long lines = 0;
    for (Found end : ends) {
      lines += Math.min(end.revision, LINES_MAX);
      if (batch.size() == HISTORIES_MAX || (lines > LINES_MAX && !batch.isEmpty())) {
        batches.add(batch);
        batch = new ArrayList<>();
        lines = Math.min(end.revision, LINES_MAX);
      }
      batch.add(end);
    }
    batches.add(batch);
    return batches;
  }

  /** The ends with what led to each; without those whose execution is gone. */
  static List<End> read(Connection connection, List<Found> some, Instant since)
      throws SQLException {
    Map<UUID, End> heads = new LinkedHashMap<>();
    for (Found found : some) {
      heads.put(found.execution, null);
    }
    rows(connection, HEADS, heads, row -> heads.put(Sql.uuid(row, "id"), head(row)));
    Map<UUID, End> readable = new LinkedHashMap<>(heads);
    some.stream()
        .filter(found -> found.revision > LINES_MAX)
        .forEach(found -> readable.remove(found.execution));
    rows(
        connection,
        HISTORIES,
        readable,
        row ->
            heads.get(Sql.uuid(row, "execution")).history().add(PostgresExecutionStore.line(row)));
    return some.stream()
        .filter(found -> heads.get(found.execution) != null)
        .map(found -> heads.get(found.execution).at(found, since))
        .toList();
  }

  private static void rows(
      Connection connection, String sql, Map<UUID, End> of, Sql.Mapper<?> mapper)
      throws SQLException {
    if (!of.isEmpty()) {
      UUID[] ids = of.keySet().stream().sorted(Sql.ID_ORDER).toArray(UUID[]::new);
      Sql.list(connection, sql, mapper, ids, ids[0], ids[ids.length - 1]);
    }
  }

  private static End head(ResultSet row) throws SQLException {
    return new End(
        Sql.uuid(row, "id"),
        row.getString("tenant"),
        row.getString("flow"),
        row.getString("version"),
        Sql.instant(row, "started_at"),
        0,
        "",
        Instant.EPOCH,
        new ArrayList<>(),
        Instant.EPOCH);
  }
}
