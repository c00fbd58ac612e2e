package io.orchestrator.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.adapter.Answer;
import io.orchestrator.engine.Sweeper;
import io.orchestrator.expression.Json;
import io.orchestrator.store.ArchiveRows;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.Sweeps;
import io.orchestrator.testing.TestDatabase;
import io.orchestrator.testing.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories are archived before they are deleted, and deleted only then. */
class ArchiverTest {
  private static final String CANARY = "4111-1111-canary-1111";
  private static final Duration SHORT = Duration.ofSeconds(20);

  @TempDir Path folder;
  private TestDatabase database;
  private World world;
  private Sweeps sweeps;
  private Archiver archiver;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    world = new World(new PostgresExecutionStore(database.engine()));
    world.service("a", call -> new Answer.Done(Map.of("echo", CANARY, "ok", true), "a"));
    world.publish(
        """
        flow: secretive
        input: {card: string, n: integer}
        mask: [$input.card]
        steps:
          - pay: {adapter: a, params: {card: $input.card}}
          - set: {seen: $pay.echo}
        """,
        "a");
    world.publish("flow: waits\nsteps:\n  - q: {await: {callback: true}}\n");
    sweeps = new Sweeps(database.engine());
    archiver = new Archiver(rows(), new FolderArchive(folder));
  }

  @AfterEach
  void close() {
    world.close();
    database.close();
  }

  private ArchiveRows rows() {
    return new ArchiveRows(database.engine());
  }

  /** Executions that ended that many days ago, with ids of their time. */
  private List<UUID> old(int executions, int days) {
    List<UUID> ids = new ArrayList<>();
    for (long n = 0; n < executions; n++) {
      UUID id = world.start("secretive", Map.of("card", CANARY, "n", n));
      world.ended(id);
      ids.add(aged(id, days));
    }
    return ids;
  }

  private UUID aged(UUID id, int days) {
    long millis = System.currentTimeMillis() - Duration.ofDays(days).toMillis();
    UUID older =
        new UUID(
            (millis << 16) | (id.getMostSignificantBits() & 0xffff), id.getLeastSignificantBits());
    String past = " - interval '" + days + " days'";
    database.execute(
        "update executions set id = '%s', started_at = started_at %s, ended_at = ended_at %s where id = '%s'"
            .formatted(older, past, past, id));
    database.execute(
        "update transitions set execution = '%s', at = at %s where execution = '%s'"
            .formatted(older, past, id));
    return older;
  }

  private long count(String from) {
    try (Connection connection = database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + from)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Map<String, Object>> archived() throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] text =
            new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file))).readAllBytes();
        new String(text, StandardCharsets.UTF_8)
            .lines()
            .map(line -> map(Json.read(line)))
            .forEach(all::add);
      }
    }
    return all;
  }

  @SuppressWarnings("unchecked") // a line is a map with names
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }

  @Test
  void what_ended_long_ago_is_archived_and_then_deleted() throws IOException {
    List<UUID> old = old(3, 100);
    UUID recent = world.start("secretive", Map.of("card", CANARY, "n", 9L));
    world.ended(recent);
    assertThat(sweeps.purge(Sweeper.RETENTION, 5)).as("nothing is archived").isZero();

    assertThat(archiver.archive(Sweeper.RETENTION, SHORT)).isEqualTo(3);
    assertThat(archiver.archive(Sweeper.RETENTION, SHORT)).as("once").isZero();
    assertThat(sweeps.purge(Sweeper.RETENTION, 5)).isEqualTo(3);

    assertThat(count("executions")).isEqualTo(1);
    assertThat(count("transitions where execution <> '" + recent + "'")).isZero();
    assertThat(count("archived")).isZero();
    assertThat(archived())
        .extracting(line -> line.get("execution"))
        .containsExactlyInAnyOrderElementsOf(old.stream().map(UUID::toString).toList());
    Map<String, Object> one = archived().getFirst();
    assertThat(one)
        .containsEntry("tenant", World.TENANT)
        .containsEntry("flow", "secretive")
        .containsEntry("status", "completed");
    assertThat((List<?>) one.get("transitions"))
        .extracting(line -> map(line).get("event"))
        .startsWith("execution_started")
        .endsWith("execution_completed");
  }

  @Test
  void what_is_masked_is_covered_in_the_archive_and_its_seal_is_not_there() throws IOException {
    old(2, 100);
    assertThat(count("transitions where data::text like '%sealed%'")).isPositive();
    archiver.archive(Sweeper.RETENTION, SHORT);
    String all = archived().toString();
    assertThat(all).contains("***").doesNotContain(CANARY).doesNotContain("sealed");
  }

  @Test
  void an_archive_that_fails_keeps_everything_where_it_is() throws IOException {
    old(2, 100);
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Archiver broken = new Archiver(rows(), new FolderArchive(file));
    assertThatThrownBy(() -> broken.archive(Sweeper.RETENTION, SHORT))
        .isInstanceOf(ArchiveException.class);
    assertThat(sweeps.purge(Sweeper.RETENTION, 5)).isZero();
    assertThat(count("executions")).isEqualTo(2);
  }

  @Test
  void an_archive_that_keeps_something_else_is_not_believed() {
    old(1, 100);
    FolderArchive real = new FolderArchive(folder);
    Archive lossy =
        new Archive() {
          @Override
          public void put(String name, byte[] content) {
            byte[] other = content.clone();
            other[other.length / 2] ^= 1;
            real.put(name, other);
          }

          @Override
          public Optional<byte[]> get(String name) {
            return real.get(name);
          }

          @Override
          public void close() {
            real.close();
          }
        };
    assertThatThrownBy(() -> new Archiver(rows(), lossy).archive(Sweeper.RETENTION, SHORT))
        .isInstanceOf(ArchiveException.class)
        .hasMessageContaining("not in the archive as it was written");
    assertThat(count("archived")).isZero();
    assertThat(sweeps.purge(Sweeper.RETENTION, 5)).isZero();
  }

  @Test
  void archiving_again_after_a_crash_makes_the_same_object() throws IOException {
    old(2, 100);
    archiver.archive(Sweeper.RETENTION, SHORT);
    database.execute("delete from archived");
    assertThat(archiver.archive(Sweeper.RETENTION, SHORT)).isEqualTo(2);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1);
    }
  }

  @Test
  void what_lives_is_neither_archived_nor_deleted() {
    UUID waiting = world.start("waits", null);
    world.reaches(waiting, "waiting");
    UUID older = aged(waiting, 100);
    assertThat(archiver.archive(Sweeper.RETENTION, SHORT)).isZero();
    database.execute(
        "insert into archived (execution, revision, object) select id, revision, 'x' from"
            + " executions");
    assertThat(sweeps.purge(Sweeper.RETENTION, 5)).isZero();
    assertThat(count("executions where id = '" + older + "'")).isEqualTo(1);
  }
}
