package io.orchestrator.local;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The steps of an execution as they change: redrawn in place on a terminal, else one line for each
 * change.
 */
final class StepTree {
  private static final String NEVER_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final Map<String, String> SIGNS =
      Map.of(
          "running",
          "\u25b6",
          "waiting",
          "\u23f3",
          "retrying",
          "\u21bb",
          "completed",
          "\u2714",
          "failed",
          "\u2718",
          "skipped",
          "\u25cb",
          "cancelled",
          "\u2298");
  private static final Map<String, String> COLOURS =
      Map.of(
          "running",
          "36",
          "waiting",
          "33",
          "retrying",
          "33",
          "completed",
          "32",
          "failed",
          "31",
          "skipped",
          "90",
          "cancelled",
          "90");

  private final PrintStream out;
  private final boolean redraws;
  private final int height;
  private final Map<String, String> seen = new HashMap<>();
  private int drawn;

  /**
   * Prints there.
   *
   * @param height of the terminal in lines; what does not fit is left out at the top
   */
  StepTree(PrintStream out, boolean redraws, int height) {
    this.out = out;
    this.redraws = redraws;
    this.height = height;
  }

  /** Shows an execution as the API describes it. */
  void show(Map<String, Object> execution) {
    List<Map<String, Object>> steps = Data.maps(execution.get("steps"));
    List<Map<String, Object>> waits = Data.maps(execution.get("waiting_for"));
    if (redraws) {
      redraw(steps, waits, Data.text(execution.get("status")));
    } else {
      steps.forEach(step -> changed(step, waits));
    }
  }

  private void changed(Map<String, Object> step, List<Map<String, Object>> waits) {
    String state = step.get("status") + "/" + step.get("attempts");
    if (!state.equals(seen.put(Data.text(step.get("path")), state))) {
      out.println(
          "%-10s %s%s".formatted(step.get("status"), step.get("path"), detail(step, waits)));
    }
  }

  private void redraw(
      List<Map<String, Object>> steps, List<Map<String, Object>> waits, String status) {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> step : steps) {
      String state = Data.text(step.get("status"));
      String indent =
          "  ".repeat((int) Data.text(step.get("path")).chars().filter(c -> c == '/').count());
      lines.add(
          "  "
              + indent
              + coloured(COLOURS.getOrDefault(state, "0"), SIGNS.getOrDefault(state, "?"))
              + " "
              + step.get("id")
              + coloured("90", detail(step, waits)));
    }
    lines.add("  " + coloured("1", status));
    List<String> shown = lines.subList(Math.max(0, lines.size() - (height - 1)), lines.size());
    StringBuilder frame = new StringBuilder(NEVER_WRAP);
    if (drawn > 0) {
      frame.append("\u001b[").append(drawn).append('A');
    }
    frame.append('\r').append(CLEAR_BELOW);
    shown.forEach(line -> frame.append(line).append('\n'));
    out.print(frame.append(WRAP));
    out.flush();
    drawn = shown.size();
  }

  private static String coloured(String colour, String text) {
    return "\u001b[" + colour + "m" + text + "\u001b[0m";
  }

  private static String detail(Map<String, Object> step, List<Map<String, Object>> waits) {
    StringBuilder detail = new StringBuilder();
    if (step.get("adapter") != null) {
      detail
          .append("  ")
          .append(step.get("adapter"))
          .append(step.get("action") == null ? "" : "." + step.get("action"));
    }
    if (step.get("attempts") instanceof Long attempts && attempts > 1) {
      detail.append("  attempt ").append(attempts);
    }
    if (step.get("duration_ms") != null) {
      detail.append("  ").append(step.get("duration_ms")).append(" ms");
    }
    if ("waiting".equals(step.get("status"))) {
      waits.stream()
          .filter(wait -> step.get("id").equals(wait.get("step")))
          .findFirst()
          .ifPresent(
              wait ->
                  detail
                      .append("  for a ")
                      .append(wait.get("kind"))
                      .append(", until ")
                      .append(wait.get("until")));
    }
    Map<String, Object> error = Data.map(step.get("error"));
    if (!error.isEmpty()) {
      detail.append("  ").append(error.get("type")).append(": ").append(error.get("message"));
    }
    return detail.toString();
  }
}
