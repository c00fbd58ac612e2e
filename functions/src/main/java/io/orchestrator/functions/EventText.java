package io.orchestrator.functions;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JSON text of an event as Lambda hands it over. */
final class EventText {
  private static final String NUL = "\\u0000";
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

  private EventText() {}

  /**
   * The same without NUL, which a client may have put into a body and which our reader refuses: the
   * request, not the event, is what is wrong. It becomes U+0001, which no body may hold either.
   */
  static String readable(String event) {
    return event.contains(NUL)
        ? ESCAPE
            .matcher(event)
            .replaceAll(
                escape ->
                    Matcher.quoteReplacement(
                        escape.group().equals(NUL) ? "\\u0001" : escape.group()))
        : event;
  }
}
