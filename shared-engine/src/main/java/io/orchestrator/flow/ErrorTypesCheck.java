package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks that the types of errors that handlers and retries name can come about: the language's
 * own, an adapter's, those that the flow raises, and any where others have a say in it.
 */
final class ErrorTypesCheck {
  private final Names names;
  private final Problems problems;

  ErrorTypesCheck(Names names, Problems problems) {
    this.names = names;
    this.problems = problems;
  }

  void check(Flow flow) {
    Set<String> known = new TreeSet<>(Words.ERROR_TYPES);
    boolean[] open = {false};
    Walk.bodies(
        flow,
        body -> {
          open[0] |= isOpen(body.kind(), flow);
          if (body.kind() instanceof Syntax.Raise raise) {
            known.add(raised(raise));
          }
        });
    if (open[0]) {
      return;
    }
    Walk.handlings(flow, handling -> handling.clauses().forEach(c -> tell(c.foreign(), known)));
    Walk.bodies(
        flow,
        body -> {
          if (body.options().retry() != null) {
            tell(body.options().retry().foreign(), known);
          }
        });
  }

  private void tell(List<Syntax.Named> foreign, Set<String> known) {
    for (Syntax.Named type : foreign) {
      if (!known.contains(type.name())) {
        problems.error(
            Code.UNKNOWN_ERROR_TYPE,
            type.spot(),
            "nothing in this flow raises an error of the type '" + type.name() + "'",
            Nearest.hint(type.name(), known));
      }
    }
  }

  private static String raised(Syntax.Raise raise) {
    return raise.failure().node() instanceof Node.Mapping map
            && map.get("type") instanceof Node.Scalar type
        ? String.valueOf(type.value())
        : "";
  }

  /** Whether errors of any type may come from there. */
  private boolean isOpen(Syntax.Kind kind, Flow flow) {
    return switch (kind) {
      case Syntax.Raise raise -> raised(raise).indexOf('$') >= 0;
      case Syntax.SubFlow ignored -> true;
      case Syntax.Call call -> call.await() != null;
      case Syntax.Await ignored -> true;
      case Syntax.Use use -> !flow.define().containsKey(use.name());
      case Syntax.Named named ->
          !flow.define().containsKey(named.name())
              && !(names.bare(named.name()) instanceof Names.Meaning.Action);
      case Syntax.Parallel ignored -> false;
      case Syntax.Conditional ignored -> false;
      case Syntax.Switch ignored -> false;
      case Syntax.Group ignored -> false;
      case Syntax.Foreach ignored -> false;
      case Syntax.Repeat ignored -> false;
      case Syntax.Wait ignored -> false;
      case Syntax.AwaitSignal ignored -> false;
      case Syntax.AwaitEvent ignored -> false;
      case Syntax.Approve ignored -> false;
      case Syntax.Emit ignored -> false;
      case Syntax.Assign ignored -> false;
      case Syntax.Assert ignored -> false;
      case Syntax.Return ignored -> false;
      case Syntax.Broken ignored -> true;
    };
  }
}
