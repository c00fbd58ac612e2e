package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweepsTest {
  private static final Duration RETENTION = Duration.ofDays(90);
  private TestDatabase database;
  private ExecutionStore store;
  private Sweeps sweeps;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    store = new PostgresExecutionStore(database.engine());
    sweeps = new Sweeps(database.engine());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private UUID started() {
    UUID id = Commits.id();
    assertThat(store.commit(Commits.start(id))).isInstanceOf(Verdict.Stored.class);
    return id;
  }

  /** Moves everything that is stored into the past, which is how time passes here. */
  private void pass(int seconds) {
    database.execute(
        """
        update executions set started_at = started_at - interval '%1$d s', due_at = due_at - interval '%1$d s',
          wake_at = wake_at - interval '%1$d s', timer_at = timer_at - interval '%1$d s', lease_until = lease_until - interval '%1$d s',
          ended_at = ended_at - interval '%1$d s';
        update sweep_mark set swept_to = swept_to - interval '%1$d s';
        update idempotency_keys set expires = expires - interval '%1$d s';
        """
            .formatted(seconds));
  }

  private List<UUID> due() {
    return sweeps.find(100, Duration.ZERO).due().stream().map(Sweeps.Due::execution).toList();
  }

  private <T> T value(String sql, Class<T> type) {
    try (Connection connection = database.owner().getConnection()) {
      return Sql.first(connection, sql, row -> type.cast(row.getObject(1))).orElse(null);
    } catch (SQLException problem) {
      throw new IllegalStateException(problem);
    }
  }

  @Test
  void what_is_due_is_found_once_and_again_after_growing_pauses() {
    UUID id = started();
    assertThat(due()).isEmpty();
    pass(3);
    Sweeps.Due first = sweeps.find(100, Duration.ZERO).due().getFirst();
    assertThat(first)
        .returns(id, Sweeps.Due::execution)
        .returns("acme", Sweeps.Due::tenant)
        .returns(1, Sweeps.Due::revision)
        .returns("queued", Sweeps.Due::status)
        .returns(0, Sweeps.Due::calls)
        .returns(false, Sweeps.Due::leaseOver);
    assertThat(due()).isEmpty();
    for (int pause : new int[] {2, 4, 8, 16, 32, 60, 60}) {
      pass(pause - 1);
      assertThat(due()).as("after %d s", pause - 1).isEmpty();
      pass(2);
      assertThat(due()).as("after %d s", pause + 1).containsExactly(id);
    }
  }

  @Test
  void progress_ends_the_pauses() {
    UUID id = started();
    pass(3);
    due();
    pass(3);
    due();
    store.commit(Commits.step(id, 1, "a"));
    pass(3);
    assertThat(sweeps.find(100, Duration.ZERO).due())
        .singleElement()
        .returns(id, Sweeps.Due::execution)
        .returns(0, Sweeps.Due::calls);
  }

  @Test
  void what_was_prolonged_meanwhile_is_not_due_but_gets_its_exact_time() {
    UUID id = started();
    store.commit(
        Commits.next(
            id,
            1,
            new Commit.Head("running", "{}", Duration.ofSeconds(30), null, "p", false),
            Commits.row("a", null)));
    pass(3);
    assertThat(due()).isEmpty();
    assertThat(value("select wake_at = due_at from executions", Boolean.class)).isTrue();
    pass(28);
    assertThat(sweeps.find(100, Duration.ZERO).due())
        .singleElement()
        .returns(true, Sweeps.Due::leaseOver);
  }

  @Test
  void what_has_ended_or_rests_is_passed_over() {
    UUID ended = started();
    store.commit(Commits.end(ended, 1));
    UUID paused = started();
    store.commit(
        Commits.next(
            paused,
            1,
            new Commit.Head("paused", "{}", null, null, null, false),
            Commits.row("paused", null)));
    pass(3);
    assertThat(due()).isEmpty();
    assertThat(value("select count(*) from executions where wake_at is null", Long.class))
        .isEqualTo(1L);
    assertThat(
            value("select xmax::text::int8 from executions where ended_at is not null", Long.class))
        .isEqualTo(0L);
  }

  @Test
  void what_goes_on_long_after_its_end_is_found_again() {
    UUID id = started();
    store.commit(Commits.end(id, 1));
    pass(600);
    assertThat(due()).isEmpty();
    store.commit(Commits.step(id, 3, "again"));
    assertThat(due()).isEmpty();
    pass(3);
    assertThat(due()).containsExactly(id);
  }

  @Test
  void a_row_that_is_locked_holds_the_mark_back() throws SQLException {
    UUID id = started();
    pass(100);
    try (Connection other = database.owner().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("select from executions where id = '" + id + "' for update");
      assertThat(due()).isEmpty();
      other.rollback();
    }
    assertThat(due()).containsExactly(id);
  }

  @Test
  void a_capped_sweep_leaves_the_rest_to_the_next_one() {
    List<UUID> ids = IntStream.range(0, 25).mapToObj(_ -> started()).toList();
    pass(30);
    List<UUID> found =
        IntStream.range(0, 3)
            .mapToObj(_ -> sweeps.find(10, Duration.ZERO).due())
            .flatMap(List::stream)
            .map(Sweeps.Due::execution)
            .toList();
    assertThat(found).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(due()).isEmpty();
  }

  @Test
  void partitions_are_made_ahead_and_what_landed_in_the_default_moves_into_them() {
    assertThat(sweeps.partitions()).isZero();
    database.execute(
        "do $$ begin execute 'drop table executions_' || to_char(now() at time zone 'UTC',"
            + " 'YYYY_MM'); end $$");
    UUID id = started();
    assertThat(value("select tableoid::regclass::text from executions", String.class))
        .isEqualTo("executions_default");
    assertThat(sweeps.partitions()).isEqualTo(1);
    assertThat(value("select tableoid::regclass::text from executions", String.class))
        .startsWith("executions_2");
    assertThat(store.commit(Commits.step(id, 1, "a"))).isInstanceOf(Verdict.Stored.class);
  }

  @Test
  void ended_executions_go_after_their_time_and_the_living_stay() {
    UUID old = oldExecution("2020-01-10T00:00:00Z");
    UUID living = oldExecution("2020-01-11T00:00:00Z");
    UUID recent = started();
    store.commit(Commits.opening(Commits.step(old, 1, "a"), "token", "call"));
    store.commit(Commits.end(old, 2));
    store.commit(Commits.end(recent, 1));
    assertThat(sweeps.purge(RETENTION, 10)).isZero();
    database.execute(
        "update executions set ended_at = now() - interval '91 days' where id in ('"
            + old
            + "', '"
            + recent
            + "')");
    assertThat(sweeps.purge(RETENTION, 10)).as("it is not archived").isZero();
    archived(old, "revision - 1");
    assertThat(sweeps.purge(RETENTION, 10)).as("it went on after it was").isZero();
    archived(old, "revision");
    assertThat(sweeps.purge(RETENTION, 10)).isEqualTo(1);
    assertThat(value("select count(*) from archived", Long.class)).isZero();
    assertThat(store.load(old)).isEmpty();
    assertThat(store.findWait(Commits.hash("token"))).isEmpty();
    assertThat(
            value("select count(*) from transitions where execution = '" + old + "'", Long.class))
        .isEqualTo(0L);
    assertThat(store.load(living)).isPresent();
    assertThat(store.load(recent)).isPresent();
  }

  private void archived(UUID id, String revision) {
    database.execute(
        "delete from archived; insert into archived (execution, revision, object) select id, "
            + revision
            + ", 'x' from executions where id = '"
            + id
            + "'");
  }

  private UUID oldExecution(String time) {
    long millis = java.time.Instant.parse(time).toEpochMilli();
    UUID now = Commits.id();
    UUID id =
        new UUID(
            (millis << 16) | (now.getMostSignificantBits() & 0xffff),
            now.getLeastSignificantBits());
    store.commit(Commits.start(id));
    return id;
  }

  @Test
  void a_month_is_dropped_when_all_of_it_has_expired() {
    database.execute(
        """
        create table executions_2020_01 partition of executions
          for values from (uuid_floor('2020-01-01Z')) to (uuid_floor('2020-02-01Z'));
        create table transitions_2020_01 partition of transitions
          for values from (uuid_floor('2020-01-01Z')) to (uuid_floor('2020-02-01Z'));
        """);
    UUID id = oldExecution("2020-01-10T00:00:00Z");
    assertThat(sweeps.expiredMonths(RETENTION)).isEmpty();
    store.commit(Commits.end(id, 1));
    assertThat(sweeps.dropMonth("2020_01", RETENTION)).isFalse();
    database.execute("update executions set ended_at = now() - interval '91 days'");
    assertThat(sweeps.expiredMonths(RETENTION)).containsExactly("2020_01");
    assertThat(sweeps.dropMonth("2020_01", RETENTION)).as("it is not archived").isFalse();
    archived(id, "revision");
    assertThat(sweeps.dropMonth("2020_01", RETENTION)).isTrue();
    assertThat(store.load(id)).isEmpty();
    assertThat(sweeps.dropMonth("2020_01", RETENTION)).isFalse();
  }

  @Test
  void expired_keys_go() {
    store.commit(Commits.start(Commits.id(), Commits.key("k", "x")));
    sweeps.purge(RETENTION, 10);
    assertThat(value("select count(*) from idempotency_keys", Long.class)).isEqualTo(1L);
    pass(25 * 3600);
    sweeps.purge(RETENTION, 10);
    assertThat(value("select count(*) from idempotency_keys", Long.class)).isEqualTo(0L);
  }

  @Test
  void orders_go_that_ended_long_ago_or_that_nobody_continued_and_those_at_work_stay() {
    database.execute(
        """
        insert into bulk_orders (id, tenant, action, query, ordered_by, status, rate, matched, created_at, due_at, ended_at)
        select gen_random_uuid(), 'acme', 'retry', '{}', o.name, o.status, 10, 1, now() - o.age * interval '1 day',
          case o.status when 'running' then now() end,
          case when o.status in ('completed', 'stopped') then now() - o.over * interval '1 day' end
        from (values ('long over', 'completed', 92, 91), ('stopped', 'stopped', 92, 91), ('just over', 'completed', 92, 2),
          ('forgotten', 'canary', 92, null), ('at work', 'running', 92, null), ('waits', 'canary', 3, null)) as o (name, status, age, over)
        """);
    sweeps.purge(RETENTION, 10);
    assertThat(
            value(
                "select string_agg(ordered_by, ', ' order by ordered_by) from bulk_orders",
                String.class))
        .isEqualTo("at work, just over, waits");
  }

  @Test
  void a_sweep_says_when_something_may_be_due_next() {
    Sweeps.Found nothing = sweeps.find(10, Duration.ZERO);
    assertThat(nothing.due()).isEmpty();

    started();

    assertThat(sweeps.find(10, Duration.ZERO).ahead())
        .isBetween(Duration.ofMillis(1), Commits.GRACE);
  }

  @Test
  void who_helps_out_finds_nothing_while_somebody_sweeps() {
    UUID id = started();
    sweeps.find(10, Duration.ZERO);
    pass(4);

    assertThat(sweeps.find(10, Duration.ofHours(1)).due()).isEmpty();
    assertThat(sweeps.find(10, Duration.ofSeconds(3)).due())
        .extracting(Sweeps.Due::execution)
        .containsExactly(id);
  }
}
