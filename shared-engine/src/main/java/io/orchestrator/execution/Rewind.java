package io.orchestrator.execution;

import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds in a history where an execution goes on from: the last state that was committed before a
 * line, and what had finished after it. Between two lines of one commit nothing stands still, so
 * such a state is never restored itself; what had finished in that commit is kept instead.
 */
public final class Rewind {
  private final Plan plan;
  private final List<Moment> all;

  /**
   * @param lines from the first one, as far as they can be read
   */
  public Rewind(Plan plan, List<Moment> lines) {
    this.plan = plan;
    this.all = List.copyOf(lines);
  }

  /** One line of a history. Lines of one commit have the same time. */
  public record Moment(int revision, Instant at, Transition line) {}

  /** What was looked for. */
  public sealed interface Found {}

  /**
   * A point to go on from.
   *
   * @param revision whose state is restored
   * @param kept steps that had finished after it, by path
   * @param signals that came after it and were not taken by a step that is kept
   * @param edits that counted at this point
   */
  public record Point(
      int revision, Map<String, Kept> kept, List<Change.SignalReceived> signals, Edits edits)
      implements Found {}

  /** There is no such point. */
  public record Nowhere(String why) implements Found {}

  // -- where to

  /** Where what failed, or was stopped, goes on; everything that had finished is kept. */
  public Found toFailure() {
    List<Moment> lines = effective(all);
    int end = closing(lines);
    if (end < 0) {
      return new Nowhere("nothing of it has failed");
    }
    List<Integer> failed = failures(lines, end);
    int first = failed.isEmpty() ? end : failed.getFirst();
    Set<String> paths = new HashSet<>();
    failed.forEach(i -> paths.add(path(lines.get(i))));
    return point(lines, first, lines.subList(0, end), new Finished(plan, paths, false));
  }

  /**
   * Where a step was entered last.
   *
   * @param path of the step, with the number of the iteration if it stands in a loop
   * @param keepsOthers whether what had finished beside it is kept
   */
  public Found toStep(String path, boolean keepsOthers) {
    List<Moment> lines = effective(all);
    int entered = entered(lines, path);
    if (entered < 0) {
      return new Nowhere("step " + path + " has not been reached");
    }
    List<Moment> seen = keepsOthers ? lines : lines.subList(0, entered + 1);
    return point(lines, entered, seen, new Finished(plan, Set.of(path), true));
  }

  /** What it was after a line. */
  public Found toRevision(int revision) {
    int last = all.isEmpty() ? 0 : all.getLast().revision();
    List<Moment> lines = effective(all.stream().filter(m -> m.revision() <= revision).toList());
    if (revision < 1 || revision > last || lines.isEmpty()) {
      return new Nowhere("there is no revision " + revision + " to go back to");
    }
    Moment target = lines.getLast();
    boolean whole = all.stream().noneMatch(m -> m.revision() == revision + 1 && m.at().equals(target.at()));
    if (whole) {
      return new Point(revision, Map.of(), List.of(), Edits.NONE);
    }
    return point(lines, lines.size() - 1, lines, new Finished(plan, Set.of(), true));
  }

  /** The last revision of what can be read. */
  public Found toLast() {
    return all.isEmpty() ? new Nowhere("nothing of it can be read") : toRevision(all.getLast().revision());
  }

  // -- lines that count

  /** The lines without those that were left when an earlier state was restored. */
  private static List<Moment> effective(List<Moment> lines) {
    List<Moment> left = new ArrayList<>();
    for (Moment moment : lines) {
      if (moment.line().change() instanceof Change.Repair.Restored restored) {
        left.removeIf(earlier -> earlier.revision() > restored.revision());
      }
      left.add(moment);
    }
    return left;
  }

  /** The first line of its end, since it was restored last; -1 if it goes on. */
  private static int closing(List<Moment> lines) {
    int end = -1;
    for (int i = 0; i < lines.size(); i++) {
      Change change = lines.get(i).line().change();
      if (change instanceof Change.Repair.Restored) {
        end = -1;
      } else if (end < 0 && closes(change)) {
        end = i;
      }
    }
    return end;
  }

  private static boolean closes(Change change) {
    return switch (change) {
      case Change.HandlersStarted ignored -> true;
      case Change.Failed ignored -> true;
      case Change.Cancelled ignored -> true;
      case Change.TimedOut ignored -> true;
      case Change.Completed ignored -> true;
      case Change.Course.EndStarted ignored -> true;
      case Change.Course.CancelStarted ignored -> true;
      case Change.Course.CompensationStarted ignored -> true;
      case Change.Course.FinallyStarted ignored -> true;
      case Change.Course.Compensated ignored -> true;
      case Change.Course.CompensationFailed ignored -> true;
      default -> false;
    };
  }

