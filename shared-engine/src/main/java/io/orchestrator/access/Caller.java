package io.orchestrator.access;

import java.util.List;

/**
 * Who calls: one subject of one tenant with the permissions that its token grants.
 *
 * @param roles that it has, by which approvals are addressed
 */
public record Caller(
    String tenant, String subject, List<Permission> permissions, List<String> roles) {
  public Caller {
    permissions = List.copyOf(permissions);
    roles = List.copyOf(roles);
  }

  /** Somebody without roles. */
  public Caller(String tenant, String subject, List<Permission> permissions) {
    this(tenant, subject, permissions, List.of());
  }

  /** Whether {@code user:x} or {@code role:x} means this caller. */
  public boolean is(String person) {
    return person.equals("user:" + subject)
        || (person.startsWith("role:") && roles.contains(person.substring("role:".length())));
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
