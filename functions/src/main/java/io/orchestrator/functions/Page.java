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
    return Reply.json(200, data(items, last));
  }

  /** The same as data, for a page that has more to say. */
  static Map<String, Object> data(List<?> items, String last) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("items", items);
    page.put("next", last == null ? null : cursor(last));
    return page;
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
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Query.bad("cursor", "must be the 'next' of an earlier answer");
    }
  }
}
