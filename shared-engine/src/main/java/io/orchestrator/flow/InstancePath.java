package io.orchestrator.flow;

/**
 * Where a step is at work: its path with the number of the iteration, from 0, after the id of every
 * loop around it ({@code orders[3]/charge}).
 */
public final class InstancePath {
  private InstancePath() {}

  /** The path of the step in the plan. */
  static String plain(String path) {
    int open = path.indexOf('[');
    if (open < 0) {
      return path;
    }
    StringBuilder plain = new StringBuilder(path.length());
    int from = 0;
    for (; open >= 0; open = path.indexOf('[', from)) {
      plain.append(path, from, open);
      int close = path.indexOf(']', open);
      from = close < 0 ? path.length() : close + 1;
    }
    return plain.append(path, from, path.length()).toString();
  }

  /**
   * What holds it: a structure, or an iteration if it stands in a loop; empty for the flow itself.
   */
  public static String around(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** The path of an iteration. */
  public static String iteration(String loop, int number) {
    return loop + '[' + number + ']';
  }

  /** Whether it is an iteration, not a step. */
  public static boolean isIteration(String path) {
    return path.endsWith("]");
  }

  /** The loop of an iteration; anything else is itself. */
  public static String loop(String path) {
    return isIteration(path) ? path.substring(0, path.lastIndexOf('[')) : path;
  }

  /** The number of an iteration, from 0. */
  public static int number(String iteration) {
    return Integer.parseInt(iteration, iteration.lastIndexOf('[') + 1, iteration.length() - 1, 10);
  }

  /** Whether the path lies inside the other one; in the empty one lies everything. */
  public static boolean isWithin(String path, String outer) {
    if (outer.isEmpty()) {
      return true;
    }
    int end = outer.length();
    return path.length() > end
        && (path.charAt(end) == '/' || path.charAt(end) == '[')
        && path.startsWith(outer);
  }
}
