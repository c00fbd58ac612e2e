package io.orchestrator.functions;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists in pages: {@code {items, next}}; a cursor is opaque to clients and names the last item that
 * they have.
 */
final class Page {
  private Page() {}

  /**
   * @param last of this page; null if there is no more
   */
  static Reply of(List<?> items, String last) {
    return of(items, last, Map.of());
  }

  /** The same, with more to say. */
  static Reply of(List<?> items, String last, Map<String, ?> more) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("items", items);
    String next = last == null ? null : cursor(last);
    page.put("next", next);
    page.putAll(more);
    return Reply.json(200, page).followedBy(next);
  }

  /** The page that follows, as a {@code Link} header names it (RFC 8288). */
  static String link(Request request, String cursor) {
    StringBuilder query = new StringBuilder();
    for (String pair : request.query().split("&", -1)) {
      if (!pair.isEmpty() && !pair.startsWith("cursor=")) {
        query.append(pair).append('&');
      }
    }
    String address = request.path() + "?" + query + "cursor=" + cursor;
    return "<"
        + address.replace("<", "%3C").replace(">", "%3E").replace("\"", "%22")
        + ">; rel=\"next\"";
  }

  static String cursor(String last) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }

  /** What the client has already; empty if it begins. */
  static String after(Query query) {
    String cursor = query.text("cursor", Limits.CURSOR_CHARS_MAX);
    try {
      String after = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (after.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("no cursor of ours holds NUL");
      }
      return after;
    } catch (IllegalArgumentException e) {
      throw Query.bad("cursor", "must be the 'next' of an earlier answer");
    }
  }
}
