package io.orchestrator.store;

import io.orchestrator.store.EndHistories.Found;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Adds up how executions end, each end once: a pass takes what was written by the transactions that
 * the pass before could not see, and only what is below every transaction that is still running. Of
 * any number of counters one counts at a time.
 */
public final class Summary {
  /** The lines with which executions end; the index has this very condition. */
  private static final String IS_END =
      """
      t.step is null and t.event in ('execution_completed', 'execution_failed',
        'execution_cancelled', 'execution_timed_out', 'execution_compensated', 'compensation_failed')
      """;

  /**
   * An end has the time of its statement, and its number from the same statement, which lasts at
   * most 5 s (the role's statement_timeout); the rest is for clocks that are set.
   */
  private static final String SLACK = "interval '15 seconds'";

  // A row has only the lower half of its transaction's number; the whole one is the nearest to the
  // next number to be given.
  private static final String FULL_NUMBER =
      "(c.seen_to + 2147483648 - ((c.seen_to + 2147483648 - t.xmin::text::int8) & 4294967295))";

  private static final String CLOCK =
      """
      select pg_snapshot_xmin(pg_current_snapshot())::text::int8 as done_to,
        pg_snapshot_xmax(pg_current_snapshot())::text::int8 as seen_to, clock_timestamp() as seen_at
      """;

  static final String ANY =
      """
      select 1 as any from summary_mark m cross join (%s) c
        cross join lateral (
          select from transitions t where %s and t.at >= m.ends_from - %s
            and %s >= m.counted_to and %s < c.done_to limit 1) one
      """
          .formatted(CLOCK, IS_END, SLACK, FULL_NUMBER, FULL_NUMBER);

  private static final String MARK =
      """
      select m.since, m.counted_to, m.ends_from, m.seen_to as last_seen_to, m.seen_at as last_seen_at, c.done_to, c.seen_to, c.seen_at
      from summary_mark m cross join (%s) c for update of m skip locked
      """
          .formatted(CLOCK);

  private static final String ENDS =
      """
      select t.execution, t.revision, t.at, t.event, %s as number
      from transitions t cross join (select ?::int8 as seen_to) c
      where %s and t.at >= ?::timestamptz - %s
      order by t.at limit ?
      """
          .formatted(FULL_NUMBER, IS_END, SLACK);

  private static final String ADD =
      """
      insert into summary as s (tenant, flow, hour, measure, version, label, bucket, n)
      select a.tenant, a.flow, timestamptz 'epoch' + a.hour * interval '1 hour', a.measure, a.version, a.label, a.bucket, a.n
      from unnest(?::text[], ?::text[], ?::int8[], ?::text[], ?::text[], ?::text[], ?::int2[], ?::int8[])
        as a (tenant, flow, hour, measure, version, label, bucket, n)
      on conflict (tenant, flow, hour, measure, version, label, bucket) do update set n = s.n + excluded.n
      returning bucket
      """;

  private static final String MOVE =
      """
      update summary_mark set counted_to = ?, ends_from = ?, seen_to = ?, seen_at = ? returning counted_to
      """;

  private static final String PURGE =
      """
      delete from summary where (tenant, flow, hour, measure, version, label, bucket) in (
        select tenant, flow, hour, measure, version, label, bucket from summary
        where hour < clock_timestamp() - ? * interval '1 microsecond' order by hour limit ?)
      returning bucket
      """;

  /** Ends counted in one pass. */
  private static final int ENDS_MAX = 2_000;

  /** Ends looked at in one pass: those of the slack again, and what has gathered. */
  private static final int LOOK_MAX = 200_000;

  private static final int PURGED_MAX = 10_000;

  private final DataSource source;
  private final int endsMax;

  /** Counts there; the role is the engine's. */
  public Summary(DataSource source) {
    this(source, ENDS_MAX);
  }

  /** The same, so many ends in a pass. */
  public Summary(DataSource source, int endsMax) {
    this.source = source;
    this.endsMax = endsMax;
  }

  /**
   * The end of an execution; it need not be its last one, for a failed execution may be retried.
   *
   * @param revision of the line that ends it
   * @param event of that line
   * @param at its time
   * @param history all of it, so far; empty if it is too long to be read for this
   * @param since ends that are older were never counted
   */
  public record End(
      UUID execution,
      String tenant,
      String flow,
      String version,
      Instant startedAt,
      int revision,
      String event,
      Instant at,
      List<Stored.Line> history,
      Instant since) {
    End at(Found found, Instant since) {
      return new End(
          execution,
          tenant,
          flow,
          version,
          startedAt,
          found.revision(),
          found.event(),
          found.at(),
          history,
          since);
    }
  }

