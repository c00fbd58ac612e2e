package io.orchestrator.functions;

import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.adapter.Guards;
import io.orchestrator.adapter.guard.Circuit;
import io.orchestrator.adapter.guard.CircuitState;
import io.orchestrator.adapter.guard.Forced;
import io.orchestrator.adapter.guard.Guarded;
import io.orchestrator.catalog.TenantCircuits;
import io.orchestrator.flow.Problem;
import io.orchestrator.store.HealthRows;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /adapters/{name}/health} and {@code /circuit}: how a service is, whether it is called, and
 * orders not to.
 */
final class AdapterHealthResource {
  private static final int REASON_CHARS_MAX = 500;
  private static final List<String> FORCE = List.of("FORCED_OPEN", "forced_open");
  private static final List<String> RELEASE = List.of("CLOSED", "closed");

  private final Definitions definitions;
  private final HealthRows rows;
  private final Guards guards;
  private final TenantCircuits orders;
  private final InstantSource clock;

  AdapterHealthResource(
      Definitions definitions,
      HealthRows rows,
      Guards guards,
      TenantCircuits orders,
      InstantSource clock) {
    this.definitions = definitions;
    this.rows = rows;
    this.guards = guards;
    this.orders = orders;
    this.clock = clock;
  }

  Reply get(Visit visit) {
    Definition definition = definition(visit);
    Optional<HealthRows.Health> health = rows.find(visit.tenant(), definition.adapter());
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("adapter", definition.adapter());
    data.put("status", status(health));
    data.put("since", health.map(HealthRows.Health::since).map(Instant::toString).orElse(null));
    data.put("next_check", health.map(HealthRows.Health::next).map(Instant::toString).orElse(null));
    data.put("circuit", circuit(guarded(visit), definition));
    data.put(
        "rate_limit",
        definition.safeguards().rate() == null ? null : definition.safeguards().rate().text());
    data.put("fallback", definition.safeguards().fallback());
    data.put(
        "checks",
        health.map(HealthRows.Health::checks).orElse(List.of()).stream()
            .map(AdapterHealthResource::check)
            .toList());
    return Reply.json(200, data);
  }

  Reply setCircuit(Visit visit) {
    Definition definition = definition(visit);
    Map<String, Object> body = Body.object(visit.request(), List.of("state", "reason"));
    Guarded guarded = guarded(visit);
    String by = visit.caller().subject();
    if (forces(body.get("state"))) {
      orders.force(guarded, reason(body.get("reason"), true), by);
    } else {
      orders.release(guarded, reason(body.get("reason"), false), by);
      guards.close(guarded);
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("adapter", definition.adapter());
    data.put("circuit", circuit(guarded, definition));
    return Reply.json(200, data);
  }

  // -- what is shown

  private static String status(Optional<HealthRows.Health> health) {
    if (health.isEmpty()) {
      return "unchecked";
    }
    Boolean up = health.get().up();
    return up == null ? "unknown" : up ? "up" : "down";
  }

  /** Null if the adapter has none and nobody has forced it. */
  private Map<String, Object> circuit(Guarded guarded, Definition definition) {
    Forced forced = guards.forced(guarded);
    if (forced == null && definition.safeguards().circuit() == null) {
      return null;
    }
    Optional<Circuit> found = guards.look(guarded, definition);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("state", state(forced, found));
    data.put("shared", guards.areShared());
    data.put("failures", found.map(circuit -> (long) circuit.failures()).orElse(null));
    data.put("since", since(forced, found));
    boolean open = forced == null && found.isPresent() && found.get().left().isPositive();
    data.put("retry_at", open ? clock.instant().plus(found.get().left()).toString() : null);
    data.put("reason", forced == null ? null : forced.reason());
    data.put("by", forced == null ? null : forced.by());
    return data;
  }

  private static String state(Forced forced, Optional<Circuit> found) {
    return forced != null
        ? CircuitState.FORCED_OPEN.name()
        : found.map(circuit -> circuit.state().name()).orElse(null);
  }

  private String since(Forced forced, Optional<Circuit> found) {
    if (forced != null) {
      return forced.since().toString();
    }
    return found
        .map(Circuit::lasting)
        .map(lasting -> clock.instant().minus(lasting).toString())
        .orElse(null);
  }

  private static Map<String, Object> check(HealthRows.Check check) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("instant", check.instant().toString());
    data.put("at", check.at().toString());
    data.put("up", check.up());
    data.put("status", check.status() == null ? null : (long) check.status());
    data.put("took_ms", check.took().toMillis());
    data.put("note", check.note());
    return data;
  }

  // -- what is asked

  private Definition definition(Visit visit) {
    String name = visit.path().get("name");
    Definition definition = definitions.find(visit.tenant(), name);
    if (definition == null) {
      throw Refusal.notFound("There is no adapter " + name);
    }
    return definition;
  }

  private static Guarded guarded(Visit visit) {
    return new Guarded(visit.tenant(), visit.path().get("name"));
  }

  private static boolean forces(Object value) {
    if (value instanceof String text && (FORCE.contains(text) || RELEASE.contains(text))) {
      return FORCE.contains(text);
    }
    throw wrong(
        value == null ? "missing_field" : "bad_value",
        "/state",
        "The state must be FORCED_OPEN or CLOSED; the others are found by calls",
        "{\"state\": \"FORCED_OPEN\", \"reason\": \"...\"}");
  }

  private static String reason(Object value, boolean needed) {
    if (value == null && !needed) {
      return "";
    }
    if (value instanceof String text && !text.isBlank() && text.length() <= REASON_CHARS_MAX) {
      return text;
    }
    throw wrong(
        value == null ? "missing_field" : "bad_value",
        "/reason",
        "The reason must be a text of 1 to " + REASON_CHARS_MAX + " characters",
        "");
  }

  private static Refusal wrong(String code, String path, String message, String hint) {
    return Refusal.invalid(List.of(new Problem(code, path, 0, 0, message, hint)));
  }
}
