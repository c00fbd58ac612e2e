package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON text, once. */
final class JsonReader {
  private final String text;
  private final int depthMax;
  private int at;
  private int depth;

  JsonReader(String text, int depthMax) {
    this.text = text;
    this.depthMax = depthMax;
  }

  Object document() {
    skipSpace();
    Object value = value();
    skipSpace();
    if (at < text.length()) {
      throw unexpected("the end of the text");
    }
    return value;
  }

  /** A fault at the offset, told in lines and characters from 1. */
  static JsonException error(String message, String text, int offset) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < offset; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new JsonException(message, line, text.codePointCount(lineStart, offset) + 1);
  }

  private Object value() {
    if (at >= text.length()) {
      throw unexpected("a value");
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> {
        if (c != '-' && !isDigit(c)) {
          throw unexpected("a value");
        }
        yield number();
      }
    };
  }

  private Map<String, Object> object() {
    enter();
    Map<String, Object> map = new LinkedHashMap<>();
    skipSpace();
    if (!taken('}')) {
      do {
        skipSpace();
        entry(map);
        skipSpace();
      } while (taken(','));
      expect('}', "',' or '}'");
    }
    depth--;
    return map;
  }

  private void entry(Map<String, Object> map) {
    int start = at;
    if (at >= text.length() || text.charAt(at) != '"') {
      throw unexpected("a key in double quotes");
    }
    String key = string();
    skipSpace();
    expect(':', "':'");
    skipSpace();
    int size = map.size();
    map.put(key, value());
    if (map.size() == size) {
      throw error("the key \"" + key + "\" stands twice in one object", text, start);
    }
  }

  private List<Object> array() {
    enter();
    List<Object> list = new ArrayList<>();
    skipSpace();
    if (!taken(']')) {
      do {
        skipSpace();
        list.add(value());
        skipSpace();
      } while (taken(','));
      expect(']', "',' or ']'");
    }
    depth--;
    return list;
  }

  private void enter() {
    if (++depth > depthMax) {
      throw error("arrays and objects are nested deeper than " + depthMax, text, at);
    }
    at++;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw unexpected("a value");
    }
    at += word.length();
    return value;
  }

  private String string() {
    int start = at + 1;
    boolean surrogates = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        at = i + 1;
        return checked(text.substring(start, i), surrogates, start);
      }
      if (c == '\\') {
        return escaped(start, i);
      }
      if (c < ' ') {
        throw error("a control character in a string must be written as an escape", text, i);
      }
      surrogates |= Character.isSurrogate(c);
    }
    throw error("the string that begins here has no end", text, start - 1);
  }

  /** The rest of a string that holds escapes, the first of them at {@code firstEscape}. */
  private String escaped(int start, int firstEscape) {
    StringBuilder out =
        new StringBuilder(firstEscape - start + 32).append(text, start, firstEscape);
    at = firstEscape;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return checked(out.toString(), true, start);
      }
      if (c < ' ') {
        throw error("a control character in a string must be written as an escape", text, at);
      }
      if (c == '\\') {
        out.append(escape());
      } else {
        out.append(c);
        at++;
      }
    }
    throw error("the string that begins here has no end", text, start - 1);
  }

  private char escape() {
    int start = at;
    char c = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    at += 2;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode(start);
      default -> throw error("JSON has no such escape", text, start);
    };
  }

  private char unicode(int start) {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < text.length() ? hex(text.charAt(at)) : -1;
      if (digit < 0) {
        throw error("\\u needs four hexadecimal digits", text, start);
      }
      code = code << 4 | digit;
      at++;
    }
    if (code == 0) {
      throw error("the character NUL is not allowed", text, start);
    }
    return (char) code;
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private String checked(String value, boolean surrogates, int start) {
    if (surrogates && !Texts.isWellFormed(value)) {
      throw error("the string holds half of a surrogate pair", text, start);
    }
    return value;
  }

  private Object number() {
    int start = at;
    int first = text.charAt(at) == '-' ? ++at : at;
    int integerDigits = digits();
    if (integerDigits > 1 && text.charAt(first) == '0') {
      throw error("a number does not begin with 0", text, start);
    }
    boolean integer = true;
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      digits();
      integer = false;
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      digits();
      integer = false;
    }
    if (integer && integerDigits <= 18) {
      return Long.parseLong(text, start, at, 10);
    }
    return decimal(start);
  }

  private Object decimal(int start) {
    try {
      return Numbers.parse(text.substring(start, at));
    } catch (ArithmeticException e) {
      throw error(e.getMessage(), text, start);
    }
  }

  private int digits() {
    int start = at;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw unexpected("a digit");
    }
    return at - start;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  private boolean taken(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c, String wanted) {
    if (!taken(c)) {
      throw unexpected(wanted);
    }
  }

  private JsonException unexpected(String wanted) {
    if (at >= text.length()) {
      return error("the text ends where " + wanted + " was expected", text, text.length());
    }
    return error(
        Texts.shown(text.codePointAt(at)) + " stands where " + wanted + " was expected", text, at);
  }
}
