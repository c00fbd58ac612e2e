package io.orchestrator.flow;

import java.util.List;
import java.util.Locale;

/** A field of a cron schedule, and how it is written: lists, ranges, steps, names. */
enum CronField {
  MINUTE("minute", 0, 59, List.of()),
  HOUR("hour", 0, 23, List.of()),
  DAY("day of the month", 1, 31, List.of()),
  MONTH(
      "month",
      1,
      12,
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
  /** From 0 (Sunday); 7 is Sunday, too. */
  WEEKDAY("day of the week", 0, 6, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

  private final String title;
  private final int least;
  private final int most;
  private final List<String> names;

  CronField(String title, int least, int most, List<String> names) {
    this.title = title;
    this.least = least;
    this.most = most;
    this.names = names;
  }

  /** What a text of this field is. */
  sealed interface Found {}

  /** The values, as bits. */
  record Bits(long bits) implements Found {}

  /** None, and why. */
  record Wrong(String why) implements Found {}

  Found read(String text) {
    long bits = 0;
    for (String part : text.split(",", -1)) {
      switch (part(part)) {
        case Bits more -> bits |= more.bits;
        case Wrong wrong -> {
          return wrong;
        }
      }
    }
    return new Bits(bits);
  }

  private Found part(String part) {
    String[] pieces = part.split("/", -1);
    int step = pieces.length == 1 ? 1 : pieces.length == 2 ? number(pieces[1]) : -1;
    if (step < 1 || step > size()) {
      return wrong(part, "a step from 1 to " + size() + " stands after the slash");
    }
    String base = pieces[0];
    boolean all = base.equals("*") || (base.equals("?") && (this == DAY || this == WEEKDAY));
    if (all) {
      return bits(least, most, step);
    }
    String[] ends = base.split("-", -1);
    int from = value(ends[0]);
    int to = ends.length == 2 ? value(ends[1]) : pieces.length == 2 ? most : from;
    if (ends.length > 2 || from < 0 || to < 0) {
      return wrong(part, "it takes " + taken());
    }
    return bits(from, to < from ? to + size() : to, step); // FRI-MON goes over the end
  }

  private Bits bits(int from, int to, int step) {
    long bits = 0;
    for (int value = from; value <= to; value += step) {
      bits |= 1L << (least + (value - least) % size());
    }
    return new Bits(bits);
  }

  private int size() {
    return most - least + 1;
  }

  /** Negative for what is none. */
  private int value(String text) {
    int name = names.indexOf(text.toUpperCase(Locale.ROOT));
    int value = name >= 0 ? least + name : number(text);
    boolean sunday = this == WEEKDAY && value == 7;
    return (value >= least && value <= most) || sunday ? value : -1;
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
  }

  private Wrong wrong(String part, String why) {
    return new Wrong("'" + part + "' is no " + title + ": " + why);
  }

  private String taken() {
    String numbers = least + " to " + (this == WEEKDAY ? 7 : most);
    return names.isEmpty()
        ? numbers
        : numbers + " or " + names.getFirst() + " to " + names.getLast();
  }
}
