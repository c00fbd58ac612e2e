package io.orchestrator.functions;

import io.orchestrator.catalog.Catalog;
import io.orchestrator.insight.Analytics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** {@code GET /flows/{flow}/analytics}: how a flow did, by whole hours. */
final class AnalyticsResource {
  private static final Duration USUAL = Duration.ofDays(1);
  private static final Duration SPAN_MAX = Duration.ofDays(400);
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-30T00:00:00Z");

  private final Catalog catalog;
  private final Analytics analytics;

  AnalyticsResource(Catalog catalog, Analytics analytics) {
    this.catalog = catalog;
    this.analytics = analytics;
  }

  Reply get(Visit visit) {
    String flow = visit.path().get("flow");
    Instant to = time(visit.query(), "to", Instant.now());
    Instant from = time(visit.query(), "from", to.minus(USUAL));
    if (!from.isBefore(to)) {
      throw Query.bad("from", "must be before 'to'");
    }
    if (Duration.between(from, to).compareTo(SPAN_MAX) > 0) {
      throw Query.bad("from", "must be at most " + SPAN_MAX.toDays() + " days before 'to'");
    }
    if (catalog.get(visit.tenant(), flow).isEmpty()) {
      throw Refusal.notFound("There is no flow " + flow);
    }
    Instant first = from.truncatedTo(ChronoUnit.HOURS);
    Instant last = to.minusNanos(1).truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
    Map<String, Object> data = analytics.of(visit.tenant(), flow, first, last);
    data.put("trial", FlowView.trial(catalog.trials().latest(visit.tenant(), flow).orElse(null)));
    return Reply.json(200, data);
  }

  private static Instant time(Query query, String name, Instant otherwise) {
    Instant time = query.instant(name);
    if (time != null && (time.isBefore(FIRST) || time.isAfter(LAST))) {
      throw Query.bad(name, "must be a time from 1970 to 9999");
    }
    return time == null ? otherwise : time;
  }
}
