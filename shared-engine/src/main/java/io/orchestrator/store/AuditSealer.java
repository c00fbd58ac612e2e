package io.orchestrator.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Seals the audit trail in batches. A batch ends below every transaction that is still running:
 * what such a one writes will have its position, so it cannot come into a batch that is closed. Of
 * any number of sealers one seals at a time.
 */
public final class AuditSealer {
  private static final String ANY =
      """
      select 1 as any from audit where position >= (select sealed_to from audit_mark)
        and position < pg_snapshot_xmin(pg_current_snapshot())::text::int8 + (select shift from audit_mark)
      limit 1
      """;

  private static final String BOUNDS =
      """
      select sealed_to as low, pg_snapshot_xmin(pg_current_snapshot())::text::int8 + shift as high, clock_timestamp() as at
      from audit_mark for update skip locked
      """;

  private static final String LINES =
      "select %s from audit where position >= ? and position < ? order by position limit ?"
          .formatted(AuditLine.COLUMNS);

  private static final String CHAINS =
      "select tenant, seals, sealed_to, head from audit_chains where tenant = any(?)";

  private static final String SEAL =
      """
      insert into audit_seals (tenant, seal, sealed_at, low, high, ids, digests, previous, hash)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning seal
      """;

  private static final String CHAIN =
      """
      insert into audit_chains as c (tenant, seals, sealed_to, head) values (?, ?, ?, ?)
      on conflict (tenant) do update set seals = excluded.seals, sealed_to = excluded.sealed_to, head = excluded.head
      returning seals
      """;

  private static final String MARK = "update audit_mark set sealed_to = ? returning sealed_to";

  private static final String PURGE =
      "select purge_audit(clock_timestamp() - ? * interval '1 microsecond', ?) as gone";

  /** Lines read at once; far more than one transaction writes. */
  private static final int LINES_MAX = 5_000;

  private static final int SEALS_PURGED_MAX = 500;

  private final DataSource source;

  /** Seals there; the role is the engine's. */
  public AuditSealer(DataSource source) {
    this.source = source;
  }

  /** What was sealed of a tenant; its hash vouches for everything before it. */
  public record Sealed(String tenant, long seal, int lines, String hash) {}

  /** Seals what is complete. A transaction that writes nothing if there is nothing to seal. */
  public List<Sealed> seal() {
    return Sql.repeatable(
        source,
        "sealing the audit trail",
        connection -> {
          if (Sql.first(connection, ANY, row -> row.getInt("any")).isEmpty()) {
            return List.of();
          }
          connection.setAutoCommit(false);
          List<AuditSeal> seals = seal(connection);
          connection.commit();
          return seals.stream().map(AuditSealer::told).toList();
        });
  }

  private static Sealed told(AuditSeal seal) {
    return new Sealed(
        seal.tenant(), seal.number(), seal.ids().size(), HexFormat.of().formatHex(seal.hash()));
  }

  private record Bounds(long low, long high, Instant at) {}

  private record Chain(String tenant, long seals, long sealedTo, byte[] head) {
    static Chain begun(String tenant) {
      return new Chain(tenant, 0, 0, new byte[AuditSeal.DIGEST_BYTES]);
    }
  }

  private static List<AuditSeal> seal(Connection connection) throws SQLException {
    Optional<Bounds> found =
        Sql.first(
            connection,
            BOUNDS,
            row -> new Bounds(row.getLong("low"), row.getLong("high"), Sql.instant(row, "at")));
    if (found.isEmpty() || found.get().low >= found.get().high) {
      return List.of(); // another sealer is at it, or was a moment ago
    }
    Bounds bounds = found.get();
    List<AuditLine> lines =
        Sql.list(connection, LINES, AuditLine::of, bounds.low, bounds.high, LINES_MAX);
    long high = bounds.high;
    if (lines.size() == LINES_MAX) {
      // The last transaction among them may have more lines; it stays for the next batch.
      long cut = lines.getLast().position();
      high = cut;
      lines = lines.stream().filter(line -> line.position() < cut).toList();
    }
    if (lines.isEmpty()) {
      return List.of();
    }
    List<AuditSeal> seals = new ArrayList<>();
    Map<String, List<AuditLine>> byTenant =
        lines.stream()
            .collect(Collectors.groupingBy(AuditLine::tenant, TreeMap::new, Collectors.toList()));
    Map<String, Chain> chains = chains(connection, List.copyOf(byTenant.keySet()));
    for (Map.Entry<String, List<AuditLine>> one : byTenant.entrySet()) {
      String tenant = one.getKey();
      Chain chain = chains.getOrDefault(tenant, Chain.begun(tenant));
      List<AuditLine> ordered =
          one.getValue().stream()
              .sorted(
                  Comparator.comparingLong(AuditLine::position)
                      .thenComparing(AuditLine::id, Sql.ID_ORDER))
              .toList();
      AuditSeal seal =
          AuditSeal.of(
              tenant, chain.seals + 1, bounds.at, chain.sealedTo, high, ordered, chain.head);
      write(connection, seal);
      seals.add(seal);
    }
    Sql.first(connection, MARK, row -> row.getLong(1), high);
    return seals;
  }

  private static Map<String, Chain> chains(Connection connection, List<String> tenants)
      throws SQLException {
    return Sql.list(
            connection,
            CHAINS,
            row ->
                new Chain(
                    row.getString("tenant"),
                    row.getLong("seals"),
                    row.getLong("sealed_to"),
                    row.getBytes("head")),
            tenants)
        .stream()
        .collect(Collectors.toMap(Chain::tenant, chain -> chain));
  }

  private static void write(Connection connection, AuditSeal seal) throws SQLException {
    Sql.first(
        connection,
        SEAL,
        row -> row.getLong(1),
        seal.tenant(),
        seal.number(),
        seal.sealedAt(),
        seal.low(),
        seal.high(),
        seal.ids().toArray(UUID[]::new),
        seal.digests(),
        seal.previous(),
        seal.hash());
    Sql.first(
        connection,
        CHAIN,
        row -> row.getLong(1),
        seal.tenant(),
        seal.number(),
        seal.high(),
        seal.hash());
  }

  /**
   * Deletes the oldest seals and their lines, those sealed that long ago; the database refuses what
   * is younger than seven years. Returns how many lines are gone.
   */
  public long purge(Duration kept) {
    return Sql.repeatable(
        source,
        "purging the audit trail",
        connection ->
            Sql.first(connection, PURGE, row -> row.getLong("gone"), kept, SEALS_PURGED_MAX)
                .orElse(0L));
  }
}
