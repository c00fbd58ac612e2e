package io.orchestrator.reference;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Branches at the same time, which together come to one end. */
final class Branches {
  private final Steps steps;
  private final Memory memory;
  private final Kind.Parallel parallel;
  private final String path;
  private final Frame inside;
  private final Memory.Time began;
  private final long slack;

  /** A branch as it would end if no other stopped it. */
  private record Branch(Step step, String path, Result result, Memory.Time end, boolean skipped) {
    boolean isDone() {
      return result instanceof Result.Done && !skipped;
    }

    boolean hasFailed() {
      return result instanceof Result.Failed;
    }
  }

  /** The branch that decides, and those that are over by then. */
  private record Course(Branch last, List<Branch> before) {}

  Branches(Steps steps, Kind.Parallel parallel, String path, Frame inside) {
    this.steps = steps;
    this.memory = steps.memory;
    this.parallel = parallel;
    this.path = path;
    this.inside = inside;
    this.began = memory.now;
    this.slack = steps.nature.slackMillis();
  }

  Result run() {
    int count = parallel.branches().size();
    if (parallel.concurrency() == 1 && count > 1) {
      return oneByOne();
    }
    boolean crowded = parallel.concurrency() < count;
    List<Branch> ends = new ArrayList<>();
    memory.crowded += count > 1 && steps.plan.terms().budget().steps() != null ? 1 : 0;
    long waited = 0;
    for (Step branch : parallel.branches()) {
      memory.now = new Memory.Time(began.least(), began.most() + (crowded ? waited : 0));
      Branch end = did(branch);
      waited += Math.max(0, end.end().most() - memory.now.least());
      ends.add(end);
    }
    memory.crowded -= count > 1 && steps.plan.terms().budget().steps() != null ? 1 : 0;
    if (parallel.join().enough() == 0 && allOver(ends)) {
      return joined(ends);
    }
    if (crowded) {
      throw new Undetermined("which branches of " + path + " had begun");
    }
    return decided(ends);
  }

  private Branch did(Step step) {
    Memory.Time start = memory.now;
    Result result = steps.step(step, inside);
    String where = inside.prefix() + step.id();
    boolean skipped = "skipped".equals(memory.status(where));
    Memory.Time end = memory.now;
    memory.now = start;
    return new Branch(step, where, result, end, skipped);
  }

  /** Whether all of them come to their ends, and no more fail than may. */
  private boolean allOver(List<Branch> ends) {
    long failed = ends.stream().filter(Branch::hasFailed).count();
    return ends.stream().noneMatch(end -> end.result().isOfFlow())
        && failed <= parallel.join().tolerance().of(ends.size());
  }

  private Result oneByOne() {
    List<Branch> over = new ArrayList<>();
    for (Step step : parallel.branches()) {
      Branch end = did(step);
      memory.now = end.end();
      if (end.result().isOfFlow()) {
        return end.result();
      }
      if (decides(end, over)) {
        over.add(end);
        return result(end, over);
      }
      over.add(end);
    }
    return new Result.Done(outputs(over));
  }

  private Result joined(List<Branch> ends) {
    long least = began.least();
    long most = began.most();
    for (Branch end : ends) {
      least = Math.max(least, end.end().least());
      most = Math.max(most, end.end().most());
    }
    memory.now = new Memory.Time(least, most);
    return new Result.Done(outputs(ends));
  }

  // -- before all are over

  /** Whether the whole ends when this one ends after those. */
  private boolean decides(Branch last, List<Branch> before) {
    if (last.result().isOfFlow()) {
      return true;
    }
    int enough = parallel.join().enough();
    long failed = before.stream().filter(Branch::hasFailed).count();
    int all = parallel.branches().size();
    if (enough == 0) {
      return last.hasFailed() && failed >= parallel.join().tolerance().of(all);
    }
    long done = before.stream().filter(Branch::isDone).count();
    if (last.isDone()) {
      return done + 1 >= enough;
    }
    long skipped = before.stream().filter(Branch::skipped).count() + (last.skipped() ? 1 : 0);
    long possible = all - skipped - failed - (last.hasFailed() ? 1 : 0);
    return last.hasFailed() && possible < enough;
  }

  private Result decided(List<Branch> ends) {
    List<Course> courses = new ArrayList<>();
    for (Branch last : ends) {
      courses(last, ends, 0, new ArrayList<>(), courses);
    }
    if (courses.isEmpty()) {
      if (ends.stream().anyMatch(end -> end.result().isOfFlow() || end.hasFailed())) {
        throw new Undetermined("how the branches of " + path + " come together");
      }
      return joined(ends); // so many were skipped that there never are enough
    }
    Course course = courses.get(steps.choices.of(courses.size()));
    List<Branch> over = new ArrayList<>(course.before());
    over.add(course.last());
    for (Branch end : ends) {
      if (!over.contains(end)) {
        stop(end, course.last().end().least() - began.least());
      }
    }
    memory.now = course.last().end();
    return result(course.last(), over);
  }

  /** Every set of branches that may be over when the last of them decides. */
  private void courses(
      Branch last, List<Branch> ends, int at, List<Branch> before, List<Course> courses) {
    if (at == ends.size()) {
      boolean earlier = before.stream().anyMatch(one -> decidesAmong(one, before));
      if (!earlier && decides(last, before)) {
        courses.add(new Course(last, List.copyOf(before)));
      }
      return;
    }
    Branch other = ends.get(at);
    if (other.equals(last)) {
      courses(last, ends, at + 1, before, courses);
      return;
    }
    if (parallel.join().enough() == 0 && other.result() instanceof Result.Done) {
      courses(last, ends, at + 1, before, courses); // whether it is over changes nothing
      return;
    }
    if (other.end().least() <= last.end().most() + slack) {
      before.add(other);
      courses(last, ends, at + 1, before, courses);
      before.remove(other);
    }
    if (other.end().most() + slack >= last.end().least()) {
      courses(last, ends, at + 1, before, courses);
    }
  }

  /** Whether one of them would have ended the whole before. */
  private boolean decidesAmong(Branch one, List<Branch> before) {
    List<Branch> others = new ArrayList<>(before);
    others.remove(one);
    return one.result().isOfFlow() || decides(one, others);
  }

  private Result result(Branch last, List<Branch> over) {
    return switch (last.result()) {
      case Result.Done ignored -> new Result.Done(outputs(over));
      case Result.Failed failed -> new Result.Failed(failed.fault(), failed.handled(), false);
      case Result.Ended ended -> ended;
      case Result.Stopped stopped -> stopped;
    };
  }

  private Map<String, Object> outputs(List<Branch> over) {
    Map<String, Object> outputs = new LinkedHashMap<>();
    for (Step step : parallel.branches()) {
      outputs.put(step.id(), null);
    }
    for (Branch end : over) {
      if (end.result() instanceof Result.Done done) {
        outputs.put(end.step().id(), done.output());
      }
    }
    return outputs;
  }

  /** What a branch that is no longer wanted has done. */
  private void stop(Branch branch, long strike) {
    boolean over = branch.end().most() - began.most() + slack < strike;
    if (over) {
      return;
    }
    Cases.mustNotHoldOpen(List.of(branch.step()));
    memory.cut(branch.path(), began, strike, slack);
    memory.loose.add(branch.path());
    memory.leaves(branch.path());
    memory.doubtCalls(branch.path());
    memory.doubt(branch.path());
  }
}
