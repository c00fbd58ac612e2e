package io.orchestrator.store;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Open approvals as the API lists them: those of one tenant, under row-level security. */
public final class ApprovalReads {
  private static final String LIST =
      """
      select approval, tenant, execution, step, about, opened_at, closed_at from waits
      where kind = 'approval' and closed_at is null and tenant = ?
        and (?::timestamptz is null or (opened_at, approval) > (?::timestamptz, ?::uuid))
      order by opened_at, approval limit ?
      """;

  private final Tenancy tenancy;

  /** Reads there; the role is the API's. */
  public ApprovalReads(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /**
   * The oldest first.
   *
   * @param after null: from the oldest; else the time of the last one of the page before
   * @param id of that one
   */
  public List<Events.Approval> open(String tenant, Instant after, UUID id, int limit) {
    return tenancy.list(tenant, LIST, PostgresEvents::approval, tenant, after, after, id, limit);
  }
}
