package io.orchestrator.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in data that nobody may see in clear: names of fields, {@code *} for every field or item.
 */
public record MaskPath(List<String> segments) {
  /** Stands for every field of a map and every item of a list. */
  public static final String ANY = "*";

  private static final Pattern SEGMENT =
      Pattern.compile(
          "\\.?([A-Za-z_][A-Za-z0-9_-]*|\\*)|\\[(?:(\\*)|([0-9]+)|'([^']+)'|\"([^\"]+)\")]");

  /** A whole path, as the schema of the language describes it. */
  static final String SHAPE =
      "(?:\\$\\.?)?(?:NAME|INDEX)(?:\\.?NAME|INDEX)*"
          .replace("NAME", "(?:[A-Za-z_][A-Za-z0-9_-]*|\\*)")
          .replace("INDEX", "\\[(?:\\*|[0-9]+|'[^']+'|\"[^\"]+\")\\]");

  public MaskPath {
    segments = List.copyOf(segments);
  }

  /** Reads {@code input.card.number}, {@code $input.items[*].iban}; null if it is no path. */
  static MaskPath parse(String text) {
    String path = text.startsWith("$.") ? text.substring(2) : text.replaceFirst("^\\$", "");
    List<String> segments = new ArrayList<>();
    Matcher matcher = SEGMENT.matcher(path);
    int at = 0;
    while (at < path.length() && matcher.find(at) && matcher.start() == at) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        if (matcher.group(group) != null) {
          segments.add(matcher.group(group));
        }
      }
      at = matcher.end();
    }
    boolean whole = at == path.length() && !segments.isEmpty() && path.charAt(0) != '.';
    return whole ? new MaskPath(segments) : null;
  }

  /** The first segment. */
  public String head() {
    return segments.getFirst();
  }

  /** The path after its first segment; empty if it has only that. */
  public List<String> rest() {
    return segments.subList(1, segments.size());
  }
}
