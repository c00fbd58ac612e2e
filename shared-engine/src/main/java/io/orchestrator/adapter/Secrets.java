package io.orchestrator.adapter;

/** Where secrets are kept; a tenant reaches its own only. */
@FunctionalInterface
public interface Secrets {
  /** The secret's value; null if the tenant has none of that name. */
  String value(String tenant, String name);
}
