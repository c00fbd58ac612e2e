package io.orchestrator.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What changed from one text to another, line by line, as a unified diff: the shortest way by
 * Myers's algorithm, or all of it where that would be too long.
 */
final class TextDiff {
  private static final int CONTEXT = 3;
  private static final int EDITS_MAX = 2_000;

  private final List<String> from;
  private final List<String> to;

  private TextDiff(String from, String to) {
    this.from = lines(from);
    this.to = lines(to);
  }

  /** A line of the diff with its sign. */
  private record Line(char sign, String text) {}

  /** Empty if the texts are equal. */
  static String unified(String fromName, String from, String toName, String to) {
    if (from.equals(to)) {
      return "";
    }
    List<Line> lines = new TextDiff(from, to).edits();
    StringBuilder out = new StringBuilder();
    out.append("--- ").append(fromName).append('\n').append("+++ ").append(toName).append('\n');
    hunks(lines, out);
    return out.toString();
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\r?\n", -1)));
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return lines;
  }

  private List<Line> edits() {
    int head = 0;
    int least = Math.min(from.size(), to.size());
    while (head < least && from.get(head).equals(to.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < least - head
        && from.get(from.size() - 1 - tail).equals(to.get(to.size() - 1 - tail))) {
      tail++;
    }
    List<Line> lines = new ArrayList<>();
    from.subList(0, head).forEach(line -> lines.add(new Line(' ', line)));
    lines.addAll(
        middle(from.subList(head, from.size() - tail), to.subList(head, to.size() - tail)));
    from.subList(from.size() - tail, from.size()).forEach(line -> lines.add(new Line(' ', line)));
    return lines;
  }

  private static List<Line> middle(List<String> a, List<String> b) {
    List<Reach> trace = trace(a, b);
    if (trace == null) {
      List<Line> all = new ArrayList<>();
      a.forEach(line -> all.add(new Line('-', line)));
      b.forEach(line -> all.add(new Line('+', line)));
      return all;
    }
    return walkBack(a, b, trace);
  }

  /**
   * How far each diagonal gets with 0, 1, 2 ... edits, until one gets to the end; null if that are
   * too many.
   */
  private static List<Reach> trace(List<String> a, List<String> b) {
    List<Reach> trace = new ArrayList<>();
    for (int d = 0; d <= Math.min(a.size() + b.size(), EDITS_MAX); d++) {
      Reach reach = new Reach(d, new int[2 * d + 1]);
      for (int k = -d; k <= d; k += 2) {
        int x = d == 0 ? 0 : trace.getLast().begin(k);
        while (x < a.size() && x - k < b.size() && a.get(x).equals(b.get(x - k))) {
          x++;
        }
        reach.ends[k + d] = x;
        if (x >= a.size() && x - k >= b.size()) {
          trace.add(reach);
          return trace;
        }
      }
      trace.add(reach);
    }
    return null;
  }

  /** How far in the first text every diagonal from -edits to edits gets. */
  private record Reach(int edits, int[] ends) {
    int end(int k) {
      return ends[k + edits];
    }

    /** Whether the next edit on diagonal k comes down from the one above, or from the one below. */
    boolean isDown(int k) {
      int next = edits + 1;
      return k == -next || (k != next && end(k - 1) < end(k + 1));
    }

    int begin(int k) {
      return isDown(k) ? end(k + 1) : end(k - 1) + 1;
    }
  }

  private static List<Line> walkBack(List<String> a, List<String> b, List<Reach> trace) {
    List<Line> lines = new ArrayList<>();
    int x = a.size();
    int y = b.size();
    for (Reach before : trace.subList(0, trace.size() - 1).reversed()) {
      int k = x - y;
      boolean down = before.isDown(k);
      int beforeX = before.end(down ? k + 1 : k - 1);
      int beforeY = beforeX - (down ? k + 1 : k - 1);
      while (x > beforeX && y > beforeY) {
        lines.add(new Line(' ', a.get(--x)));
        y--;
      }
      lines.add(down ? new Line('+', b.get(beforeY)) : new Line('-', a.get(beforeX)));
      x = beforeX;
      y = beforeY;
    }
    while (x > 0) {
      lines.add(new Line(' ', a.get(--x)));
    }
    Collections.reverse(lines);
    return lines;
  }

  private static void hunks(List<Line> lines, StringBuilder out) {
    int[] number = {1, 1};
    int done = 0;
    int change = firstChange(lines, 0);
    while (change < lines.size()) {
      int begin = Math.max(done, change - CONTEXT);
      count(lines.subList(done, begin), number);
      done = end(lines, change);
      hunk(lines.subList(begin, done), number, out);
      change = firstChange(lines, done);
    }
  }

  private static int firstChange(List<Line> lines, int from) {
    int i = from;
    while (i < lines.size() && lines.get(i).sign() == ' ') {
      i++;
    }
    return i;
  }

  /** Changes with at most twice the context between them are one hunk. */
  private static int end(List<Line> lines, int change) {
    int last = change;
    int i = change;
    while (i < lines.size() && i - last <= 2 * CONTEXT) {
      last = lines.get(i).sign() == ' ' ? last : i;
      i++;
    }
    return Math.min(lines.size(), last + 1 + CONTEXT);
  }

  private static void hunk(List<Line> hunk, int[] number, StringBuilder out) {
    int[] begin = number.clone();
    count(hunk, number);
    out.append("@@ -")
        .append(range(begin[0], number[0]))
        .append(" +")
        .append(range(begin[1], number[1]))
        .append(" @@\n");
    hunk.forEach(line -> out.append(line.sign()).append(line.text()).append('\n'));
  }

  private static String range(int begin, int end) {
    int length = end - begin;
    return (length == 0 ? begin - 1 : begin) + (length == 1 ? "" : "," + length);
  }

  private static void count(List<Line> lines, int[] number) {
    for (Line line : lines) {
      number[0] += line.sign() == '+' ? 0 : 1;
      number[1] += line.sign() == '-' ? 0 : 1;
    }
  }
}
