package io.orchestrator.access;

import java.util.Locale;
import java.util.Optional;

/** One granted action, for all flows of the tenant ({@code *}) or for those whose name matches. */
public record Permission(Action action, String flows) {
  private static final int NAME_CHARS_MAX = 64;
  private static final String PREFIX = "flow:";

  /** What may be done; {@code ADMIN} implies the others. */
  public enum Action {
    READ,
    CREATE,
    UPDATE,
    DELETE,
    EXECUTE,
    ADMIN;

    /** The permission as documents and tokens write it: {@code flow:read}. */
    public String text() {
      return PREFIX + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads {@code flow:execute} or {@code flow:execute:support-*}; a star may only end the name.
   * Anything else grants nothing, so that a token may also carry the permissions of other products.
   */
  public static Optional<Permission> parse(String text) {
    for (Action action : Action.values()) {
      if (text.equals(action.text())) {
        return Optional.of(new Permission(action, "*"));
      }
      if (text.startsWith(action.text() + ":")) {
        String flows = text.substring(action.text().length() + 1);
        return isPattern(flows) ? Optional.of(new Permission(action, flows)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  boolean covers(Action wanted) {
    return action == wanted || action == Action.ADMIN;
  }

  boolean grantsEverywhere(Action wanted) {
    return covers(wanted) && flows.equals("*");
  }

  boolean grants(Action wanted, String flow) {
    return covers(wanted)
        && (flows.endsWith("*")
            ? flow.startsWith(flows.substring(0, flows.length() - 1))
            : flow.equals(flows));
  }

  @Override
  public String toString() {
    return flows.equals("*") ? action.text() : action.text() + ":" + flows;
  }

  private static boolean isPattern(String flows) {
    String name = flows.endsWith("*") ? flows.substring(0, flows.length() - 1) : flows;
    return !flows.isEmpty()
        && flows.length() <= NAME_CHARS_MAX
        && name.chars()
            .allMatch(
                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-');
  }
}
