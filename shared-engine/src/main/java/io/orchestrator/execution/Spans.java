package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Scope;
import io.orchestrator.flow.Durations;
import io.orchestrator.flow.TimeSpan;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** How long a time span of a flow is, here and now. */
final class Spans {
  private static final Duration SPAN_MAX = Duration.ofDays(365);

  private Spans() {}

  /**
   * The length in whole microseconds, as exact as the database; at most 365 days, not positive if
   * it lies in the past.
   *
   * @throws ExpressionException when the expression gives something else
   */
  static Duration length(TimeSpan span, Scope scope, Instant now) {
    Duration length =
        switch (span) {
          case TimeSpan.Fixed fixed -> fixed.duration();
          case TimeSpan.Computed computed -> duration(computed.expression().evaluate(scope));
          case TimeSpan.Until until ->
              Duration.between(now, instant(until.instant().evaluate(scope)));
        };
    if (length.compareTo(SPAN_MAX) > 0) {
      throw new ExpressionException("a wait of more than 365 days is not possible: " + length, -1);
    }
    return length.truncatedTo(ChronoUnit.MICROS);
  }

  private static Duration duration(Object value) {
    Duration length = value instanceof String text ? Durations.parse(text) : null;
    if (length == null) {
      throw new ExpressionException("not a duration such as 15m or PT15M: " + value, -1);
    }
    return length;
  }

  private static Instant instant(Object value) {
    try {
      if (value instanceof String text) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeException e) {
      throw new ExpressionException("not an ISO-8601 date and time with offset: " + value, -1);
    }
    throw new ExpressionException("not an ISO-8601 date and time with offset: " + value, -1);
  }
}
