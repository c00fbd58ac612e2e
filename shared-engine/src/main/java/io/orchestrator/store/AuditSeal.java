package io.orchestrator.store;

import io.orchestrator.expression.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * One sealed batch of a tenant's audit trail: all its lines with positions from {@code low} to
 * before {@code high}, each with its digest, chained to the batch before.
 *
 * @param number from 1, without a gap
 * @param digests of the lines, 32 bytes each, in the order of {@code ids}
 * @param previous hash of the seal before; zeros for the first
 * @param hash SHA-256 of all of this
 */
public record AuditSeal(
    String tenant,
    long number,
    Instant sealedAt,
    long low,
    long high,
    List<UUID> ids,
    byte[] digests,
    byte[] previous,
    byte[] hash) {
  static final int DIGEST_BYTES = 32;
  static final String COLUMNS = "tenant, seal, sealed_at, low, high, ids, digests, previous, hash";

  /** Seals lines of one tenant. */
  static AuditSeal of(
      String tenant,
      long number,
      Instant sealedAt,
      long low,
      long high,
      List<AuditLine> lines,
      byte[] previous) {
    List<UUID> ids = lines.stream().map(AuditLine::id).toList();
    ByteArrayOutputStream digests = new ByteArrayOutputStream(DIGEST_BYTES * lines.size());
    lines.forEach(line -> digests.writeBytes(digest(line)));
    byte[] all = digests.toByteArray();
    byte[] hash = hash(tenant, number, sealedAt, low, high, ids, all, previous);
    return new AuditSeal(tenant, number, sealedAt, low, high, ids, all, previous, hash);
  }

  static AuditSeal of(ResultSet row) throws SQLException {
    return new AuditSeal(
        row.getString("tenant"),
        row.getLong("seal"),
        Sql.instant(row, "sealed_at"),
        row.getLong("low"),
        row.getLong("high"),
        List.of((UUID[]) row.getArray("ids").getArray()),
        row.getBytes("digests"),
        row.getBytes("previous"),
        row.getBytes("hash"));
  }

  /** Whether its hash is that of its contents. */
  boolean isWhole() {
    return Arrays.equals(hash, hash(tenant, number, sealedAt, low, high, ids, digests, previous));
  }

  /** Whether the line at that place is as it was sealed. */
  boolean agrees(int place, AuditLine line) {
    int from = place * DIGEST_BYTES;
    return Arrays.equals(digest(line), 0, DIGEST_BYTES, digests, from, from + DIGEST_BYTES);
  }

  private static byte[] digest(AuditLine line) {
    return sha256(line.canonical());
  }

  private static byte[] hash(
      String tenant,
      long number,
      Instant sealedAt,
      long low,
      long high,
      List<UUID> ids,
      byte[] digests,
      byte[] previous) {
    HexFormat hex = HexFormat.of();
    return sha256(
        Json.canonical(
            List.of(
                tenant,
                number,
                Sql.micros(sealedAt),
                low,
                high,
                ids.stream().map(UUID::toString).toList(),
                hex.formatHex(digests),
                hex.formatHex(previous))));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
