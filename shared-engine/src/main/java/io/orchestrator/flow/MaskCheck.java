package io.orchestrator.flow;

import io.orchestrator.expression.Nearest;
import io.orchestrator.expression.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Checks that what is masked can be there at all. */
final class MaskCheck {
  private final Flow flow;
  private final Typing typing;
  private final Names names;
  private final Problems problems;

  MaskCheck(Flow flow, Typing typing, Names names, Problems problems) {
    this.flow = flow;
    this.typing = typing;
    this.names = names;
    this.problems = problems;
  }

  /** A part of a path that its type does not have. */
  private record Missing(String name, Type type) {
    String hint() {
      return Nearest.hint(name, type.fields().keySet());
    }
  }

  void check() {
    Collection<String> steps = new StepIndex(flow).all();
    flow.terms().mask().forEach(mask -> ofFlow(mask, steps));
    Walk.bodies(
        flow,
        body -> {
          if (body.options().mask() != null) {
            body.options().mask().forEach(mask -> ofStep(mask, body));
          }
        });
  }

  private void ofFlow(Syntax.Mask mask, Collection<String> steps) {
    String head = mask.path().head();
    if (!Masks.ROOTS.contains(head) && !steps.contains(head)) {
      List<String> known = new ArrayList<>(Masks.ROOTS);
      known.addAll(steps);
      problems.error(
          Code.UNKNOWN_REFERENCE,
          mask.spot(),
          "'" + head + "' is neither a step nor one of " + Masks.ROOTS,
          Nearest.hint(head, known));
      return;
    }
    Type type = head.equals("output") ? output() : typing.root(head, "");
    Missing missing = missing(type, mask.path().rest());
    if (missing != null) {
      tell(mask, "'" + head + "'", missing, missing.hint());
    }
  }

  private Type output() {
    return flow.output() == null ? Type.ANY : typing.of(flow.output().node(), "");
  }

  private void ofStep(Syntax.Mask mask, Syntax.Body body) {
    List<String> path = mask.path().segments();
    String head = mask.path().head();
    boolean placed = Masks.PLACES.contains(head);
    List<String> rest = placed ? mask.path().rest() : path;
    if (head.equals("error")) {
      Missing inError = missing(typing.root(head, ""), rest);
      if (inError != null) {
        tell(mask, "'error'", inError, inError.hint());
      }
      return;
    }
    Missing inParams = head.equals("params") || !placed ? missing(params(body), rest) : null;
    Missing inOutput = head.equals("output") || !placed ? missing(typing.left(body), rest) : null;
    if (placed ? inParams == null && inOutput == null : inParams == null || inOutput == null) {
      return;
    }
    String hint =
        inParams == null
            ? inOutput.hint()
            : inParams.hint().isEmpty() && inOutput != null ? inOutput.hint() : inParams.hint();
    tell(
        mask,
        placed ? "'" + head + "'" : "this step",
        inParams == null ? inOutput : inParams,
        hint);
  }

  /** What a step's params can be: what is written, and what the action takes. */
  private Type params(Syntax.Body body) {
    if (!(body.kind() instanceof Syntax.Call call)) {
      return Type.ANY;
    }
    Type written =
        call.params() == null ? typing.root("input", "") : typing.of(call.params().node(), "");
    Map<String, Object> schema =
        names.call(call.adapter(), call.action()) instanceof Names.Meaning.Action action
            ? names.params(action.adapter(), action.action())
            : null;
    return schema == null ? written : written.or(SchemaType.of(schema, Type.Others.UNDECLARED));
  }

  private void tell(Syntax.Mask mask, String where, Missing missing, String hint) {
    problems.error(
        Code.UNKNOWN_FIELD,
        mask.spot(),
        where + " has no field '" + missing.name() + "', so nothing would be masked",
        hint);
  }

  /** The first part of a path that cannot be there; null if all of it can. */
  private static Missing missing(Type type, List<String> path) {
    Type at = type;
    for (int i = 0; i < path.size(); i++) {
      String name = path.get(i);
      boolean item = name.equals(MaskPath.ANY) || name.chars().allMatch(Character::isDigit);
      if (at.mayBeArray()) {
        Type elements = at.elements();
        at = at.mayBeObject() ? Type.ANY : elements;
        if (!item) {
          i--; // a path that names no item goes on in all of them
        }
        if (at.equals(Type.ANY)) {
          return null;
        }
      } else if (name.equals(MaskPath.ANY) || !at.mayBeObject()) {
        return null;
      } else if (at.lacks(name)) {
        return new Missing(name, at);
      } else {
        at = at.field(name);
      }
    }
    return null;
  }
}
