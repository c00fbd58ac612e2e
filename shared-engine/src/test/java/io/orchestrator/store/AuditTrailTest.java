package io.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.orchestrator.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The audit trail is appended, sealed, and whatever is done to it behind our back is found. */
class AuditTrailTest {
  private static final int ALL = 1_000_000;

  private TestDatabase database;
  private AuditRows rows;
  private AuditSealer sealer;
  private AuditVerification verification;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    rows = new AuditRows(database.engine());
    sealer = new AuditSealer(database.engine());
    verification = new AuditVerification(database.api());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void append(String tenant, String object) {
    rows.append(AuditEntry.done(tenant, "ann", "flow.publish", object, Map.of("n", 1L)));
  }

  /** Three seals of three lines. */
  private void nine(String tenant) {
    for (int seal = 0; seal < 3; seal++) {
      for (int line = 0; line < 3; line++) {
        append(tenant, "flow:f" + (3 * seal + line));
      }
      seal();
    }
  }

  /** Seals all there is: first, whoever writes anywhere on the server must have ended. */
  private List<AuditSealer.Sealed> seal() {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                one(
                    """
                    select pg_snapshot_xmin(pg_current_snapshot())::text::int8 + m.shift > (select max(position) from audit) from audit_mark m
                    """,
                    Boolean.class));
    return sealer.seal();
  }

  private AuditVerification.Report verify(String tenant) {
    return verification.verify(tenant, 0, null, ALL);
  }

  private UUID id(String object) {
    return one("select id from audit where object = '" + object + "'", UUID.class);
  }

  private <T> T one(String sql, Class<T> type) {
    try (Connection connection = database.owner().getConnection()) {
      return Sql.first(connection, sql, row -> row.getObject(1, type)).orElseThrow();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void broken(AuditVerification.Fault fault, long seal, UUID line) {
    AuditVerification.Report report = verify("acme");
    assertThat(report.broken()).isEqualTo(new AuditVerification.Broken(fault, seal, line));
    assertThat(verify("other").broken()).isNull();
  }

  // -- appending

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update audit set actor = 'x'",
        "delete from audit",
        "truncate audit",
        "insert into audit (position, tenant, actor, action, object) values (1, 'acme', 'a', 'b',"
            + " 'c')",
        "insert into audit (id, tenant, actor, action, object) values (gen_random_uuid(), 'acme',"
            + " 'a', 'b', 'c')",
        "update audit_seals set hash = hash",
        "delete from audit_seals",
        "truncate audit_seals",
        "delete from audit_chains",
        "update audit_chains set purged = 1",
        "update audit_mark set shift = 9",
        "delete from audit_mark",
        "alter table audit disable row level security",
        "drop table audit"
      })
  void neither_role_can_change_what_is_written(String sql) throws SQLException {
    nine("acme");
    for (DataSource source : List.of(database.engine(), database.api())) {
      try (Connection connection = source.getConnection()) {
        assertThatThrownBy(() -> Sql.list(connection, sql, row -> row))
            .hasMessageMatching("(?s).*(permission denied|must be owner).*");
      }
    }
    assertThat(verify("acme").broken()).isNull();
  }

  @Test
  void the_api_role_appends_and_reads_for_its_own_tenant_only() throws SQLException {
    append("other", "flow:theirs");
    new AuditRows(database.api())
        .append(AuditEntry.done("acme", "ann", "flow.publish", "flow:mine", Map.of()));
    AuditReads reads = new AuditReads(database.api());
    assertThat(page(reads, "acme", null, null)).containsExactly("flow:mine");
    assertThat(page(reads, "other", null, null)).containsExactly("flow:theirs");
    try (Connection connection = database.api().getConnection()) {
      for (String table : List.of("audit", "audit_seals", "audit_chains")) {
        assertThat(Sql.list(connection, "select 1 from " + table, row -> row)).isEmpty();
      }
      assertThatThrownBy(
              () ->
                  Sql.list(
                      connection,
                      "insert into audit (tenant, actor, action, object) values ('other', 'a', 'b',"
                          + " 'c')",
                      row -> row))
          .hasMessageContaining("row-level security");
    }
  }

  @Test
  void names_from_outside_cannot_keep_a_line_from_being_written() {
    String odd = "a\0b\uD800" + "x".repeat(1_000);
    rows.append(
        new AuditEntry(
            "acme", odd, odd, odd, AuditEntry.Outcome.DENIED, Map.of("k", "v".repeat(9_000))));
    seal();
    AuditVerification.Report report = verify("acme");
    assertThat(report.lines()).isEqualTo(1);
    assertThat(report.broken()).isNull();
    assertThat(one("select details ->> 'omitted_chars' from audit", String.class)).isNotNull();
  }

  // -- sealing

  @Test
  void every_line_is_sealed_once_and_an_untouched_trail_is_valid() {
    nine("acme");
    append("other", "flow:x");
    append("acme", "flow:later");
    AuditVerification.Report before = verify("acme");
    assertThat(before.unsealed()).isEqualTo(1);
    seal();
    AuditVerification.Report report = verify("acme");
    assertThat(report.broken()).isNull();
    assertThat(report.seals()).isEqualTo(4);
    assertThat(report.lines()).isEqualTo(10);
    assertThat(report.unsealed()).isZero();
    assertThat(report.head().seal()).isEqualTo(4);
    assertThat(verify("other").lines()).isEqualTo(1);
    assertThat(verify("nobody").seals()).isZero();
  }

  @Test
  void sealing_nothing_writes_nothing() {
    nine("acme");
    String touched = "select ctid || ' ' || xmin || ' ' || xmax from audit_mark";
    String before = one(touched, String.class);
    assertThat(sealer.seal()).isEmpty();
    assertThat(sealer.seal()).isEmpty();
    assertThat(one(touched, String.class))
        .as("nobody has locked or changed the mark since")
        .isEqualTo(before);
  }

  @Test
  void a_commit_that_is_late_comes_into_a_later_seal() throws SQLException {
    try (Connection slow = database.engine().getConnection()) {
      slow.setAutoCommit(false);
      AuditRows.append(slow, AuditEntry.done("acme", "slow", "a.b", "flow:slow", Map.of()));
      append("acme", "flow:quick");
      assertThat(sealer.seal()).as("below the running transaction there is nothing").isEmpty();
      slow.commit();
    }
    append("acme", "flow:after");
    assertThat(seal()).hasSize(1);
    AuditVerification.Report report = verify("acme");
    assertThat(report.broken()).isNull();
    assertThat(report.lines()).isEqualTo(3);
  }

  @Test
  void many_writers_and_sealers_at_once_lose_no_line_and_break_no_chain() throws Exception {
    int writers = 6;
    int each = 60;
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int writer = 0; writer < writers; writer++) {
      String tenant = writer % 2 == 0 ? "acme" : "other";
      threads.add(
          Thread.ofPlatform()
              .unstarted(
                  () -> {
                    for (int line = 0; line < each; line++) {
                      append(tenant, "flow:" + line);
                    }
                  }));
    }
    for (int i = 0; i < 2; i++) {
      threads.add(
          Thread.ofPlatform()
              .unstarted(
                  () -> {
                    for (int round = 0; round < 60; round++) {
                      sealer.seal();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    seal();
    assertThat(failures).isEmpty();
    for (String tenant : List.of("acme", "other")) {
      AuditVerification.Report report = verify(tenant);
      assertThat(report.broken()).isNull();
      assertThat(report.lines()).isEqualTo(writers / 2L * each);
      assertThat(report.unsealed()).isZero();
    }
  }

  @Test
  void a_long_trail_is_verified_in_parts() {
    nine("acme");
    long after = 0;
    long lines = 0;
    Set<Long> stops = new HashSet<>();
    AuditVerification.Report report;
    do {
      report = verification.verify("acme", after, null, 1);
      assertThat(report.broken()).isNull();
      lines += report.lines();
      after = report.next() == null ? -1 : report.next();
    } while (after > 0 && stops.add(after));
    assertThat(lines).isEqualTo(9);
  }

  // -- tampering

  @ParameterizedTest
  @ValueSource(
      strings = {
        "actor = 'eve'",
        "action = 'flow.draft'",
        "object = 'flow:other'",
        "outcome = 'denied'",
        "details = '{\"n\": 1}'",
        "details = null",
        "at = at + interval '1 microsecond'"
      })
  void a_changed_line_is_named(String change) {
    nine("acme");
    append("other", "flow:x");
    seal();
    UUID line = id("flow:f4");
    database.execute("update audit set " + change + " where id = '" + line + "'");
    broken(AuditVerification.Fault.CHANGED, 2, line);
  }

  @Test
  void a_deleted_line_is_named() {
    nine("acme");
    UUID line = id("flow:f4");
    database.execute("delete from audit where id = '" + line + "'");
    broken(AuditVerification.Fault.DELETED, 2, line);
  }

  @Test
  void a_line_that_was_moved_to_another_batch_or_tenant_is_named() {
    nine("acme");
    UUID line = id("flow:f4");
    database.execute(
        "update audit set position = (select position from audit where object = 'flow:f0') where id"
            + " = '"
            + line
            + "'");
    broken(AuditVerification.Fault.INSERTED, 1, line);
  }

  @Test
  void two_lines_that_changed_places_are_named() {
    nine("acme");
    UUID first = id("flow:f3");
    database.execute(
        """
        update audit a set position = b.position, at = b.at from audit b
        where a.object in ('flow:f3', 'flow:f4') and b.object in ('flow:f3', 'flow:f4') and a.id <> b.id
        """);
    broken(AuditVerification.Fault.CHANGED, 2, first);
  }

  @Test
  void an_inserted_line_is_named() {
    nine("acme");
    database.execute(
        """
        insert into audit (id, position, at, tenant, actor, action, object)
        select '00000000-0000-4000-8000-000000000001', position, at, tenant, 'eve', action, object from audit where object = 'flow:f4'
        """);
    broken(
        AuditVerification.Fault.INSERTED,
        2,
        UUID.fromString("00000000-0000-4000-8000-000000000001"));
  }

  @Test
  void a_line_inserted_between_the_last_seal_and_the_mark_is_named() {
    nine("acme");
    append("other", "flow:x");
    seal();
    database.execute(
        """
        insert into audit (id, position, tenant, actor, action, object)
        select '00000000-0000-4000-8000-000000000001', position, 'acme', 'eve', action, object from audit where tenant = 'other'
        """);
    broken(
        AuditVerification.Fault.INSERTED,
        4,
        UUID.fromString("00000000-0000-4000-8000-000000000001"));
  }

  @Test
  void a_changed_seal_is_named_also_when_its_lines_agree_with_it() {
    nine("acme");
    database.execute(
        "update audit_seals set sealed_at = sealed_at + interval '1 hour' where seal = 2");
    broken(AuditVerification.Fault.SEAL_CHANGED, 2, null);
  }

  @Test
  void a_seal_that_was_made_anew_breaks_the_chain_at_the_next() throws SQLException {
    nine("acme");
    database.execute("update audit set actor = 'eve' where object = 'flow:f4'");
    try (Connection connection = database.owner().getConnection()) {
      AuditSeal old =
          Sql.first(connection, "select * from audit_seals where seal = 2", AuditSeal::of)
              .orElseThrow();
      List<AuditLine> lines =
          Sql.list(
              connection,
              "select * from audit where position >= ? and position < ? order by position",
              AuditLine::of,
              old.low(),
              old.high());
      AuditSeal forged =
          AuditSeal.of("acme", 2, old.sealedAt(), old.low(), old.high(), lines, old.previous());
      Sql.first(
          connection,
          "update audit_seals set digests = ?, hash = ? where seal = 2 returning seal",
          row -> row.getLong(1),
          forged.digests(),
          forged.hash());
    }
    broken(AuditVerification.Fault.SEAL_CHANGED, 3, null);
  }

  @Test
  void a_seal_that_is_gone_from_the_middle_is_named() {
    nine("acme");
    database.execute("delete from audit_seals where seal = 2");
    broken(AuditVerification.Fault.SEAL_DELETED, 2, null);
  }

  @Test
  void a_tail_that_was_cut_off_is_named() {
    nine("acme");
    UUID line = id("flow:f6");
    database.execute("delete from audit where object in ('flow:f6', 'flow:f7', 'flow:f8')");
    broken(AuditVerification.Fault.DELETED, 3, line);
    database.execute("delete from audit_seals where seal = 3");
    broken(AuditVerification.Fault.SEAL_DELETED, 3, null);
  }

  @Test
  void a_tail_that_was_cut_off_with_every_trace_is_found_by_a_head_that_somebody_kept() {
    nine("acme");
    AuditVerification.Head kept = verify("acme").head();
    database.execute("delete from audit where object in ('flow:f6', 'flow:f7', 'flow:f8')");
    database.execute("delete from audit_seals where seal = 3");
    database.execute(
        "update audit_chains c set seals = 2, sealed_to = s.high, head = s.hash from audit_seals s"
            + " where s.seal = 2");
    assertThat(verify("acme").broken()).isNull();
    assertThat(verification.verify("acme", 0, kept, ALL).broken())
        .isEqualTo(new AuditVerification.Broken(AuditVerification.Fault.SEAL_DELETED, 3, null));
    append("acme", "flow:new");
    seal();
    assertThat(verification.verify("acme", 0, kept, ALL).broken())
        .isEqualTo(new AuditVerification.Broken(AuditVerification.Fault.SEAL_CHANGED, 3, null));
  }

  // -- time

  @Test
  void what_is_younger_than_seven_years_cannot_be_purged() {
    nine("acme");
    for (Duration age : List.of(Duration.ZERO, Duration.ofDays(7 * 365 - 10))) {
      assertThatThrownBy(() -> sealer.purge(age)).hasMessageContaining("kept for seven years");
    }
    assertThat(sealer.purge(Duration.ofDays(7 * 366))).isZero();
    assertThat(verify("acme").lines()).isEqualTo(9);
  }

  @Test
  void the_rest_is_still_valid_after_a_purge() throws SQLException {
    nine("acme");
    aged(2, 8);
    assertThat(verify("acme").broken()).isNull();
    assertThat(sealer.purge(Duration.ofDays(7 * 366))).isEqualTo(6);
    AuditVerification.Report report = verify("acme");
    assertThat(report.broken()).isNull();
    assertThat(report.lines()).isEqualTo(3);
    assertThat(report.head().seal()).isEqualTo(3);
    append("acme", "flow:new");
    seal();
    assertThat(verify("acme").lines()).isEqualTo(4);
  }

  /** Makes the first seals as they would be had they been made years ago. */
  private void aged(int seals, int years) throws SQLException {
    try (Connection connection = database.owner().getConnection()) {
      byte[] previous = new byte[AuditSeal.DIGEST_BYTES];
      for (AuditSeal seal :
          Sql.list(connection, "select * from audit_seals order by seal", AuditSeal::of)) {
        Instant at =
            seal.number() <= seals
                ? seal.sealedAt().minus(Duration.ofDays(366L * years))
                : seal.sealedAt();
        List<AuditLine> lines =
            Sql.list(
                connection,
                "select * from audit where position >= ? and position < ? order by position, id",
                AuditLine::of,
                seal.low(),
                seal.high());
        AuditSeal older =
            AuditSeal.of("acme", seal.number(), at, seal.low(), seal.high(), lines, previous);
        Sql.first(
            connection,
            "update audit_seals set sealed_at = ?, previous = ?, hash = ?, digests = ?, ids = ?"
                + " where seal = ? returning seal",
            row -> row.getLong(1),
            at,
            previous,
            older.hash(),
            older.digests(),
            older.ids().toArray(UUID[]::new),
            seal.number());
        Sql.first(
            connection,
            "update audit_chains set head = ? returning seals",
            row -> row.getLong(1),
            older.hash());
        previous = older.hash();
      }
    }
  }

  @Test
  void a_dump_in_a_cluster_whose_transactions_are_younger_is_settled_by_migrating() {
    nine("acme");
    // As if the trail had been written where transactions had higher numbers.
    database.execute("update audit_mark set sealed_to = sealed_to + 1000000");
    append("acme", "flow:lost");
    assertThat(sealer.seal()).isEmpty();
    database.execute("delete from audit where object = 'flow:lost'");
    new Migrations(database.owner()).run();
    append("acme", "flow:new");
    assertThat(seal()).hasSize(1);
    assertThat(verify("acme").lines()).isEqualTo(10);
    assertThat(verify("acme").broken()).isNull();
  }

  // -- reading

  private static List<String> page(AuditReads reads, String tenant, String actor, String object) {
    return reads
        .page(
            tenant,
            new AuditReads.Query(
                Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"), actor, object, null, 100))
        .lines()
        .stream()
        .map(AuditLine::object)
        .toList();
  }

  @Test
  void lines_are_found_by_actor_object_and_time_the_newest_first() {
    AuditReads reads = new AuditReads(database.api());
    append("acme", "flow:a");
    rows.append(AuditEntry.done("acme", "bob", "execution.cancel", "execution:1", Map.of()));
    append("acme", "flow:b");
    assertThat(page(reads, "acme", null, null)).containsExactly("flow:b", "execution:1", "flow:a");
    assertThat(page(reads, "acme", "bob", null)).containsExactly("execution:1");
    assertThat(page(reads, "acme", null, "flow:a")).containsExactly("flow:a");
    assertThat(page(reads, "acme", null, "flow:*")).containsExactly("flow:b", "flow:a");
    assertThat(page(reads, "acme", "bob", "flow:*")).isEmpty();
    Instant bobs =
        one("select at from audit where actor = 'bob'", OffsetDateTime.class).toInstant();
    assertThat(
            reads
                .page(
                    "acme", new AuditReads.Query(bobs, bobs.plusNanos(1_000), null, null, null, 10))
                .lines())
        .hasSize(1);
  }

  @Test
  void pages_show_every_line_once() {
    AuditReads reads = new AuditReads(database.api());
    nine("acme");
    List<String> seen = new ArrayList<>();
    AuditReads.Place after = null;
    do {
      AuditReads.Found found =
          reads.page(
              "acme",
              new AuditReads.Query(
                  Instant.EPOCH, Instant.parse("9999-12-31T00:00:00Z"), null, null, after, 2));
      found.lines().forEach(line -> seen.add(line.object()));
      after = found.next();
    } while (after != null);
    assertThat(seen).hasSize(9).doesNotHaveDuplicates();
  }
}
