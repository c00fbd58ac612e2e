package io.orchestrator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** The audit trail as the API shows it: a tenant's own, under row-level security. */
public final class AuditReads {
  /**
   * Lines that one page looks through at most, so that a filter that fits few of them costs no more
   * than one that fits all.
   */
  static final int LOOK_MAX = 20_000;

  // The newest first. The last line that was looked at comes along, also if it does not fit.
  private static final String PAGE =
      """
      with looked as materialized (
        select id, position, at, tenant, actor, action, object, outcome, details, row_number() over (order by at desc, id desc) as place
        from audit
        where tenant = ? and at >= ? and (at, id) < (?, ?)
        order by at desc, id desc limit ?
      ), fitting as (
        select * from looked
        where (?::text is null or actor = ?::text)
          and (?::text is null or object = ?::text) and (?::text is null or starts_with(object, ?::text))
        order by at desc, id desc limit ?
      ), last as (
        select * from looked where place = ?
      )
      select id, position, at, tenant, actor, action, object, outcome, details::text as details, true as fits from fitting
      union all
      select id, position, at, tenant, actor, action, object, outcome, details::text as details, false as fits from last
      order by fits desc, at desc, id desc
      """;

  private final Tenancy tenancy;

  /** Reads there; the role is the API's. */
  public AuditReads(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /** Where a page of it ends. */
  public record Place(Instant at, UUID id) {
    static Place of(AuditLine line) {
      return new Place(line.at(), line.id());
    }
  }

  /**
   * Which lines.
   *
   * @param from then or later
   * @param to before
   * @param actor null: everybody's, as for the object
   * @param object {@code flow:orders}, or the beginning of it and a star
   * @param after the end of the page before; null: the first page
   */
  public record Query(
      Instant from, Instant to, String actor, String object, Place after, int limit) {}

  /**
   * A page; it may be short, and even empty, though there is another.
   *
   * @param next null if there is none
   */
  public record Found(List<AuditLine> lines, Place next) {}

  private record Row(AuditLine line, boolean fits) {}

  /** The newest first. */
  public Found page(String tenant, Query query) {
    boolean open = query.object == null || query.object.endsWith("*");
    String exact = open ? null : query.object;
    String begin =
        open && query.object != null ? query.object.substring(0, query.object.length() - 1) : null;
    Place after = query.after == null ? new Place(query.to, new UUID(0, 0)) : query.after;
    List<Row> rows =
        tenancy.list(
            tenant,
            PAGE,
            AuditReads::row,
            tenant,
            query.from,
            after.at,
            after.id,
            LOOK_MAX,
            query.actor,
            query.actor,
            exact,
            exact,
            begin,
            begin,
            query.limit + 1,
            LOOK_MAX);
    List<AuditLine> fitting = rows.stream().filter(Row::fits).map(Row::line).toList();
    if (fitting.size() > query.limit) {
      List<AuditLine> page = fitting.subList(0, query.limit);
      return new Found(page, Place.of(page.getLast()));
    }
    return new Found(
        fitting,
        rows.stream()
            .filter(row -> !row.fits)
            .map(row -> Place.of(row.line))
            .findFirst()
            .orElse(null));
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(AuditLine.of(row), row.getBoolean("fits"));
  }
}
