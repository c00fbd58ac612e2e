package io.orchestrator.store;

import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;

/** Reads the summary of how executions ended, as the API's role. */
public final class SummaryReads {
  private static final String COUNTS =
      """
      select measure, version, label, bucket, sum(n)::int8 as n from summary
      where tenant = ? and flow = ? and hour >= ? and hour < ?
      group by measure, version, label, bucket order by measure, version, label, bucket
      """;

  private final Tenancy tenancy;

  /** Reads there. */
  public SummaryReads(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /** What was added up of a flow, over some hours. */
  public record Count(String measure, String version, String label, int bucket, long n) {}

  /** The counts of whole hours, from one and to before another. */
  public List<Count> counts(String tenant, String flow, Instant from, Instant to) {
    return tenancy.list(
        tenant,
        COUNTS,
        row ->
            new Count(
                row.getString("measure"),
                row.getString("version"),
                row.getString("label"),
                row.getInt("bucket"),
                row.getLong("n")),
        tenant,
        flow,
        from,
        to);
  }
}
