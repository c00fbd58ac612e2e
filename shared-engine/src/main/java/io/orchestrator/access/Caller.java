package io.orchestrator.access;

import java.util.List;

/** Who calls: one subject of one tenant with the permissions that its token grants. */
public record Caller(String tenant, String subject, List<Permission> permissions) {
  public Caller {
    permissions = List.copyOf(permissions);
  }

  /** May this action be done to this flow? */
  public boolean may(Permission.Action action, String flow) {
    return permissions.stream().anyMatch(permission -> permission.grants(action, flow));
  }

  /** May this action be done to every flow of the tenant? Asked where no single flow is meant. */
  public boolean may(Permission.Action action) {
    return permissions.stream().anyMatch(permission -> permission.grantsEverywhere(action));
  }

  /**
   * May this action be done to at least one flow? A list is then filtered by {@link
   * #may(Permission.Action, String)}.
   */
  public boolean mayForSome(Permission.Action action) {
    return permissions.stream().anyMatch(permission -> permission.covers(action));
  }
}
