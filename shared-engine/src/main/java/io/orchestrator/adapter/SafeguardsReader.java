package io.orchestrator.adapter;

import io.orchestrator.adapter.guard.CircuitBreaker;
import io.orchestrator.adapter.guard.RateLimit;
import io.orchestrator.flow.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code circuit_breaker}, {@code rate_limit}, {@code fallback} and {@code health}. */
final class SafeguardsReader {
  private static final Duration MOMENT = Duration.ofMillis(10);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private SafeguardsReader() {}

  /**
   * Reads them.
   *
   * @param hasUrl whether there is something to ask for its health
   */
  static Safeguards read(Fields fields, String adapter, boolean hasUrl) {
    return new Safeguards(
        circuit(fields.map("circuit_breaker")),
        fields.parsed("rate_limit", RateLimit::parse),
        fallback(fields, adapter),
        health(fields, adapter, hasUrl));
  }

  private static CircuitBreaker circuit(Fields fields) {
    if (fields == null) {
      return null;
    }
    fields.only(Set.of("failures", "window", "open"));
    Long failures = fields.whole("failures", 1, Limits.CIRCUIT_FAILURES_MAX);
    Duration window = fields.duration("window", MOMENT, HOUR);
    Duration open = fields.duration("open", MOMENT, HOUR);
    return new CircuitBreaker(
        failures == null ? Limits.CIRCUIT_FAILURES_DEFAULT : failures.intValue(),
        window == null ? Limits.CIRCUIT_WINDOW_DEFAULT : window,
        open == null ? Limits.CIRCUIT_OPEN_DEFAULT : open);
  }

  private static List<String> fallback(Fields fields, String adapter) {
    List<?> written = fields.list("fallback");
    List<String> names = new ArrayList<>();
    for (Object name : written == null ? List.of() : written) {
      if (!(name instanceof String text) || !DefinitionReader.NAME.matcher(text).matches()) {
        fields.problem(
            Code.BAD_NAME, "fallback", "a fallback is the name of an adapter, not " + name, "");
      } else if (text.equals(adapter) || names.contains(text)) {
        fields.problem(
            Code.CONTRADICTION, "fallback", text + " cannot stand in for itself, or twice", "");
      } else {
        names.add(text);
      }
    }
    if (names.size() > Limits.FALLBACKS_MAX) {
      fields.problem(
          Code.BAD_VALUE, "fallback", "at most " + Limits.FALLBACKS_MAX + " adapters", "");
    }
    return List.copyOf(names);
  }

  private static HealthCheck health(Fields all, String adapter, boolean hasUrl) {
    Fields fields = all.map("health");
    if (fields == null) {
      return null;
    }
    fields.only(Set.of("path", "every"));
    Duration every = fields.duration("every", Limits.HEALTH_EVERY_MIN, DAY);
    String path = fields.text("path");
    if (path == null && !fields.has("path")) {
      fields.problem(Code.MISSING_KEY, "", "health needs a path", "path: /health");
    }
    if (!hasUrl) {
      all.problem(
          Code.CONTRADICTION, "health", "without a base_url there is nobody to ask for health", "");
    }
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("method", "GET");
    question.put("path", path);
    Action action = ActionReader.read("health", fields.with(question), adapter, "http");
    if (!action.path().parameters().isEmpty()) {
      fields.problem(Code.BAD_VALUE, "path", "the path of a health check has no parameters", "");
    }
    return new HealthCheck(action, every == null ? Limits.HEALTH_EVERY_DEFAULT : every);
  }
}
