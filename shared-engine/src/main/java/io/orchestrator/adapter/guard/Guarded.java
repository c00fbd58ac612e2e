package io.orchestrator.adapter.guard;

/** Whose circuit or limit: one adapter of one tenant. */
public record Guarded(String tenant, String adapter) {
  /** Its key in Redis; the tenant's length keeps {@code a:b + c} and {@code a + b:c} apart. */
  String key(String kind) {
    return kind + ":{" + tenant.length() + ":" + tenant + ":" + adapter + "}";
  }
}
