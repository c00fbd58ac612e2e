package io.orchestrator.functions;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /** Whether {@code If-None-Match} names what the answer would show. */
  static boolean hasAlready(Request request, Reply reply) {
    String etag = reply.headers().get("etag");
    return etag != null && isKnown(request, etag);
  }

  /** Whether {@code If-None-Match} names that. */
  static boolean isKnown(Request request, String etag) {
    String condition = request.header("if-none-match");
    return !condition.isEmpty()
        && Arrays.stream(condition.split(",", -1))
            .map(String::strip)
            .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
            .anyMatch(tag -> tag.equals("*") || tag.equals(etag));
  }

  /** 304: an answer without what the client has already. */
  static Reply notModified(Reply reply) {
    Map<String, String> headers = new LinkedHashMap<>(reply.headers());
    headers.remove("content-type");
    return new Reply(304, headers, "");
  }

  static Refusal stale(String what, int revision) {
    Refusal refusal =
        new Refusal(412, "precondition_failed", "There is a newer revision of " + what);
    return revision > 0 ? refusal.header("etag", etag(revision)) : refusal;
  }
}
