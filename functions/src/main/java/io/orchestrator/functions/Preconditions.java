package io.orchestrator.functions;

import java.util.Arrays;
import java.util.List;

/**
 * Entity tags: the revision of a resource in quotes, and the condition that a change of it carries
 * (RFC 9110, 13).
 */
final class Preconditions {
  private Preconditions() {}

  static String etag(int revision) {
    return "\"" + revision + "\"";
  }

  /**
   * Checks {@code If-Match}. The first PUT of a resource needs none.
   *
   * @param revision of the resource as it is; 0 if there is none
   */
  static void check(Request request, String what, int revision) {
    String condition = request.header("if-match");
    if (condition.isEmpty()) {
      if (revision > 0) {
        throw new Refusal(428, "precondition_required", "A change of " + what + " needs If-Match")
            .header("etag", etag(revision));
      }
      return;
    }
    List<String> tags = Arrays.stream(condition.split(",")).map(String::strip).toList();
    if (!tags.contains("*") && (revision == 0 || !tags.contains(etag(revision)))) {
      throw stale(what, revision);
    }
  }

  /** Whether the client has it as it is ({@code If-None-Match}). */
  static boolean isKnown(Request request, String etag) {
    return Arrays.stream(request.header("if-none-match").split(",", -1))
        .map(String::strip)
        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
        .anyMatch(tag -> tag.equals("*") || tag.equals(etag));
  }

  static Refusal stale(String what, int revision) {
    Refusal refusal =
        new Refusal(412, "precondition_failed", "There is a newer revision of " + what);
    return revision > 0 ? refusal.header("etag", etag(revision)) : refusal;
  }
}
