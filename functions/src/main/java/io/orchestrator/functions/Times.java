package io.orchestrator.functions;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Times that clients write (RFC 3339), of the years 1 to 9999. */
final class Times {
  /** Other times are none to RFC 3339, and some of them none to the database. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

  private Times() {}

  /** The time; empty if it is none. */
  static Optional<Instant> read(String text) {
    try {
      Instant at = Instant.parse(text);
      return at.isBefore(FIRST) || at.isAfter(LAST) ? Optional.empty() : Optional.of(at);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
