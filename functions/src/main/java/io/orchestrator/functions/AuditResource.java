package io.orchestrator.functions;

import io.orchestrator.expression.Json;
import io.orchestrator.store.AuditEntry;
import io.orchestrator.store.AuditLine;
import io.orchestrator.store.AuditReads;
import io.orchestrator.store.AuditRows;
import io.orchestrator.store.AuditVerification;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code /audit}: who did what, whether anybody has touched the record of it, and taking it away.
 */
final class AuditResource {
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");
  private static final int NAME_CHARS_MAX = 600;
  private static final int EXPORTED_MAX = 500;
  private static final int VERIFIED_MAX = 10_000;
  private static final Pattern PLACE = Pattern.compile("([^/]{1,40})/([0-9a-f-]{36})");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SEAL = Pattern.compile("[0-9]{1,18}");

  private final AuditReads reads;
  private final AuditVerification verification;
  private final AuditRows rows;

  AuditResource(AuditReads reads, AuditVerification verification, AuditRows rows) {
    this.reads = reads;
    this.verification = verification;
    this.rows = rows;
  }

  /** {@code GET /audit}: the newest first. */
  Reply list(Visit visit) {
    AuditReads.Found found =
        reads.page(visit.tenant(), query(visit.query(), visit.query().limit()));
    return Page.of(found.lines().stream().map(AuditResource::line).toList(), cursor(found.next()));
  }

  /** {@code POST /audit/exports}: the same as JSON lines, in larger pages. */
  Reply export(Visit visit) {
    Query asked = visit.query();
    AuditReads.Query query = query(asked, EXPORTED_MAX);
    if (query.after() == null) {
      rows.append(told(visit, query));
    }
    AuditReads.Found found = reads.page(visit.tenant(), query);
    String lines =
        found.lines().stream()
            .map(line -> Json.write(line(line)) + "\n")
            .collect(Collectors.joining());
    Reply reply = Reply.text(200, "application/x-ndjson", lines);
    return found.next() == null ? reply : reply.followedBy(Page.cursor(cursor(found.next())));
  }

  private static AuditEntry told(Visit visit, AuditReads.Query query) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("from", query.from().equals(FIRST) ? null : query.from().toString());
    details.put("to", query.to().equals(LAST) ? null : query.to().toString());
    details.put("actor", query.actor());
    details.put("object", query.object());
    return AuditEntry.done(
        visit.tenant(), visit.caller().subject(), visit.route().action(), "audit:trail", details);
  }

  private static AuditReads.Query query(Query query, int limit) {
    return new AuditReads.Query(
        time(query, "from", FIRST),
        time(query, "to", LAST),
        name(query, "actor"),
        name(query, "object"),
        place(Page.after(query)),
        limit);
  }

  private static Instant time(Query query, String name, Instant otherwise) {
    Instant time = query.instant(name);
    if (time != null && (time.isBefore(FIRST) || time.isAfter(LAST))) {
      throw Query.bad(name, "must be a time from 1970 to 9999");
    }
    return time == null ? otherwise : time;
  }

  private static String name(Query query, String name) {
    String text = query.text(name, NAME_CHARS_MAX);
    return text.isEmpty() ? null : text;
  }

  private static String cursor(AuditReads.Place place) {
    return place == null ? null : place.at() + "/" + place.id();
  }

  private static AuditReads.Place place(String cursor) {
    if (cursor.isEmpty()) {
      return null;
    }
    Matcher matcher = PLACE.matcher(cursor);
    try {
      if (matcher.matches()) {
        Instant at = Instant.parse(matcher.group(1));
        if (!at.isBefore(FIRST) && !at.isAfter(LAST)) {
          return new AuditReads.Place(at, UUID.fromString(matcher.group(2)));
        }
      }
    } catch (DateTimeException | IllegalArgumentException notOurs) {
      throw unknownCursor();
    }
    throw unknownCursor();
  }

  private static Refusal unknownCursor() {
    return Query.bad("cursor", "must be the 'next' of an earlier answer");
  }

  private static Map<String, Object> line(AuditLine line) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("id", line.id().toString());
    data.put("at", line.at().toString());
    data.put("actor", line.actor());
    data.put("action", line.action());
    data.put("object", line.object());
    data.put("outcome", line.outcome());
    data.put("details", line.details() == null ? Map.of() : Json.readStored(line.details()));
    return data;
  }

  /** {@code GET /audit/verify}: a part of the chain, and where to go on. */
  Reply verify(Visit visit) {
    Query query = visit.query();
    AuditVerification.Report report =
        verification.verify(visit.tenant(), seal(Page.after(query)), known(query), VERIFIED_MAX);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("valid", report.broken() == null);
    data.put("seals", report.seals());
    data.put("lines", report.lines());
    data.put("unsealed", report.unsealed());
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("seal", report.head().seal());
    head.put("hash", report.head().hash());
    data.put("head", head);
    data.put("broken", report.broken() == null ? null : broken(report.broken()));
    data.put("next", report.next() == null ? null : Page.cursor(Long.toString(report.next())));
    return Reply.json(200, data);
  }

  private static Map<String, Object> broken(AuditVerification.Broken broken) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("fault", broken.fault().text());
    data.put("seal", broken.seal());
    data.put("id", broken.line() == null ? null : broken.line().toString());
    return data;
  }

  private static long seal(String cursor) {
    if (!cursor.isEmpty() && !SEAL.matcher(cursor).matches()) {
      throw unknownCursor();
    }
    return cursor.isEmpty() ? 0 : Long.parseLong(cursor);
  }

  /** A head that the client has kept from an earlier answer. */
  private static AuditVerification.Head known(Query query) {
    String seal = query.text("seal");
    String hash = query.text("hash");
    if (seal.isEmpty() && hash.isEmpty()) {
      return null;
    }
    if (!SEAL.matcher(seal).matches()) {
      throw Query.bad("seal", "must be the number of a seal; it goes with a hash");
    }
    if (!HASH.matcher(hash).matches()) {
      throw Query.bad("hash", "must be the hash of that seal, 64 hexadecimal digits");
    }
    return new AuditVerification.Head(Long.parseLong(seal), hash);
  }
}
