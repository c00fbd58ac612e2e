package io.orchestrator.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The trace that an execution belongs to, from the request that started it to the calls of its
 * steps (W3C Trace Context, version 00). A context is one text: the header {@code traceparent} and,
 * if there is a {@code tracestate}, that after a semicolon.
 *
 * <p>The spans of an execution have ids that follow from what they are about, so that every process
 * knows the parent of its own spans, whoever writes that parent and when.
 */
public final class Trace {
  private static final Pattern HEADER =
      Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
  private static final Pattern STATE = Pattern.compile("[!-~]([ -~]{0,510}[!-~])?");
  private static final int TRACE_BEGIN = "00-".length();
  private static final int TRACE_END = TRACE_BEGIN + 32;
  private static final int SPAN_BEGIN = TRACE_END + "-".length();
  private static final int SPAN_END = SPAN_BEGIN + 16;
  private static final int HEADER_END = SPAN_END + "-01".length();
  private static final String SAMPLED = "-01";
  private static final int SAMPLED_BIT = 1;
  private static final HexFormat HEX = HexFormat.of();
  private static final SecureRandom RANDOM = new SecureRandom();

  private Trace() {}

  // -- contexts

  /** Whether a text is a header {@code traceparent}. */
  public static boolean isOne(String text) {
    return text != null && HEADER.matcher(text).matches();
  }

  /**
   * The context that two headers give; a {@code tracestate} that is none is left out, as the
   * standard says.
   *
   * @return null if the first is no {@code traceparent}
   */
  public static String of(String traceparent, String tracestate) {
    if (!isOne(traceparent)) {
      return null;
    }
    return tracestate == null || !STATE.matcher(tracestate).matches()
        ? traceparent
        : traceparent + ';' + tracestate;
  }

  /** The beginning of a trace, whose first span is to be sampled. */
  public static String fresh() {
    byte[] ids = new byte[24];
    RANDOM.nextBytes(ids);
    ids[0] |= 1; // neither id is ever zero
    ids[16] |= 1;
    return "00-" + HEX.formatHex(ids, 0, 16) + "-" + HEX.formatHex(ids, 16, 24) + SAMPLED;
  }

  /** A new span in the trace of another. */
  public static String within(String context) {
    byte[] id = new byte[8];
    RANDOM.nextBytes(id);
    id[0] |= 1;
    return with(context, HEX.formatHex(id));
  }

  /** The header {@code traceparent} of a context. */
  public static String header(String context) {
    return context.length() <= HEADER_END ? context : context.substring(0, HEADER_END);
  }

  /** The header {@code tracestate} of a context; empty if it has none. */
  public static String state(String context) {
    return context.length() > HEADER_END ? context.substring(HEADER_END + 1) : "";
  }

  public static String traceId(String context) {
    return context.substring(TRACE_BEGIN, TRACE_END);
  }

  public static String spanId(String context) {
    return context.substring(SPAN_BEGIN, SPAN_END);
  }

  /** Whether whoever began the trace wants it to be written down. */
  public static boolean isSampled(String context) {
    return (HexFormat.fromHexDigits(context, SPAN_END + 1, HEADER_END) & SAMPLED_BIT) != 0;
  }

  // -- the spans of an execution

  /**
   * The span of an execution.
   *
   * @param start the context of the request that started it; null: the trace is the execution's own
   */
  public static String ofExecution(String start, UUID execution) {
    return with(whole(start, execution), derived("execution|" + execution));
  }

  /** The span of one attempt of a step. */
  public static String ofStep(String start, UUID execution, String path, int attempt) {
    return with(whole(start, execution), derived("step|" + execution + "|" + path + "|" + attempt));
  }

  /**
   * The span of one call. A repetition of the same attempt is the same span.
   *
   * @param start the context of the request that started the execution; null: the trace is the
   *     execution's own
   */
  public static String ofCall(String start, UUID execution, String path, int attempt) {
    return with(whole(start, execution), derived(execution + "|" + path + "|" + attempt));
  }

  /** The id of the trace that an execution belongs to. */
  public static String traceId(String start, UUID execution) {
    return start == null ? own(execution) : traceId(start);
  }

  private static String whole(String start, UUID execution) {
    return start == null ? "00-" + own(execution) + "-0000000000000000" + SAMPLED : start;
  }

  private static String own(UUID execution) {
    return execution.toString().replace("-", "");
  }

  /** A span with that id, in the trace of another. */
  public static String with(String context, String span) {
    return context.substring(0, SPAN_BEGIN) + span + context.substring(SPAN_END);
  }

  private static String derived(String of) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(of.getBytes(UTF_8));
      hash[0] |= 1; // a span's id is never zero
      return HEX.formatHex(Arrays.copyOf(hash, 8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
