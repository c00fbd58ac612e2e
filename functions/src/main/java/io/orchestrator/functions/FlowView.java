package io.orchestrator.functions;

import io.orchestrator.expression.Json;
import io.orchestrator.store.FlowRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
    Map<String, Object> route = new LinkedHashMap<>();
    route.put("stable", flow.stable());
    route.put("canary", flow.canary() == null ? null : Json.readStored(flow.canary()));
    data.put("latest", flow.latest());
    data.put("route", route);
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
}
