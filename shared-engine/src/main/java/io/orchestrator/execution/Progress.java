package io.orchestrator.execution;

import java.util.ArrayList;
import java.util.List;

/**
 * How far a loop is.
 *
 * @param items of a foreach; null for a loop that has no list
 * @param begun how many iterations have begun
 * @param open the numbers of those that are at work, in their order
 * @param results of those that ended; for a loop without a list only the last one
 * @param failed how many failed and were tolerated
 * @param ran whether something outside was done, or may have been, in one that ended
 */
public record Progress(
    List<Object> items,
    int begun,
    List<Integer> open,
    List<Object> results,
    int failed,
    boolean ran) {
  private static final Progress RAN = new Progress(null, 0, List.of(), Results.NONE, 0, true);

  static Progress over(List<Object> items) {
    return new Progress(items, 0, List.of(), Results.NONE, 0, false);
  }

  /** What is kept when the loop is over; null if nothing is. */
  Progress left() {
    return ran ? RAN : null;
  }

  Progress begun(int number) {
    List<Integer> more = new ArrayList<>(open.size() + 1);
    more.addAll(open);
    more.add(number);
    return new Progress(items, number + 1, List.copyOf(more), results, failed, ran);
  }

  Progress ended(int number, Object result, boolean badly, boolean didSomething) {
    List<Integer> rest = new ArrayList<>(open);
    rest.remove(Integer.valueOf(number));
    Results kept = ((Results) results).with(items == null ? 0 : number, result);
    int failures = failed + (badly ? 1 : 0);
    return new Progress(items, begun, List.copyOf(rest), kept, failures, ran || didSomething);
  }

  /** All iterations below this number have ended. */
  int lowWater() {
    return open.isEmpty() ? begun : open.getFirst();
  }

  /** Whether every item is done. */
  boolean isDone() {
    return open.isEmpty() && items != null && begun == items.size();
  }
}
