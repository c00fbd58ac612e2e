package io.orchestrator.flow;

/**
 * A place in a text.
 *
 * @param pointer RFC 6901, empty for the whole document
 * @param line from 1, 0 if unknown
 * @param column from 1, 0 if unknown
 */
public record Spot(String pointer, int line, int column) {
  /** The whole document. */
  public static final Spot START = new Spot("", 1, 1);

  /** The same place in the text under a longer pointer. */
  static String child(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }
}
