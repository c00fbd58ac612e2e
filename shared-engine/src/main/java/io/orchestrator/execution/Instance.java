package io.orchestrator.execution;

import io.orchestrator.flow.Common;
import io.orchestrator.flow.InstancePath;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Place;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Step;

/**
 * A step at one place of an execution: inside a loop it has as many instances as there are
 * iterations.
 */
record Instance(Step step, String path) {

  /** The instance at a path; null if the plan has no such step. */
  static Instance at(Plan plan, String path) {
    Step step = plan.at(path);
    return step == null ? null : new Instance(step, path);
  }

  String id() {
    return step.id();
  }

  Kind kind() {
    return step.kind();
  }

  Common common() {
    return step.common();
  }

  Place place() {
    return step.place();
  }

  /** A step that it holds, or one of its handlers. */
  Instance inside(Step child) {
    return new Instance(child, path + "/" + child.id());
  }

  /** A step of one of its iterations. */
  Instance inside(int iteration, Step child) {
    return new Instance(child, InstancePath.iteration(path, iteration) + "/" + child.id());
  }

  /** Another step of the same block. */
  Instance beside(Step other) {
    return new Instance(other, path.substring(0, path.lastIndexOf('/') + 1) + other.id());
  }

  /** The structure that holds it, or whose handler it is; null if that is the flow itself. */
  Instance around(Plan plan) {
    return place().parent().isEmpty()
        ? null
        : at(plan, InstancePath.loop(InstancePath.around(path)));
  }

  /** The iteration that it stands in directly. */
  String iteration() {
    return InstancePath.around(path);
  }
}
