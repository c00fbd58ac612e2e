package io.orchestrator.reference;

import io.orchestrator.flow.Step;
import io.orchestrator.flow.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Things at the same time that together come to one end: branches, or the items of a list. */
final class Strands {
  private final Steps steps;
  private final Memory memory;
  private final List<Strand> strands;
  private final Join join;
  private final String path;
  private final Memory.Time began;
  private final long slack;

  /** One of them. */
  record Strand(String path, List<Step> block, Supplier<Result> work) {}

  /**
   * When there are enough of them.
   *
   * @param enough how many must end well; 0: all but those that may fail
   */
  record Join(int enough, Tolerance tolerance, int concurrency) {}

  /**
   * A strand as it would end if no other stopped it.
   *
   * @param counts when it counts for the others: before what it does in any case if it ends the
   *     flow
   */
  record Over(Strand strand, Result result, Memory.Time counts, Memory.Time end, boolean skipped) {
    boolean isDone() {
      return result instanceof Result.Done && !skipped;
    }

    boolean hasFailed() {
      return result instanceof Result.Failed;
    }
  }

  /**
   * How they came together.
   *
   * @param decided the one that decided, if that was before all were over; null if all are
   */
  record Together(List<Over> over, Over decided) {
    /**
     * What that is as a result.
     *
     * @param output if it ended well
     */
    Result result(Object output) {
      return switch (decided == null ? new Result.Done(output) : decided.result()) {
        case Result.Done ignored -> new Result.Done(output);
        case Result.Failed failed -> new Result.Failed(failed.fault(), failed.handled(), false);
        case Result.Ended ended -> ended;
        case Result.Stopped stopped -> stopped;
      };
    }
  }

  /** The strand that decides, and those that are over by then. */
  private record Course(Over last, List<Over> before) {}

  Strands(Steps steps, List<Strand> strands, Join join, String path) {
    this.steps = steps;
    this.memory = steps.memory;
    this.strands = strands;
    this.join = join;
    this.path = path;
    this.began = memory.now;
    this.slack = steps.nature.slackMillis();
  }

  Together run() {
    if (join.concurrency() == 1) {
      return oneByOne();
    }
    List<Over> ends = new ArrayList<>();
    memory.racing += strands.size() > 1 ? 1 : 0;
    for (Strand strand : strands) {
      memory.now = turn(ends);
      ends.add(did(strand));
    }
    memory.racing -= strands.size() > 1 ? 1 : 0;
    return join.enough() == 0 && allOver(ends) ? joined(ends) : decided(ends);
  }

  /** When the next one begins: as soon as fewer than may be are at work. */
  private Memory.Time turn(List<Over> ends) {
    int before = ends.size() - join.concurrency();
    if (before < 0) {
      return began;
    }
    return new Memory.Time(
        ends.stream().mapToLong(end -> end.end().least()).sorted().toArray()[before],
        ends.stream().mapToLong(end -> end.end().most()).sorted().toArray()[before]);
  }

  private Over did(Strand strand) {
    Memory.Time settled = memory.settled;
    memory.settled = null;
    Result result = strand.work().get();
    Memory.Time counts = memory.settled == null ? memory.now : memory.settled;
    memory.settled = settled;
    boolean skipped = "skipped".equals(memory.status(strand.path()));
    return new Over(strand, result, counts, memory.now, skipped);
  }

  /** Whether all of them come to their ends, and no more fail than may. */
  private boolean allOver(List<Over> ends) {
    long failed = ends.stream().filter(Over::hasFailed).count();
    return ends.stream().noneMatch(end -> end.result().isOfFlow())
        && failed <= join.tolerance().of(ends.size());
  }

  private Together oneByOne() {
    List<Over> over = new ArrayList<>();
    for (Strand strand : strands) {
      Over end = did(strand);
      boolean decides = decides(end, over);
      over.add(end);
      if (decides) {
        return new Together(over, end);
      }
    }
    return new Together(over, null);
  }

