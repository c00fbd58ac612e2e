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
 */
public record Progress(
    List<Object> items, int begun, List<Integer> open, List<Object> results, int failed) {

  static Progress over(List<Object> items) {
    return new Progress(items, 0, List.of(), Results.NONE, 0);
  }

  Progress begun(int number) {
    List<Integer> more = new ArrayList<>(open.size() + 1);
    more.addAll(open);
    more.add(number);
    return new Progress(items, number + 1, List.copyOf(more), results, failed);
  }

  Progress ended(int number, Object result, boolean badly) {
    List<Integer> rest = new ArrayList<>(open);
    rest.remove(Integer.valueOf(number));
    Results kept = ((Results) results).with(items == null ? 0 : number, result);
    return new Progress(items, begun, List.copyOf(rest), kept, failed + (badly ? 1 : 0));
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
