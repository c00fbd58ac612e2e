package io.orchestrator.functions;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding of addresses (RFC 3986, 2.1), strictly: well-formed UTF-8 without NUL. */
final class Escapes {
  private Escapes() {}

  /**
   * The text of a path's segment.
   *
   * @throws IllegalArgumentException for what is not well encoded
   */
  static String inPath(String text) {
    return decoded(text, false);
  }

  /** The same of a name or value in a query, where a plus is a space. */
  static String inQuery(String text) {
    return decoded(text, true);
  }

  private static String decoded(String text, boolean plusIsSpace) {
    byte[] given = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(given.length);
    for (int i = 0; i < given.length; i++) {
      if (given[i] == '%') {
        out.write(octet(given, i));
        i += 2;
      } else {
        out.write(plusIsSpace && given[i] == '+' ? ' ' : given[i]);
      }
    }
    try {
      String decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(out.toByteArray())).toString();
      if (decoded.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("NUL is no character of a text");
      }
      return decoded;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not well-formed UTF-8", e);
    }
  }

  private static int octet(byte[] given, int percent) {
    if (percent + 2 >= given.length
        || !HexFormat.isHexDigit(given[percent + 1])
        || !HexFormat.isHexDigit(given[percent + 2])) {
      throw new IllegalArgumentException("a percent sign without two hexadecimal digits");
    }
    return HexFormat.fromHexDigit(given[percent + 1]) * 16
        + HexFormat.fromHexDigit(given[percent + 2]);
  }
}
