package io.orchestrator.functions;

import io.orchestrator.access.Caller;
import io.orchestrator.access.Permission;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /me}: who the token says that the caller is, and what it grants. */
final class MeResource {
  private MeResource() {}

  static Reply get(Visit visit) {
    Caller caller = visit.caller();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("tenant", caller.tenant());
    data.put("subject", caller.subject());
    data.put("roles", caller.roles());
    data.put(
        "permissions",
        caller.permissions().stream().map(Permission::toString).distinct().sorted().toList());
    return Reply.json(200, data);
  }
}
