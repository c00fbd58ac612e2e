package io.orchestrator.store;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;

/** Failures of executions, as the API shows them: those of one tenant, under row-level security. */
public final class HaltedReads {
  // The latest of a group speaks for it.
  static final String GROUPS =
      """
      select fingerprint, flow, count(*) as count, min(at) as first_at, max(at) as last_at,
        (array_agg(step order by at desc, execution desc))[1] as step, (array_agg(type order by at desc, execution desc))[1] as type,
        (array_agg(message order by at desc, execution desc))[1] as message, array_agg(distinct version) as versions,
        (array_agg(execution::text order by at desc, execution desc))[1:5] as latest
      from halted
      where tenant = ? and fingerprint is not null and status <> 'cancelled'
        and (?::text is null or flow = ?::text) and (?::text is null or version = ?::text)
        and (?::timestamptz is null or at >= ?::timestamptz) and (?::timestamptz is null or at < ?::timestamptz)
      group by fingerprint, flow
      having ?::int8 is null or (count(*), fingerprint) < (?::int8, ?::text)
      order by count(*) desc, fingerprint desc limit ?
      """;

  private final Tenancy tenancy;

  /** Reads there; the role is the API's. */
  public HaltedReads(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /**
   * Failures that probably have one cause.
   *
   * @param step that failed, of the latest; null if none did
   * @param latest ids of the latest five, newest first
   */
  public record Group(
      String fingerprint,
      String flow,
      long count,
      Instant first,
      Instant last,
      String step,
      String type,
      String message,
      List<String> versions,
      List<String> latest) {}

  /** The last group of the page before. */
  public record After(long count, String fingerprint) {}

  /**
   * Which failures.
   *
   * @param flow null: of all flows
   * @param version null: of all versions
   * @param from ended then or later; null: no bound
   * @param to ended before; null: no bound
   * @param after null: the first page
   */
  public record Query(
      String flow, String version, Instant from, Instant to, After after, int limit) {}

  /** The groups, the largest first. */
  public List<Group> groups(String tenant, Query query) {
    Long count = query.after == null ? null : query.after.count;
    return tenancy.list(
        tenant,
        GROUPS,
        HaltedReads::group,
        tenant,
        query.flow,
        query.flow,
        query.version,
        query.version,
        query.from,
        query.from,
        query.to,
        query.to,
        count,
        count,
        query.after == null ? null : query.after.fingerprint,
        query.limit);
  }

  private static Group group(ResultSet row) throws SQLException {
    return new Group(
        row.getString("fingerprint"),
        row.getString("flow"),
        row.getLong("count"),
        Sql.instant(row, "first_at"),
        Sql.instant(row, "last_at"),
        row.getString("step"),
        row.getString("type"),
        row.getString("message"),
        texts(row.getArray("versions")),
        texts(row.getArray("latest")));
  }

  private static List<String> texts(Array array) throws SQLException {
    return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
  }
}
