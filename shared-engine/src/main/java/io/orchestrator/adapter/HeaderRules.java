package io.orchestrator.adapter;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which header lines may be sent (RFC 9110, section 5). */
public final class HeaderRules {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

  /**
   * Visible ASCII, spaces and tabs inside: a line break would begin a header of its own, or a
   * second request.
   */
  private static final Pattern VALUE =
      Pattern.compile("([\\x21-\\x7E]([\\x20-\\x7E\\t]*[\\x21-\\x7E])?)?");

  /** They steer the connection or the message's length, which are ours. */
  private static final Set<String> FORBIDDEN =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "http2-settings",
          "forwarded",
          "via");

  private HeaderRules() {}

  /** What is wrong with a name; null if nothing is. */
  public static String complaint(String name) {
    if (!TOKEN.matcher(name).matches()) {
      return "a header's name has only letters, digits and -";
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (FORBIDDEN.contains(lower)
        || lower.startsWith("proxy-")
        || lower.startsWith("x-forwarded-")) {
      return "the header " + name + " cannot be set";
    }
    return null;
  }

  /** Whether a value can be sent as it is. */
  public static boolean isValue(String value) {
    return value.length() <= Limits.HEADER_LINE_CHARACTERS_MAX && VALUE.matcher(value).matches();
  }
}
