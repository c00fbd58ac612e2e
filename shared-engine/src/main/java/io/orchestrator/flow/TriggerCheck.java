package io.orchestrator.flow;

import java.util.HashSet;
import java.util.Set;

/** Finds triggers that can never start anything, or would never end. */
final class TriggerCheck {
  private final Names names;
  private final Problems problems;

  TriggerCheck(Names names, Problems problems) {
    this.names = names;
    this.problems = problems;
  }

  void check(Flow flow) {
    Set<String> paths = new HashSet<>();
    for (Trigger trigger : flow.triggers()) {
      switch (trigger) {
        case Trigger.Completion completion when completion.flow() != null ->
            completion(flow.name(), completion);
        case Trigger.Webhook hook when hook.path() != null && !paths.add(hook.path()) ->
            problems.error(
                Code.CONTRADICTION,
                hook.spot(),
                "the path '" + hook.path() + "' has a webhook already",
                "a request goes to one of them: give each a path of its own");
        case Trigger.Occurrence event when event.type() != null && event.filter() == null ->
            occurrence(flow, event);
        case Trigger.Completion _, Trigger.Webhook _, Trigger.Occurrence _, Trigger.Schedule _ -> {}
      }
    }
  }

  private void completion(String flow, Trigger.Completion trigger) {
    if (trigger.flow().equals(flow)) {
      problems.error(
          Code.RECURSION,
          trigger.spot(),
          "each end of the flow '" + flow + "' would start it again",
          "repeat or a schedule do a thing again");
    } else if (names.flow(trigger.flow(), "") instanceof Names.Meaning.Missing missing) {
      // It may be published later, and listens from then on.
      problems.warning(Code.UNKNOWN_FLOW, trigger.spot(), missing.message(), missing.hint());
    }
  }

  /** It may end all the same, by a condition before the step: the engine ends it if not. */
  private void occurrence(Flow flow, Trigger.Occurrence trigger) {
    Walk.bodies(
        flow,
        body -> {
          if (body.kind() instanceof Syntax.Emit emit && emits(emit, trigger.type())) {
            problems.warning(
                Code.RECURSION,
                body.spot(),
                "this event starts the flow '" + flow.name() + "' again, whatever it says",
                "a filter of the trigger can keep it out");
          }
        });
  }

  private static boolean emits(Syntax.Emit emit, String type) {
    return emit.event() != null
        && emit.event().node() instanceof Node.Mapping map
        && map.get("type") instanceof Node.Scalar scalar
        && type.equals(scalar.value());
  }
}
