package io.orchestrator.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A request that has come to a webhook.
 *
 * @param headers by lower-case name; several of one name are joined by commas, as gateways do
 * @param body the bytes that were sent
 * @param at when it came
 */
record Sent(Map<String, String> headers, byte[] body, Instant at) {
  private static final int TIME_DIGITS_MAX = 15;

  /** Later than this many seconds is the year 5138: the number counts milliseconds. */
  private static final long SECONDS_MAX = 100_000_000_000L;

  /** A header without the spaces around it; empty if it did not come. */
  String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "").strip();
  }

  /** What is between these texts is the body. */
  byte[] around(String before, String after) {
    byte[] begin = before.getBytes(US_ASCII);
    byte[] end = after.getBytes(US_ASCII);
    ByteArrayOutputStream all = new ByteArrayOutputStream(begin.length + body.length + end.length);
    all.writeBytes(begin);
    all.writeBytes(body);
    all.writeBytes(end);
    return all.toByteArray();
  }

  /** Whether the body begins with a number and a dot, as what is signed together with a time. */
  boolean beginsLikeATime() {
    int digits = 0;
    while (digits < body.length && body[digits] >= '0' && body[digits] <= '9') {
      digits++;
    }
    return digits > 0 && digits < body.length && body[digits] == '.';
  }

  /** Whether it was sent at that time, in seconds since 1970, near enough to now. */
  boolean isFresh(String seconds, Duration tolerance) {
    return isNumber(seconds) && isNear(Instant.ofEpochSecond(Long.parseLong(seconds)), tolerance);
  }

  /** The same in milliseconds. */
  boolean isFreshInMillis(String millis, Duration tolerance) {
    return isNumber(millis) && isNear(Instant.ofEpochMilli(Long.parseLong(millis)), tolerance);
  }

  /** The same in whichever of the two the number must be. */
  boolean isFreshInEither(String time, Duration tolerance) {
    return isNumber(time)
        && (Long.parseLong(time) > SECONDS_MAX
            ? isFreshInMillis(time, tolerance)
            : isFresh(time, tolerance));
  }

  private boolean isNear(Instant sent, Duration tolerance) {
    return Duration.between(sent, at).abs().compareTo(tolerance) <= 0;
  }

  /** A header that came twice is none: its values are joined by a comma. */
  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= TIME_DIGITS_MAX
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
