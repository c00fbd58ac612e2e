package io.orchestrator.reference;

import io.orchestrator.expression.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One way in which an execution may end.
 *
 * @param failure its type; null if it does not fail
 * @param steps those about which something can be said
 * @param loose steps about which nothing can be said: they were stopped somewhere on their way
 * @param open where anything at all may have been done
 * @param calls that are made, as {@code path#attempt}
 * @param maybe calls that may have been made
 * @param orders what was undone before what
 * @param children how the executions that it started may end, by {@code path#attempt}
 */
public record Outcome(
    String status,
    Object output,
    String failure,
    boolean handled,
    Map<String, Observed.At> steps,
    Set<String> loose,
    Set<String> open,
    Set<String> calls,
    Set<String> maybe,
    List<Order> orders,
    Map<String, Outcome> children) {

  /** One step is undone before another. */
  record Order(String first, String then) {}

  /** In what the observed differs; null if it is this outcome. */
  public String difference(Observed seen) {
    if (!seen.status().equals(status)) {
      return "it is " + seen.status() + ", not " + status;
    }
    if (!Objects.equals(seen.failure(), failure) || seen.handled() != handled) {
      return "it failed with "
          + seen.failure()
          + (seen.handled() ? ", handled" : "")
          + ", not with "
          + failure
          + (handled ? ", handled" : "");
    }
    if (status.equals("completed") && !same(seen.output(), output)) {
      return "its output is " + Json.write(seen.output()) + ", not " + Json.write(output);
    }
    String difference = stepDifference(seen);
    difference = difference == null ? callDifference(seen) : difference;
    difference = difference == null ? orderDifference(seen) : difference;
    return difference == null ? childDifference(seen) : difference;
  }

  private String orderDifference(Observed seen) {
    for (Order order : orders) {
      int first = seen.undone().indexOf(order.first());
      int then = seen.undone().indexOf(order.then());
      if (first < 0 || then < 0 || first > then) {
        return "undone were "
            + seen.undone()
            + ", not "
            + order.first()
            + " before "
            + order.then();
      }
    }
    return null;
  }

  /** Of a child whose step was stopped on its way, only the rules of the checker speak. */
  private String childDifference(Observed seen) {
    for (Map.Entry<String, Outcome> child : children.entrySet()) {
      String call = child.getKey();
      boolean sure = calls.contains(call) && !isStopped(path(call));
      Observed there = seen.children().get(call);
      if (sure && child.getValue() != null && there != null) {
        String difference = child.getValue().difference(there);
        if (difference != null) {
          return "its child " + call + ": " + difference;
        }
      }
    }
    return null;
  }

  private static String path(String call) {
    return call.substring(0, call.lastIndexOf('#'));
  }

  private String stepDifference(Observed seen) {
    Set<String> paths = new HashSet<>(seen.steps().keySet());
    paths.addAll(steps.keySet());
    paths.removeIf(this::isLoose);
    for (String path : paths) {
      Observed.At here = seen.steps().get(path);
      Observed.At expected = steps.get(path);
      if (here == null || expected == null) {
        return "step " + path + " is " + here + ", not " + expected;
      }
      if (!here.status().equals(expected.status())
          || here.attempt() != expected.attempt()
          || !same(here.output(), expected.output())) {
        return "step " + path + " is " + here + ", not " + expected;
      }
    }
    return null;
  }

  /**
   * Whether nothing can be said of a step: it was stopped on its way, or what it stands in was; of
   * the rounds of a loop only the history tells.
   */
  private boolean isLoose(String path) {
    return path.contains("[") || isStopped(path);
  }

  private boolean isStopped(String path) {
    return any(loose, path) || isOpen(path);
  }

  private boolean isOpen(String path) {
    return any(open, Memory.plain(path));
  }

  private static boolean any(Set<String> some, String path) {
    return some.stream()
        .anyMatch(
            one -> path.equals(one) || path.startsWith(one + "/") || path.startsWith(one + "["));
  }

  private String callDifference(Observed seen) {
    Set<String> made = new HashSet<>(seen.calls());
    for (String call : calls) {
      if (!made.contains(call) && !isOpen(path(call))) {
        return "the call " + call + " was not made";
      }
    }
    for (String call : made) {
      if (!calls.contains(call) && !maybe.contains(call) && !isOpen(path(call))) {
        return "the call " + call + " was made";
      }
    }
    return null;
  }

  private static boolean same(Object one, Object other) {
    return Objects.equals(one, other) || Json.canonical(one).equals(Json.canonical(other));
  }
}
