package io.orchestrator.reference;

import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Step;
import java.util.Map;

/** The executions of other flows that a step starts. */
record Children(Steps steps, Step step, Kind.SubFlow sub) {
  Result run(String path, int attempt, Frame frame) {
    Memory memory = steps.memory;
    Nature nature = steps.nature;
    Object input = sub.input() == null ? nature.input() : sub.input().fill(frame.scope(Map.of()));
    memory.called(path, attempt);
    memory.debts.calls(path, memory.now);
    Nature inside = nature.of(path, attempt, input);
    Interpreter child = new Interpreter(nature.world().plan(sub.flow()), inside, steps.choices);
    Interpreter.Course course = child.run();
    memory.children.put(path + "#" + attempt, course.outcome());
    if (sub.detached()) {
      memory.debts.ran(path, memory.now);
      return new Result.Done(Map.of("execution", inside.execution()));
    }
    Result result = waited(path, attempt, course);
    if (result instanceof Result.Failed failed) {
      memory.debts.failed(path, failed.fault(), memory.now);
    } else {
      memory.debts.ran(path, memory.now);
    }
    return result;
  }

  private Result waited(String path, int attempt, Interpreter.Course course) {
    Memory memory = steps.memory;
    Memory.Time began = memory.now;
    memory.now =
        new Memory.Time(began.least() + course.end().least(), began.most() + course.end().most());
    if (step.common().timeout() != null && isLate(course)) {
      memory.children.put(path + "#" + attempt, null); // it was given up, wherever it stood
      memory.now = began.plus(Steps.millis(step.common().timeout()));
      return Result.failed(Fault.timeout());
    }
    return course.fault() == null
        ? new Result.Done(course.outcome().output())
        : Result.failed(course.fault());
  }

  private boolean isLate(Interpreter.Course course) {
    long limit = Steps.millis(step.common().timeout());
    Nature nature = steps.nature;
    return steps.choices.whether(
        course.end().most() + nature.slackMillis() >= limit,
        course.end().least() <= limit + nature.lateMillis());
  }
}
