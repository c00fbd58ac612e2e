package io.orchestrator.adapter;

import io.orchestrator.expression.Template;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * An adapter, as its definition says it.
 *
 * @param type the {@link AdapterType} that makes its calls
 * @param baseUrl scheme, host and the path before every action's; null for a type that needs none
 * @param headers of every request, over {@code $params}, {@code $execution} and {@code $callback}
 * @param defaultAction null if it has none
 * @param timeout of an attempt whose action says nothing
 * @param allow addresses outside the public internet that it may reach
 * @param safeguards against a service that is away or slow
 * @param actions by name, in the order of the definition
 * @param settings of the type, {@code $settings} in expressions; those without a value are left out
 * @param data the definition as it was written
 */
public record Definition(
    String adapter,
    String title,
    String type,
    URI baseUrl,
    Auth auth,
    Map<String, Template> headers,
    String defaultAction,
    Duration timeout,
    AllowList allow,
    Safeguards safeguards,
    Map<String, Action> actions,
    Map<String, Object> settings,
    Map<String, Object> data) {

  /** The action of that name, the default action for null; null if there is no such action. */
  public Action action(String name) {
    String wanted = name == null ? defaultAction : name;
    return wanted == null ? null : actions.get(wanted);
  }
}
