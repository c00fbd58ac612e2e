package io.orchestrator.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Walks along the seals of a tenant's audit trail and compares every line with its digest. What was
 * changed, deleted or inserted behind the system's back is named, the first of it.
 */
public final class AuditVerification {
  private static final int SEALS_AT_ONCE = 100;
  private static final int LINES_AT_ONCE = 5_000;

  // One statement, so that the mark is not younger than the chain.
  private static final String CHAIN =
      """
      select m.sealed_to as mark, c.tenant is not null as sealed, c.seals, c.sealed_to, c.head, c.purged, c.purged_to, c.purged_head,
        (select count(*) from (select from audit a where a.tenant = ? and a.position >= m.sealed_to limit 10000) newest) as unsealed
      from audit_mark m left join audit_chains c on c.tenant = ?
      """;

  private static final String SEALS =
      "select %s from audit_seals where tenant = ? and seal >= ? and seal <= ? order by seal limit ?"
          .formatted(AuditSeal.COLUMNS);

  private static final String LINES =
      """
      select %s from audit where tenant = ? and position >= ? and position < ? order by position, id limit ?
      """
          .formatted(AuditLine.COLUMNS);

  private final Tenancy tenancy;

  /** Reads there; the role is the API's. */
  public AuditVerification(DataSource source) {
    this.tenancy = new Tenancy(source);
  }

  /** A seal and its hash, which vouch for everything before it. */
  public record Head(long seal, String hash) {}

  /** What may be wrong. */
  public enum Fault {
    CHANGED("changed"),
    DELETED("deleted"),
    INSERTED("inserted"),
    SEAL_CHANGED("seal_changed"),
    SEAL_DELETED("seal_deleted");

    private final String text;

