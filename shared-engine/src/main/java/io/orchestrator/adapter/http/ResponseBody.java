package io.orchestrator.adapter.http;

import io.orchestrator.expression.Json;
import io.orchestrator.expression.JsonException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the bytes of a response into data. */
final class ResponseBody {
  private static final Pattern CHARSET = Pattern.compile("charset=\"?([A-Za-z0-9._:-]{1,40})\"?");

  private ResponseBody() {}

  /** A body that is not what it says. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * JSON as data, other text as text, nothing as null. A body without a type is JSON if it can be
   * read as such.
   */
  static Object read(Exchange.Response response) throws Unreadable {
    byte[] body = response.body();
    if (body.length == 0) {
      return null;
    }
    String type = response.headers().getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    String media = type.split(";", 2)[0].strip();
    if (media.equals("application/json") || media.endsWith("+json")) {
      return json(body);
    }
    if (media.isEmpty()) {
      try {
        return Json.read(body);
      } catch (JsonException otherText) {
        return text(body, StandardCharsets.UTF_8);
      }
    }
    return text(body, charset(type));
  }

  private static Object json(byte[] body) throws Unreadable {
    try {
      return Json.read(body);
    } catch (JsonException broken) {
      throw new Unreadable(
          "JSON that cannot be read: line " + broken.line() + ", " + broken.getMessage());
    }
  }

  private static Charset charset(String type) throws Unreadable {
    Matcher matcher = CHARSET.matcher(type);
    if (!matcher.find()) {
      return StandardCharsets.UTF_8;
    }
    try {
      return Charset.forName(matcher.group(1));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
      throw new Unreadable("text in an unknown charset");
    }
  }

  private static String text(byte[] body, Charset charset) throws Unreadable {
    try {
      String text = charset.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException broken) {
      throw new Unreadable("bytes that are not text");
    }
    throw new Unreadable("bytes that are not text");
  }
}