  private Together joined(List<Over> ends) {
    long least = began.least();
    long most = began.most();
    for (Over end : ends) {
      least = Math.max(least, end.end().least());
      most = Math.max(most, end.end().most());
    }
    memory.now = new Memory.Time(least, most);
    return new Together(ends, null);
  }

  // -- before all are over

  /** Whether the whole ends when this one ends after those. */
  private boolean decides(Over last, List<Over> before) {
    if (last.result().isOfFlow()) {
      return true;
    }
    long failed = before.stream().filter(Over::hasFailed).count();
    int all = strands.size();
    if (join.enough() == 0) {
      return last.hasFailed() && failed >= join.tolerance().of(all);
    }
    long done = before.stream().filter(Over::isDone).count();
    if (last.isDone()) {
      return done + 1 >= join.enough();
    }
    long skipped = before.stream().filter(Over::skipped).count() + (last.skipped() ? 1 : 0);
    long possible = all - skipped - failed - (last.hasFailed() ? 1 : 0);
    return last.hasFailed() && possible < join.enough();
  }

  private Together decided(List<Over> ends) {
    List<Course> courses = new ArrayList<>();
    for (Over last : ends) {
      courses(last, ends, 0, new ArrayList<>(), courses);
    }
    if (courses.isEmpty()) {
      if (ends.stream().anyMatch(end -> end.result().isOfFlow() || end.hasFailed())) {
        throw new Undetermined("how the branches of " + path + " come together");
      }
      return joined(ends); // so many were skipped that there never are enough
    }
    Course course = courses.get(steps.choices.of(courses.size()));
    List<Over> over = new ArrayList<>(course.before());
    over.add(course.last());
    memory.now = course.last().end();
    if (course.last().result().isOfFlow() && memory.settled == null) {
      memory.settled = course.last().counts();
    }
    for (Over end : ends) {
      if (!over.contains(end)) {
        stop(end, course.last());
      }
    }
    return new Together(over, course.last());
  }

  /** Every set of strands that may be over when the last of them decides. */
  private void courses(
      Over last, List<Over> ends, int at, List<Over> before, List<Course> courses) {
    if (at == ends.size()) {
      boolean earlier = before.stream().anyMatch(one -> decidesAmong(one, before));
      if (!earlier && decides(last, before)) {
        courses.add(new Course(last, List.copyOf(before)));
      }
      return;
    }
    Over other = ends.get(at);
    if (other.equals(last)) {
      courses(last, ends, at + 1, before, courses);
      return;
    }
    if (join.enough() == 0 && other.result() instanceof Result.Done) {
      courses(last, ends, at + 1, before, courses); // whether it is over changes nothing
      return;
    }
    if (other.counts().least() <= last.counts().most() + slack) {
      before.add(other);
      courses(last, ends, at + 1, before, courses);
      before.remove(other);
    }
    if (other.counts().most() + slack >= last.counts().least()) {
      courses(last, ends, at + 1, before, courses);
    }
  }

  /** Whether one of them would have ended the whole before. */
  private boolean decidesAmong(Over one, List<Over> before) {
    List<Over> others = new ArrayList<>(before);
    others.remove(one);
    return one.result().isOfFlow() || decides(one, others);
  }

  /** What a strand that is no longer wanted has done. */
  private void stop(Over stopped, Over decider) {
    long strike = decider.counts().least() - began.least();
    if (stopped.end().most() - began.most() + slack < strike) {
      return;
    }
    memory.cut(stopped.strand().path(), began, strike, slack);
    memory.loose.add(stopped.strand().path());
    memory.leaves(stopped.strand().path());
    memory.doubtCalls(stopped.strand().path());
    memory.doubt(stopped.strand().path());
    boolean open = Struck.atWork(stopped.strand().block(), memory);
    if (open && decider.result() instanceof Result.Ended) {
      throw new Undetermined("whether what " + path + " does in any case goes well");
    }
  }
}
