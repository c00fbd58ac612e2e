package io.orchestrator.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** What the roles of an issuer grant here; a role that is not named grants nothing. */
public record Roles(Map<String, List<Permission>> granted) {
  /** No role grants anything. */
  public static final Roles NONE = new Roles(Map.of());

  private static final int ROLES_MAX = 200;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,99}");

  /**
   * Reads {@code support=flow:read:support-* flow:execute:support-*; operator=flow:admin}.
   *
   * @throws IllegalArgumentException that says what is wrong
   */
  public static Roles parse(String text) {
    Map<String, List<Permission>> granted = new LinkedHashMap<>();
    for (String entry : text.split("[;\\n]", -1)) {
      if (!entry.isBlank()) {
        int equals = entry.indexOf('=');
        String role = equals < 0 ? "" : entry.substring(0, equals).strip();
        if (!NAME.matcher(role).matches()) {
          throw new IllegalArgumentException(
              "'" + entry.strip() + "' is not: role=permission permission");
        }
        if (granted.put(role, permissions(role, entry.substring(equals + 1))) != null) {
          throw new IllegalArgumentException("the role " + role + " stands there twice");
        }
      }
    }
    if (granted.size() > ROLES_MAX) {
      throw new IllegalArgumentException("there are more than " + ROLES_MAX + " roles");
    }
    return new Roles(granted);
  }

  private static List<Permission> permissions(String role, String text) {
    List<Permission> permissions = new ArrayList<>();
    for (String permission : text.strip().split("[,\\s]+", -1)) {
      permissions.add(
          Permission.parse(permission)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the role " + role + " grants no permission '" + permission + "'")));
    }
    return List.copyOf(permissions);
  }

  /** Everything that these roles grant together. */
  List<Permission> of(List<String> roles) {
    return roles.stream().map(granted::get).filter(Objects::nonNull).flatMap(List::stream).toList();
  }
}