  /** The failures that led to the end and were not made good, from the first one. */
  private List<Integer> failures(List<Moment> lines, int end) {
    int top = -1;
    for (int i = end - 1; i >= 0 && top < 0; i--) {
      if (lines.get(i).line().change() instanceof Change.StepFailed failed
          && isTop(failed.path())
          && !madeGood(lines, i, end, failed.path(), failed.path())) {
        top = i;
      }
    }
    List<Integer> failures = new ArrayList<>();
    if (top < 0) {
      return failures;
    }
    String outermost = path(lines.get(top));
    for (int i = 0; i <= top; i++) {
      String path = path(lines.get(i));
      boolean inside =
          lines.get(i).line().change() instanceof Change.StepFailed
              && (path.equals(outermost) || InstancePath.isWithin(path, outermost));
      if (inside && !madeGood(lines, i, end, path, outermost)) {
        failures.add(i);
      }
    }
    return failures;
  }

  private boolean isTop(String path) {
    Step step = plan.at(path);
    return step != null && step.place().parent().isEmpty();
  }

  /** Whether the step, or anything around it, ended well or was entered again after its failure. */
  private static boolean madeGood(
      List<Moment> lines, int failure, int end, String path, String outermost) {
    for (int i = failure + 1; i < end; i++) {
      Transition line = lines.get(i).line();
      String about =
          switch (line.change()) {
            case Change.StepCompleted c -> c.path();
            case Change.StepRecovered c -> c.path();
            case Change.StepStarted c -> c.path();
            case Change.StepRetrying c -> c.path();
            case Change.Repair.StepKept c -> c.path();
            default -> null;
          };
      boolean over =
          line.iterations().stream()
              .anyMatch(e -> e instanceof Iteration.Ended && InstancePath.isWithin(path, e.path()));
      if (over || (about != null && covers(about, path, outermost))) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(String about, String path, String outermost) {
    boolean around = about.equals(path) || InstancePath.isWithin(path, about);
    return around && (about.equals(outermost) || InstancePath.isWithin(about, outermost));
  }

  /** The line with which the last life of a step began; -1 if it never did. */
  private static int entered(List<Moment> lines, String path) {
    int entered = -1;
    boolean active = false;
    for (int i = 0; i < lines.size(); i++) {
      Transition line = lines.get(i).line();
      boolean about =
          path.equals(path(lines.get(i))) && !(line.change() instanceof Change.Course);
      boolean touched = about || line.started().contains(path) || begunAnew(line, path);
      if (touched && !active && !(line.change() instanceof Change.StepRetrying)) {
        entered = i;
      }
      active = touched ? !ends(line.change(), about) : active && !line.cancelled().contains(path);
    }
    return entered;
  }

  private static boolean begunAnew(Transition line, String path) {
    return line.change() instanceof Change.Repair.Restored restored
        && restored.again().contains(path);
  }

  private static boolean ends(Change change, boolean about) {
    return about
        && switch (change) {
          case Change.StepCompleted ignored -> true;
          case Change.StepSkipped ignored -> true;
          case Change.StepFailed ignored -> true;
          case Change.Repair.StepKept ignored -> true;
          default -> false;
        };
  }

  /** The step that a line is about; empty if it is about the execution. */
  private static String path(Moment moment) {
    String step = Notation.write(moment.line()).step();
    return step == null ? "" : step;
  }

  // -- what is kept

  /**
   * @param target the line before which it goes on
   * @param seen the lines in which something may have finished that is kept
   * @param finished knows what is not kept
   */
  private static Found point(
      List<Moment> lines, int target, List<Moment> seen, Finished finished) {
    int before = target;
    while (before >= 0 && lines.get(before).at().equals(lines.get(target).at())) {
      before--;
    }
    int revision = before < 0 ? lines.getFirst().revision() : lines.get(before).revision();
    Edits edits = Edits.NONE;
    for (Moment moment : seen) {
      if (moment.revision() > revision) {
        finished.note(moment.line());
        if (moment.line().change() instanceof Change.Repair.Restored restored) {
          edits = edits.then(restored.edits());
        }
      }
    }
    lines.stream().filter(m -> m.revision() > revision).forEach(m -> finished.hear(m.line()));
    String undone = finished.undone(lines, revision);
    return undone == null
        ? new Point(revision, finished.kept(), finished.signals(), edits)
        : new Nowhere(
            "step " + undone + " has been undone; retry from it, or from an earlier step");
  }
}
