package io.orchestrator.flow;

/**
 * Where the characters of a scalar's value stand in the text, however it is quoted, escaped or
 * folded. Safe for use by many threads.
 */
public final class Offsets {
  /** For values that no text is known of. */
  static final Offsets NONE = new Offsets(null, 0);

  /** How a scalar is written. */
  enum Style {
    PLAIN,
    SINGLE,
    DOUBLE,
    BLOCK
  }

  /**
   * A scalar in its text.
   *
   * @param start of its first character in the text, its quote or its block indicator
   */
  record Written(String text, int start, int end, Style style, String value, Spot spot) {}

  private final Written written;
  private final int shift;
  private volatile int[] places;

  private Offsets(Written written, int shift) {
    this.written = written;
    this.shift = shift;
  }

  static Offsets of(Written written) {
    return new Offsets(written, 0);
  }

  /** The same for the part of the value that begins there. */
  Offsets from(int offset) {
    return written == null ? this : new Offsets(written, shift + offset);
  }

  /** The place of one of the value's characters, or of its end; the scalar's own if it has none. */
  Spot at(int offset, Spot scalar) {
    if (written == null || offset < 0) {
      return scalar;
    }
    int[] known = places;
    if (known == null) {
      known = places();
      places = known;
    }
    return spot(known[Math.min(offset + shift, known.length - 1)]);
  }

  private Spot spot(int place) {
    Spot first = written.spot();
    int line = first.line();
    int lineStart = -1;
    for (int i = written.start(); i < place; i++) {
      if (isBreak(i)) {
        line++;
        lineStart = i + 1;
      }
    }
    String text = written.text();
    int column =
        lineStart < 0
            ? first.column() + text.codePointCount(written.start(), place)
            : 1 + text.codePointCount(lineStart, place);
    return new Spot(first.pointer(), line, column);
  }

  private boolean isBreak(int i) {
    char c = written.text().charAt(i);
    return c == '\n' || (c == '\r' && !(i + 1 < written.end() && raw(i + 1) == '\n'));
  }

  /**
   * The place of each character and of the end. Whitespace is folded in ways that depend on the
   * style; everything else stands in the same order in the text, so it is followed along that.
   */
  private int[] places() {
    String value = written.value();
    int[] found = new int[value.length() + 1];
    int at = content();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean blank = Character.isWhitespace(c);
      if (!blank) {
        at = skipBlanks(at);
      }
      found[i] = at;
      if (blank && raw(at) != c && !isEscape(at)) {
        continue;
      }
      int length = length(at, c);
      boolean pair = length > 6 && Character.isHighSurrogate(c) && i + 1 < value.length();
      if (pair) {
        found[++i] = at;
      }
      at = Math.min(at + length, written.end());
    }
    found[value.length()] = at;
    return found;
  }

  /** Where the value begins: behind the quote, or on the line after the block's indicator. */
  private int content() {
    int at = written.start();
    return switch (written.style()) {
      case PLAIN -> at;
      case SINGLE, DOUBLE -> at + 1;
      case BLOCK -> {
        while (at < written.end() && raw(at) != '\n') {
          at++;
        }
        yield Math.min(at + 1, written.end());
      }
    };
  }

  private int skipBlanks(int from) {
    int at = from;
    while (at < written.end() && (Character.isWhitespace(raw(at)) || isContinuation(at))) {
      at++;
    }
    return at;
  }

  /** A backslash at the end of a line, which joins it with the next one. */
  private boolean isContinuation(int at) {
    return written.style() == Style.DOUBLE
        && raw(at) == '\\'
        && (raw(at + 1) == '\n' || raw(at + 1) == '\r');
  }

  private boolean isEscape(int at) {
    return written.style() == Style.DOUBLE && raw(at) == '\\' && !isContinuation(at);
  }

  /** How many characters of the text make one of the value. */
  private int length(int at, char c) {
    if (written.style() == Style.SINGLE && c == '\'') {
      return 2;
    }
    if (!isEscape(at)) {
      return 1;
    }
    return switch (raw(at + 1)) {
      case 'x' -> 4;
      case 'u' -> 6;
      case 'U' -> 10;
      default -> 2;
    };
  }

  private char raw(int at) {
    return at < written.end() ? written.text().charAt(at) : 0;
  }
}
