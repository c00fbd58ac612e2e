package io.orchestrator.access;

import java.util.List;

/** Which names of flows a caller reaches with an action, as patterns of SQL's LIKE. */
public final class Reach {
  private Reach() {}

  /** One pattern a permission; none if the caller reaches nothing. */
  public static List<String> of(Caller caller, Permission.Action action) {
    return caller.permissions().stream()
        .filter(permission -> permission.covers(action))
        .map(permission -> pattern(permission.flows()))
        .distinct()
        .toList();
  }

  /** An underscore is a letter of names, but a wildcard of LIKE. */
  private static String pattern(String flows) {
    return flows.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%").replace('*', '%');
  }
}
