package io.orchestrator.expression;

import java.nio.charset.StandardCharsets;

/** Strict JSON: text to plain data and back. Numbers keep their digits, objects their order. */
public final class Json {
  private Json() {}

  /**
   * Reads exactly one JSON value (RFC 8259): duplicate keys, numbers over 40 digits or |exponent|
   * over 308, NUL, lone surrogates and depth over 64 are refused.
   *
   * @throws JsonException with line and column from 1
   */
  public static Object read(String text) {
    return new JsonReader(text, Limits.JSON_DEPTH_MAX).document();
  }

  /** The same from bytes, which must be well-formed UTF-8. */
  public static Object read(byte[] utf8) {
    return read(decode(utf8));
  }

  /**
   * The same for a document of our own: it may be deeper, because it holds data from outside at
   * some depth.
   */
  public static Object readStored(String text) {
    return new JsonReader(text, Limits.STORED_DEPTH_MAX).document();
  }

  /**
   * Compact JSON: no white space, keys in the map's order, integers without a point, a {@link
   * Secret} as {@code {"secret":name}}.
   *
   * @throws IllegalArgumentException for what is not data or could not be read again
   */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder(256);
    JsonWriter.write(value, out);
    return out.toString();
  }

  /** The same, appended to what is there already. */
  public static void write(Object value, StringBuilder out) {
    JsonWriter.write(value, out);
  }

  /**
   * Compact JSON with the keys of every object sorted and numbers normalised: equal values give
   * equal text.
   */
  public static String canonical(Object value) {
    StringBuilder out = new StringBuilder(256);
    JsonWriter.canonical(value, out);
    return out.toString();
  }

  /**
   * The bytes of the value as compact JSON in UTF-8; counting ends as soon as there are more than
   * {@code max}.
   */
  public static long bytes(Object value, long max) {
    long bytes = JsonSize.bytes(value, max, Limits.STORED_DEPTH_MAX);
    if (bytes == JsonSize.TOO_DEEP) {
      throw new IllegalArgumentException("data is nested deeper than " + Limits.STORED_DEPTH_MAX);
    }
    return bytes;
  }

  private static String decode(byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    // Lenient decoding leaves U+FFFD for every fault, so only a text that holds one needs the
    // second look.
    if (text.indexOf('\uFFFD') >= 0) {
      int fault = Utf8.fault(utf8);
      if (fault >= 0) {
        String before = new String(utf8, 0, fault, StandardCharsets.UTF_8);
        throw JsonReader.error("the text is not well-formed UTF-8", before, before.length());
      }
    }
    return text;
  }
}
