package io.orchestrator.adapter;

import io.orchestrator.adapter.DefinitionReader.Reading;
import io.orchestrator.expression.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A call in the making, for tests: it says only what matters to them. */
public record Calling(
    String adapter,
    String action,
    Object params,
    int attempt,
    Duration timeout,
    boolean awaits,
    String callbackUrl,
    String traceparent) {
  /** The time of every call. */
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** The execution that calls. */
  public static final UUID EXECUTION = UUID.fromString("019cc0de-0000-7000-8000-000000000001");

  public static Calling call(String adapter, String action, Object params) {
    return new Calling(adapter, action, params, 1, null, false, null, null);
  }

  /** Params as JSON, for brevity. */
  public static Calling call(String adapter, String action, String json) {
    return call(adapter, action, data(json));
  }

  /** Data from JSON with single quotes. */
  public static Object data(String json) {
    return Json.read(json.replace('\'', '"'));
  }

  public Calling attempt(int number) {
    return new Calling(adapter, action, params, number, timeout, awaits, callbackUrl, traceparent);
  }

  public Calling within(Duration time) {
    return new Calling(adapter, action, params, attempt, time, awaits, callbackUrl, traceparent);
  }

  public Calling awaiting(String url) {
    return new Calling(adapter, action, params, attempt, timeout, true, url, traceparent);
  }

  public Calling withCallback(String url) {
    return new Calling(adapter, action, params, attempt, timeout, awaits, url, traceparent);
  }

  public Calling traced(String parent) {
    return new Calling(adapter, action, params, attempt, timeout, awaits, callbackUrl, parent);
  }

  public AdapterCall build() {
    return new AdapterCall(
        "acme",
        EXECUTION,
        "orders",
        "charge_card",
        attempt,
        adapter,
        action,
        params,
        EXECUTION + "|charge_card|",
        timeout,
        null,
        awaits,
        callbackUrl,
        callbackUrl == null ? null : "token-1",
        traceparent);
  }

  /** The only definition of a tenant, from JSON. */
  public static Definitions definitions(String... jsons) {
    Map<String, Definition> all = new LinkedHashMap<>();
    for (String json : jsons) {
      Definition definition = definition(json);
      all.put(definition.adapter(), definition);
    }
    return new Fixed(all);
  }

  public static Definition definition(String json) {
    Reading reading = DefinitionReader.readStrictly(Fields.strings((Map<?, ?>) data(json)));
    if (reading.definition() == null) {
      throw new AssertionError(reading.problems().toString());
    }
    return reading.definition();
  }

  /** Adapters over the given parts at a fixed time; the tenant has the one secret {@code key}. */
  public static Adapters adapters(Definitions definitions, Map<String, AdapterType> types) {
    Secrets secrets =
        (tenant, name) -> tenant.equals("acme") && name.equals("key") ? "s3cret-value" : null;
    return new Adapters(definitions, types, secrets, InstantSource.fixed(NOW));
  }

  private record Fixed(Map<String, Definition> all) implements Definitions {
    @Override
    public Definition find(String tenant, String adapter) {
      return tenant.equals("acme") ? all.get(adapter) : null;
    }

    @Override
    public Collection<Definition> all(String tenant) {
      return tenant.equals("acme") ? all.values() : List.of();
    }
  }
}
