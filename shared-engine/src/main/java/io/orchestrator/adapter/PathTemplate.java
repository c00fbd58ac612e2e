package io.orchestrator.adapter;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path with {@code {name}} where a parameter goes, percent-encoded so that it never leaves its
 * segment.
 */
public final class PathTemplate {
  private static final Pattern SHAPE = Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?");
  private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_]{0,62})}");
  private static final Pattern BAD_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private final String text;
  private final List<String> parameters;

  private PathTemplate(String text, List<String> parameters) {
    this.text = text;
    this.parameters = parameters;
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException with a message for the author
   */
  public static PathTemplate parse(String text) {
    List<String> parameters = new ArrayList<>();
    Matcher matcher = PARAMETER.matcher(text);
    while (matcher.find()) {
      parameters.add(matcher.group(1));
    }
    String plain = matcher.replaceAll("x");
    if (!SHAPE.matcher(plain).matches() || BAD_PERCENT.matcher(plain).find()) {
      throw new IllegalArgumentException(
          "the path must begin with / and have no query, fragment or character that must be"
              + " encoded");
    }
    for (String segment : plain.split("/", -1)) {
      if (Percent.isDots(segment)) {
        throw new IllegalArgumentException("the path must not have . or .. as a segment");
      }
    }
    return new PathTemplate(text, List.copyOf(parameters));
  }

  /** The names in it, in order. */
  public Set<String> parameters() {
    return parameters.stream().collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The path with every parameter in its place.
   *
   * @param value gives a parameter's text; null or empty if there is none
   * @throws IllegalArgumentException if a parameter has no text, or one that would change the path
   */
  public String fill(Function<String, String> value) {
    StringBuilder filled = new StringBuilder();
    Matcher matcher = PARAMETER.matcher(text);
    while (matcher.find()) {
      String name = matcher.group(1);
      String parameter = value.apply(name);
      if (parameter == null || parameter.isEmpty()) {
        throw new IllegalArgumentException("the path needs the parameter " + name);
      }
      matcher.appendReplacement(filled, Matcher.quoteReplacement(Percent.encode(parameter)));
    }
    String path = matcher.appendTail(filled).toString();
    for (String segment : path.split("/", -1)) {
      // Dots cannot be encoded away: servers and proxies decode %2E before they resolve them.
      if (Percent.isDots(segment)) {
        throw new IllegalArgumentException("a parameter of the path must not be . or ..");
      }
    }
    return path;
  }

  @Override
  public String toString() {
    return text;
  }
}
