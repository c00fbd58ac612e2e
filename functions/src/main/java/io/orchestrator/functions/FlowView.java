package io.orchestrator.functions;

import io.orchestrator.expression.Json;
import io.orchestrator.insight.Variants;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.TrialRows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A flow as the API shows it. */
final class FlowView {
  private FlowView() {}

  /** The version that starts take, or else the latest; null if there is only a draft. */
  static String current(FlowRow flow) {
    return flow.stable() == null ? flow.latest() : flow.stable();
  }

  static Map<String, Object> line(FlowRow flow) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("flow", flow.flow());
    data.put("version", current(flow));
    data.put("status", status(flow));
    data.put("title", flow.meta().title());
    data.put("description", flow.meta().description());
    data.put("category", flow.meta().category());
    data.put("tags", flow.meta().tags());
    data.put("owner", flow.meta().owner());
    data.put("revision", (long) flow.revision());
    data.put("updated_at", flow.updatedAt().toString());
    return data;
  }

  static Map<String, Object> whole(FlowRow flow, Optional<FlowRow.Version> version) {
    Map<String, Object> data = line(flow);
    data.put("latest", flow.latest());
    data.put("route", route(flow));
    data.put("previous", flow.previous());
    data.put("draft", flow.draft());
    data.put("created_at", flow.createdAt().toString());
    data.put("updated_by", flow.updatedBy());
    version.ifPresent(
        text -> {
          data.put("version", text.version());
          data.put("hash", text.hash());
          data.put("format", text.format());
          data.put("source", text.source());
          data.put("published_at", text.publishedAt().toString());
          data.put("published_by", text.publishedBy());
        });
    return data;
  }

  /** As facets and filters call it. */
  static String status(FlowRow flow) {
    if (flow.isRetired()) {
      return "retired";
    }
    return flow.latest() == null ? "draft" : flow.stable() == null ? "inactive" : "active";
  }

  /** Which versions starts take. */
  static Map<String, Object> route(FlowRow flow) {
    Map<String, Object> route = new LinkedHashMap<>();
    route.put("stable", flow.stable());
    route.put("canary", canary(flow));
    return route;
  }

  private static Object canary(FlowRow flow) {
    return flow.canary() == null ? null : Json.readStored(flow.canary());
  }

  /** What starts make of a version: {@code stable}, {@code canary}, or null for nothing. */
  static String role(FlowRow flow, String version) {
    if (flow.isRetired()) {
      return null;
    }
    boolean tried = canary(flow) instanceof Map<?, ?> map && version.equals(map.get("version"));
    return version.equals(flow.stable()) ? "stable" : tried ? "canary" : null;
  }

  /** A trial with the figures of its versions; null for none. */
  static Map<String, Object> trial(TrialRows.Trial trial) {
    if (trial == null) {
      return null;
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("stable", trial.stable());
    data.put("version", trial.version());
    data.put("goal", trial.goal().isEmpty() ? null : trial.goal());
    data.put("error_rate", trial.errorRate());
    data.put("min_runs", trial.minRuns() == null ? null : (long) trial.minRuns());
    data.put("began_at", trial.beganAt().toString());
    data.put("began_by", trial.beganBy());
    data.put("ended_at", trial.endedAt() == null ? null : trial.endedAt().toString());
    data.put("outcome", trial.outcome());
    data.put("note", trial.note());
    data.put("variants", Variants.data(counts(trial), !trial.goal().isEmpty()));
    return data;
  }

  /** Both versions, also those that have not run yet. */
  private static List<Variants.Counts> counts(TrialRows.Trial trial) {
    return Stream.of(trial.stable(), trial.version())
        .map(
            version ->
                trial.figures().stream()
                    .filter(figures -> figures.version().equals(version))
                    .findFirst()
                    .orElse(new TrialRows.Figures(version, 0, 0, 0)))
        .map(f -> new Variants.Counts(f.version(), f.runs(), f.failures(), f.goals()))
        .toList();
  }

  static Refusal noVersion(String flow, String version) {
    return Refusal.notFound("The flow " + flow + " has no version " + version);
  }

  static Refusal hookTaken(String path, String flow) {
    return new Refusal(
        409,
        "webhook_taken",
        "The flow " + flow + " listens at the webhook path " + path + " already");
  }
}
