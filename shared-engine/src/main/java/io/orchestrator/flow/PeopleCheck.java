package io.orchestrator.flow;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds what an approve asks of people that can never come to pass. */
final class PeopleCheck {
  private final Problems problems;

  PeopleCheck(Problems problems) {
    this.problems = problems;
  }

  void check(Flow flow) {
    Walk.bodies(
        flow,
        body -> {
          if (body.kind() instanceof Syntax.Approve approve) {
            quorum(approve, body.spot());
            Syntax.Span timeout =
                approve.timeout() == null ? body.options().timeout() : approve.timeout();
            tooLate(approve.remind(), timeout, "remind");
            tooLate(
                approve.escalate() == null ? null : approve.escalate().after(), timeout, "after");
          }
        });
  }

  /** Nobody counts twice, so that more persons must be asked than must agree. */
  private void quorum(Syntax.Approve approve, Spot spot) {
    Set<Object> asked = new HashSet<>(persons(approve.to()));
    if (approve.escalate() != null) {
      asked.addAll(persons(approve.escalate().to()));
    }
    boolean named =
        approve.to() != null
            && asked.stream()
                .allMatch(one -> one instanceof String text && text.startsWith("user:"));
    if (named && asked.size() < approve.quorum()) {
      problems.error(
          Code.CONTRADICTION,
          spot,
          "a quorum of " + approve.quorum() + " is never reached, " + asked.size() + " may decide",
          "");
    }
  }

  private static List<?> persons(Syntax.Data to) {
    Object data = to == null ? List.of() : to.template().data();
    return data instanceof List<?> list ? list : List.of(data);
  }

  private void tooLate(Syntax.Span span, Syntax.Span timeout, String what) {
    Duration end = timeout == null ? FlowLimits.AWAIT_DEFAULT : fixed(timeout);
    Duration length = span == null ? null : fixed(span);
    if (end != null && length != null && length.compareTo(end) >= 0) {
      problems.warning(
          Code.CONTRADICTION,
          span.spot(),
          what + " comes when the approve is over already",
          "it waits for " + end.toString().toLowerCase(Locale.ROOT).substring(2));
    }
  }

  private static Duration fixed(Syntax.Span span) {
    return span.span() instanceof TimeSpan.Fixed fixed ? fixed.duration() : null;
  }
}
