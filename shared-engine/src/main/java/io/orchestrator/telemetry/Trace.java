package io.orchestrator.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The trace that an execution belongs to, from the request that started it to the calls of its
 * steps: the header {@code traceparent} of W3C Trace Context, version 00.
 */
public final class Trace {
  private static final Pattern HEADER =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final int TRACE_END = "00-".length() + 32;
  private static final int FLAGS_BEGIN = TRACE_END + "-".length() + 16 + "-".length();
  private static final String SAMPLED = "01";

  private Trace() {}

  /** Whether a text is such a header. */
  public static boolean isOne(String text) {
    return text != null && HEADER.matcher(text).matches();
  }

  /**
   * The header of one call. The call is a span of its own in the trace of the start; a repetition
   * of the same attempt is the same span.
   *
   * @param start the header of the request that started the execution; null: the trace is the
   *     execution's own
   */
  public static String ofCall(String start, UUID execution, String path, int attempt) {
    String trace =
        start == null
            ? "00-" + execution.toString().replace("-", "")
            : start.substring(0, TRACE_END);
    String flags = start == null ? SAMPLED : start.substring(FLAGS_BEGIN);
    return trace + "-" + span(execution + "|" + path + "|" + attempt) + "-" + flags;
  }

  private static String span(String call) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(call.getBytes(UTF_8));
      hash[0] |= 1; // a span's id is never zero
      return HexFormat.of().formatHex(Arrays.copyOf(hash, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