  /**
   * What is counted.
   *
   * @param hour since 1970
   */
  public record Key(
      String tenant,
      String flow,
      long hour,
      String measure,
      String version,
      String label,
      int bucket) {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::tenant)
            .thenComparing(Key::flow)
            .thenComparingLong(Key::hour)
            .thenComparing(Key::measure)
            .thenComparing(Key::version)
            .thenComparing(Key::label)
            .thenComparingInt(Key::bucket);
  }

  private record Mark(
      Instant since,
      long countedTo,
      Instant endsFrom,
      long lastSeenTo,
      Instant lastSeenAt,
      long doneTo,
      long seenTo,
      Instant seenAt) {
    static Mark of(ResultSet row) throws SQLException {
      return new Mark(
          Sql.instant(row, "since"),
          row.getLong("counted_to"),
          Sql.instant(row, "ends_from"),
          row.getLong("last_seen_to"),
          Sql.instant(row, "last_seen_at"),
          row.getLong("done_to"),
          row.getLong("seen_to"),
          Sql.instant(row, "seen_at"));
    }
  }

  /**
   * Counts what has ended since. A transaction that writes nothing if nothing has.
   *
   * @param weigh what the ends add to the summary
   * @return how many ends were counted
   */
  public int count(Function<List<End>, Map<Key, Long>> weigh) {
    return Sql.repeatable(
        source,
        "counting what has ended",
        connection -> {
          if (Sql.first(connection, ANY, row -> row.getInt("any")).isEmpty()) {
            return 0;
          }
          connection.setAutoCommit(false);
          Optional<Mark> mark = Sql.first(connection, MARK, Mark::of);
          int counted = mark.isEmpty() ? 0 : count(connection, mark.get(), weigh);
          connection.commit();
          return counted;
        });
  }

  private int count(Connection connection, Mark mark, Function<List<End>, Map<Key, Long>> weigh)
      throws SQLException {
    List<Found> seen =
        Sql.list(
            connection,
            ENDS,
            row ->
                new Found(
                    Sql.uuid(row, "execution"),
                    row.getInt("revision"),
                    Sql.instant(row, "at"),
                    row.getString("event"),
                    row.getLong("number")),
            mark.seenTo,
            mark.endsFrom,
            LOOK_MAX);
    long top = top(seen, mark);
    List<Found> ends =
        seen.stream().filter(end -> end.number() >= mark.countedTo && end.number() < top).toList();
    for (List<Found> some : EndHistories.batches(ends)) {
      add(connection, weigh.apply(EndHistories.read(connection, some, mark.since)));
    }
    boolean all = top == mark.doneTo;
    Instant endsFrom = endsFrom(seen, top, mark);
    Sql.first(
        connection,
        MOVE,
        row -> row.getLong(1),
        top,
        endsFrom.isAfter(mark.endsFrom) ? endsFrom : mark.endsFrom,
        all ? mark.seenTo : mark.lastSeenTo,
        all ? mark.seenAt : mark.lastSeenAt);
    return ends.size();
  }

  /** No end that is still to be counted is earlier than this, but for the slack. */
  private static Instant endsFrom(List<Found> seen, long top, Mark mark) {
    if (top == mark.doneTo) {
      // Whatever has a number that was not given yet when we looked last is later than that look.
      return mark.doneTo >= mark.lastSeenTo ? mark.lastSeenAt : mark.endsFrom;
    }
    return seen.stream()
        .filter(end -> end.number() >= top)
        .map(Found::at)
        .findFirst()
        .orElse(mark.endsFrom);
  }

  /**
   * Below which number this pass counts: that of the running transactions, or less if that would be
   * too much at once.
   */
  private long top(List<Found> seen, Mark mark) {
    long top = mark.doneTo;
    if (seen.size() == LOOK_MAX) {
      // Those that are not among them are at least as late as the last: so are their numbers, but
      // for the slack.
      Instant sure = seen.getLast().at().minus(Duration.ofSeconds(15));
      top =
          Math.min(
              top,
              seen.stream()
                  .filter(end -> !end.at().isBefore(sure))
                  .mapToLong(Found::number)
                  .min()
                  .orElse(top));
    }
    long[] numbers =
        seen.stream()
            .mapToLong(Found::number)
            .filter(number -> number >= mark.countedTo)
            .sorted()
            .toArray();
    // A transaction is counted whole: the first one above the limit is left for the next pass.
    return numbers.length > endsMax && numbers[endsMax] > numbers[0]
        ? Math.min(top, numbers[endsMax])
        : top;
  }

  private static void add(Connection connection, Map<Key, Long> counts) throws SQLException {
    List<Map.Entry<Key, Long>> rows =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() != 0)
            .sorted(Map.Entry.comparingByKey(Key.ORDER))
            .toList();
    List<Key> keys = rows.stream().map(Map.Entry::getKey).toList();
    Sql.list(
        connection,
        ADD,
        row -> row.getInt(1),
        keys.stream().map(Key::tenant).toList(),
        keys.stream().map(Key::flow).toList(),
        connection.createArrayOf("int8", keys.stream().map(Key::hour).toArray()),
        keys.stream().map(Key::measure).toList(),
        keys.stream().map(Key::version).toList(),
        keys.stream().map(Key::label).toList(),
        connection.createArrayOf("int2", keys.stream().map(Key::bucket).toArray()),
        connection.createArrayOf("int8", rows.stream().map(Map.Entry::getValue).toArray()));
  }

  /** Deletes hours that are that old. Returns how many rows are gone. */
  public int purge(Duration keep) {
    return Sql.repeatable(
            source,
            "purging the summary",
            connection -> Sql.list(connection, PURGE, row -> row.getInt(1), keep, PURGED_MAX))
        .size();
  }
}
