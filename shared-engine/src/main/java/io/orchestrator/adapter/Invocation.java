package io.orchestrator.adapter;

import io.orchestrator.expression.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A call that is checked and bound, for an {@link AdapterType} to make.
 *
 * @param vault reveals the secrets in params and definition
 * @param timeout of the whole attempt
 * @param now the time of the attempt
 */
public record Invocation(
    AdapterCall call,
    Definition definition,
    Action action,
    Vault vault,
    Duration timeout,
    Instant now) {

  /**
   * What is asked of a type that writes its own requests: the action's body, or without one the
   * params; secrets revealed.
   */
  public Object asked() {
    Object params = vault.reveal(call.params());
    return action.body() == null ? params : vault.reveal(action.body().fill(scope(params)));
  }

  /** The definition's setting of that name as text; empty without. */
  public String setting(String name) {
    return definition.settings().get(name) instanceof String text ? text : "";
  }

  /** What the definition's expressions see before the call, over the given params. */
  public Scope scope(Object params) {
    return scope(params, null);
  }

  /** What they see after it; before it {@code response} is null. */
  Scope scope(Object params, Map<String, Object> response) {
    return new Scope(
        root ->
            switch (root) {
              case "params" -> params;
              case "execution" -> call.executionData();
              case "callback" -> call.callbackData();
              case "settings" -> definition.settings();
              case "response" -> response;
              default -> null;
            },
        now,
        call.idempotencyKey() + "|" + call.attempt());
  }
}
