package io.orchestrator.functions;

import io.orchestrator.adapter.Action;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.Definitions;
import io.orchestrator.engine.Engine;
import java.time.Duration;

/**
 * What the engine asks of the definitions as they are now.
 *
 * @param quickMax the timeout of a call that a quick process makes
 */
record LiveDefinitions(Definitions definitions, Duration quickMax) implements Engine.SlowCalls {
  private static final String N8N = "n8n";

  @Override
  public boolean isSlow(String tenant, String adapter, String action) {
    Definition definition = definitions.find(tenant, adapter);
    Action called = definition == null ? null : definition.action(action);
    if (called == null) {
      return false;
    }
    Duration timeout = called.timeout() == null ? definition.timeout() : called.timeout();
    return timeout.compareTo(quickMax) > 0;
  }

  /** A workflow of n8n reports {@code n8n.<code>}, however its adapter is called. */
  @Override
  public String errorsOf(String tenant, String adapter) {
    Definition definition = definitions.find(tenant, adapter);
    return definition != null && definition.type().equals(N8N) ? N8N : "";
  }
}
