package io.orchestrator.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into the tokens of one expression: up to its end, or up to the brace that closes
 * {@code ${ }}.
 */
final class Lexer {
  private static final String[] PAIRS = {"||", "&&", "==", "!=", "<=", ">=", "??"};
  private static final String SINGLES = "?:<>+-*/%!.()[]{},";

  private final String text;
  private final boolean embedded;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int braces;

  private Lexer(String text, int at, boolean embedded) {
    this.text = text;
    this.at = at;
    this.embedded = embedded;
  }

  static List<Token> whole(String text) {
    return new Lexer(text, 0, false).all();
  }

  /**
   * The tokens from {@code start} to the closing brace, which is the place of the last token, the
   * end.
   */
  static List<Token> embedded(String text, int start) {
    return new Lexer(text, start, true).all();
  }

  private List<Token> all() {
    while (true) {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
      if (at >= text.length() || (embedded && braces == 0 && text.charAt(at) == '}')) {
        tokens.add(new Token(Token.Kind.END, "", null, at, at));
        return tokens;
      }
      next(text.charAt(at));
    }
  }

  private void next(char c) {
    if (isDigit(c)) {
      number();
    } else if (isNameStart(c)) {
      word(c);
    } else if (c == '"' || c == '\'') {
      string(at, at, false);
    } else if (c == '$') {
      root();
    } else {
      symbol(c);
    }
  }

  private void word(char c) {
    char following = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    if ((c == 'r' || c == 'R') && (following == '"' || following == '\'')) {
      string(at, at + 1, true);
      return;
    }
    int start = at;
    skipName();
    add(Token.Kind.NAME, text.substring(start, at), null, start);
  }

  private void root() {
    int start = at++;
    if (at >= text.length() || !isNameStart(text.charAt(at))) {
      boolean brace = at < text.length() && text.charAt(at) == '{';
      String hint = brace ? "; `${ }` belongs into texts only, write what is inside" : "";
      throw new ExpressionException("a name must follow `$`" + hint, start);
    }
    skipName();
    add(Token.Kind.ROOT, text.substring(start + 1, at), null, start);
  }

  private void number() {
    int start = at;
    skipDigits();
    if (at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
      at++;
      skipDigits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      exponent();
    }
    if (at < text.length() && isNameStart(text.charAt(at))) {
      skipName();
      String word = text.substring(start, at);
      throw new ExpressionException(
          "`" + word + "` is no number; a text stands in quotes: '" + word + "'", start);
    }
    add(Token.Kind.NUMBER, text.substring(start, at), value(start), start);
  }

  private void exponent() {
    int digits = at + 1;
    if (digits < text.length() && (text.charAt(digits) == '+' || text.charAt(digits) == '-')) {
      digits++;
    }
    if (digits < text.length() && isDigit(text.charAt(digits))) {
      at = digits;
      skipDigits();
    }
  }

  private Object value(int start) {
    String digits = text.substring(start, at);
    if (digits.length() > 1 && digits.charAt(0) == '0' && isDigit(digits.charAt(1))) {
      throw new ExpressionException("`" + digits + "` begins with 0", start);
    }
    try {
      boolean plain = digits.length() <= 18 && isPlain(digits);
      return plain ? (Object) Long.parseLong(digits) : Numbers.literal(digits);
    } catch (ArithmeticException e) {
      throw new ExpressionException(e.getMessage(), start);
    }
  }

  private static boolean isPlain(String digits) {
    for (int i = 0; i < digits.length(); i++) {
      if (!isDigit(digits.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private void string(int start, int quoteAt, boolean raw) {
    char quote = text.charAt(quoteAt);
    StringBuilder out = new StringBuilder();
    at = quoteAt + 1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        addString(out.toString(), start);
        return;
      }
      if (c == '\\' && !raw) {
        out.append(escape());
      } else {
        out.append(c);
        at++;
      }
    }
    throw new ExpressionException("the string that begins here has no closing " + quote, start);
  }

  private void addString(String value, int start) {
    if (value.indexOf(0) >= 0 || !Texts.isWellFormed(value)) {
      throw new ExpressionException("the string holds NUL or half of a surrogate pair", start);
    }
    add(Token.Kind.STRING, value, value, start);
  }

  private char escape() {
    int start = at;
    char c = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    at += 2;
    return switch (c) {
      case '\\', '\'', '"', '`', '/', '?' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> unicode(start);
      default ->
          throw new ExpressionException(
              "`\\"
                  + c
                  + "` is no escape; write `\\\\"
                  + c
                  + "`, or r'...' for a string without escapes",
              start);
    };
  }

  private char unicode(int start) {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit =
          at < text.length() && text.charAt(at) < 128 ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        throw new ExpressionException("`\\u` needs four hexadecimal digits", start);
      }
      code = (code << 4) | digit;
      at++;
    }
    return (char) code;
  }

  private void symbol(char c) {
    for (String pair : PAIRS) {
      if (text.startsWith(pair, at)) {
        refuseTriple(pair);
        at += 2;
        add(Token.Kind.SYMBOL, pair, null, at - 2);
        return;
      }
    }
    if (SINGLES.indexOf(c) < 0) {
      throw new ExpressionException(
          Texts.shown(text.codePointAt(at)) + " has no meaning here" + hint(c), at);
    }
    braces += c == '{' ? 1 : c == '}' ? -1 : 0;
    at++;
    add(Token.Kind.SYMBOL, String.valueOf(c), null, at - 1);
  }

  private void refuseTriple(String pair) {
    boolean triple = at + 2 < text.length() && text.charAt(at + 2) == '=';
    if (triple && (pair.equals("==") || pair.equals("!="))) {
      throw new ExpressionException(
          "`" + pair + "=` is not known; write `" + pair + "`, which never converts", at);
    }
  }

  private static String hint(char c) {
    return switch (c) {
      case '=' -> "; to compare write `==`";
      case '&' -> "; write `&&` or `and`";
      case '|' -> "; write `||` or `or`";
      default -> "";
    };
  }

  private void add(Token.Kind kind, String said, Object value, int start) {
    tokens.add(new Token(kind, said, value, start, at));
  }

  private void skipName() {
    while (at < text.length() && (isNameStart(text.charAt(at)) || isDigit(text.charAt(at)))) {
      at++;
    }
  }

  private void skipDigits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
