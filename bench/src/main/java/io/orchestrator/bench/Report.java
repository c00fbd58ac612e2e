package io.orchestrator.bench;

import java.util.Locale;

/** Prints figures, a line each: peer, workload, metric, value. */
record Report(String peer, String workload) {
  void line(String metric, double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e12;
    String text = String.format(Locale.ROOT, whole ? "%.0f" : "%.3f", value);
    System.out.println(peer + " " + workload + " " + metric + " " + text);
  }

  /**
   * The 50th, 95th and 99th percentile of some latencies in milliseconds; nothing if there are
   * none.
   */
  void latencies(String metric, double[] millis) {
    if (millis.length == 0) {
      return;
    }
    double[] sorted = millis.clone();
    java.util.Arrays.sort(sorted);
    for (int percent : new int[] {50, 95, 99}) {
      int rank = (int) Math.ceil(sorted.length * percent / 100.0) - 1;
      line(metric + "_p" + percent, sorted[Math.max(0, rank)]);
    }
  }
}