    Fault(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /**
   * The first thing that is wrong.
   *
   * @param seal the batch that it is in, or should be
   * @param line null if it is the seal itself
   */
  public record Broken(Fault fault, long seal, UUID line) {}

  /**
   * What was found.
   *
   * @param seals that were walked along
   * @param lines in them
   * @param unsealed lines that no seal vouches for yet, counted up to 10,000
   * @param head where the chain ends
   * @param broken null if nothing is
   * @param next the seal after which to go on; null if that was all
   */
  public record Report(
      long seals, long lines, long unsealed, Head head, Broken broken, Long next) {}

  private record Chain(
      long mark,
      boolean sealed,
      long seals,
      long sealedTo,
      byte[] head,
      long purged,
      long purgedTo,
      byte[] purgedHead,
      long unsealed) {
    static Chain of(ResultSet row) throws SQLException {
      byte[] zeros = new byte[AuditSeal.DIGEST_BYTES];
      boolean sealed = row.getBoolean("sealed");
      return new Chain(
          row.getLong("mark"),
          sealed,
          row.getLong("seals"),
          row.getLong("sealed_to"),
          sealed ? row.getBytes("head") : zeros,
          row.getLong("purged"),
          row.getLong("purged_to"),
          sealed ? row.getBytes("purged_head") : zeros,
          row.getLong("unsealed"));
    }

    Head shown() {
      return new Head(seals, HexFormat.of().formatHex(head));
    }
  }

  /** How far the walk has come. */
  private static final class Walk {
    private long seal;
    private long high;
    private byte[] hash;
    private long seals;
    private long lines;
    private Broken broken;

    private Walk(long seal, long high, byte[] hash) {
      this.seal = seal;
      this.high = high;
      this.hash = hash;
    }

    private void passed(AuditSeal next) {
      seal = next.number();
      high = next.high();
      hash = next.hash();
      seals++;
      lines += next.ids().size();
    }
  }

  /**
   * Verifies a part of it, about so many lines.
   *
   * @param after the seal before the part, 0 for the first; it must have been verified before
   * @param known a head that somebody kept: that seal must still be the same; null if nobody did
   */
  public Report verify(String tenant, long after, Head known, int linesMax) {
    return tenancy.transaction(
        tenant, connection -> verify(connection, tenant, after, known, linesMax));
  }

  private static Report verify(
      Connection connection, String tenant, long after, Head known, int linesMax)
      throws SQLException {
    Chain chain = Sql.first(connection, CHAIN, Chain::of, tenant, tenant).orElseThrow();
    Walk walk = begin(connection, tenant, chain, after);
    while (walk.broken == null && walk.seal < chain.seals && walk.lines < linesMax) {
      step(connection, tenant, chain, walk);
    }
    boolean done = walk.broken == null && walk.seal >= chain.seals;
    if (done) {
      walk.broken = end(connection, tenant, chain, walk);
    }
    if (walk.broken == null && known != null) {
      walk.broken = compared(connection, tenant, chain, known);
    }
    Long next = done || walk.broken != null ? null : walk.seal;
    return new Report(walk.seals, walk.lines, chain.unsealed, chain.shown(), walk.broken, next);
  }

  /** Behind what is purged, or behind a seal that was verified before. */
  private static Walk begin(Connection connection, String tenant, Chain chain, long after)
      throws SQLException {
    if (after <= chain.purged) {
      Walk walk = new Walk(chain.purged, chain.purgedTo, chain.purgedHead);
      walk.broken = stray(connection, tenant, 0, chain.purgedTo, chain.purged);
      return walk;
    }
    List<AuditSeal> seal = seals(connection, tenant, after, after, 1);
    Walk walk =
        seal.isEmpty()
            ? new Walk(after, 0, new byte[0])
            : new Walk(after, seal.getFirst().high(), seal.getFirst().hash());
    walk.broken = seal.isEmpty() ? new Broken(Fault.SEAL_DELETED, after, null) : null;
    return walk;
  }

  private static void step(Connection connection, String tenant, Chain chain, Walk walk)
      throws SQLException {
    List<AuditSeal> seals = seals(connection, tenant, walk.seal + 1, chain.seals, SEALS_AT_ONCE);
    if (seals.isEmpty()) {
      walk.broken = new Broken(Fault.SEAL_DELETED, walk.seal + 1, null);
      return;
    }
    for (AuditSeal seal : seals) {
      walk.broken = misfit(walk, seal);
      if (walk.broken != null) {
        return;
      }
      walk.broken = lines(connection, tenant, seal);
      if (walk.broken != null) {
        return;
      }
      walk.passed(seal);
    }
  }

  private static Broken misfit(Walk walk, AuditSeal seal) {
    if (seal.number() != walk.seal + 1) {
      return new Broken(Fault.SEAL_DELETED, walk.seal + 1, null);
    }
    boolean follows = Arrays.equals(seal.previous(), walk.hash) && seal.low() == walk.high;
    return follows && seal.isWhole() ? null : new Broken(Fault.SEAL_CHANGED, seal.number(), null);
  }

  private static Broken lines(Connection connection, String tenant, AuditSeal seal)
      throws SQLException {
    int most = seal.ids().size() + LINES_AT_ONCE;
    Map<UUID, AuditLine> found = new LinkedHashMap<>();
    for (AuditLine line :
        Sql.list(connection, LINES, AuditLine::of, tenant, seal.low(), seal.high(), most)) {
      if (found.putIfAbsent(line.id(), line) != null) {
        return new Broken(Fault.INSERTED, seal.number(), line.id());
      }
    }
    for (int place = 0; place < seal.ids().size(); place++) {
      UUID id = seal.ids().get(place);
      AuditLine line = found.remove(id);
      if (line == null) {
        return new Broken(Fault.DELETED, seal.number(), id);
      }
      if (!seal.agrees(place, line)) {
        return new Broken(Fault.CHANGED, seal.number(), id);
      }
    }
    return found.keySet().stream()
        .findFirst()
        .map(id -> new Broken(Fault.INSERTED, seal.number(), id))
        .orElse(null);
  }

  /** The chain must end where its row says, and nothing may stand between it and the mark. */
  private static Broken end(Connection connection, String tenant, Chain chain, Walk walk)
      throws SQLException {
    boolean ends = Arrays.equals(chain.head, walk.hash) && chain.sealedTo == walk.high;
    if (!ends) {
      return new Broken(Fault.SEAL_CHANGED, chain.seals, null);
    }
    if (!chain.sealed && !seals(connection, tenant, 1, Long.MAX_VALUE, 1).isEmpty()) {
      return new Broken(Fault.SEAL_CHANGED, 1, null);
    }
    return stray(connection, tenant, chain.sealedTo, chain.mark, chain.seals + 1);
  }

  private static Broken stray(Connection connection, String tenant, long low, long high, long seal)
      throws SQLException {
    return Sql.first(connection, LINES, AuditLine::of, tenant, low, high, 1)
        .map(line -> new Broken(Fault.INSERTED, seal, line.id()))
        .orElse(null);
  }

  private static Broken compared(Connection connection, String tenant, Chain chain, Head known)
      throws SQLException {
    if (known.seal == 0 || known.seal <= chain.purged) {
      return null;
    }
    Optional<AuditSeal> seal =
        seals(connection, tenant, known.seal, known.seal, 1).stream().findFirst();
    if (seal.isEmpty()) {
      return new Broken(Fault.SEAL_DELETED, known.seal, null);
    }
    return HexFormat.of().formatHex(seal.get().hash()).equals(known.hash)
        ? null
        : new Broken(Fault.SEAL_CHANGED, known.seal, null);
  }

  private static List<AuditSeal> seals(
      Connection connection, String tenant, long from, long to, int most) throws SQLException {
    return Sql.list(connection, SEALS, AuditSeal::of, tenant, from, to, most);
  }
}
