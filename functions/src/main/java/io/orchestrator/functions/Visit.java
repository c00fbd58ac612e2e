package io.orchestrator.functions;

import io.orchestrator.access.Caller;
import io.orchestrator.access.Permission.Action;
import io.orchestrator.store.Acting;
import java.util.Map;
import java.util.UUID;

/**
 * A request that found its route and may use it.
 *
 * @param caller null on a route that needs no token
 * @param path values of the path's parameters
 */
record Visit(Route route, Request request, Caller caller, Map<String, String> path, Query query) {

  String tenant() {
    return caller.tenant();
  }

  /** 403 unless the caller may do that to the flow. */
  void need(Action action, String flow) {
    if (!caller.may(action, flow)) {
      throw Refusal.forbidden(action.text() + ":" + flow);
    }
  }

  /** Whether it can change nothing. */
  boolean isReading() {
    return route.method().equals("GET");
  }

  /** On whose behalf it is served; of the routes of one execution, only that one is meant. */
  Acting acting() {
    boolean one = route.template().startsWith("/executions/{id}/");
    return new Acting(caller.subject(), route.action(), one ? execution() : null);
  }

  /** The id in the path; 404 if it cannot be one. */
  UUID execution() {
    String text = path.get("id");
    if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
      throw noExecution();
    }
    return UUID.fromString(text);
  }

  Refusal noExecution() {
    return Refusal.notFound("There is no execution " + path.get("id"));
  }
}
