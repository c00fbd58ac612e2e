package io.orchestrator.execution;

import io.orchestrator.expression.ExpressionException;
import io.orchestrator.expression.Template;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.TimeSpan;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** How a step begins to wait for the world, and what time does to it meanwhile. */
final class Pauses {
  private static final Pattern PERSON = Pattern.compile("(role|user):[^\\s,]{1,200}");
  private static final Pattern EVENT = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");
  private static final int KEY_CHARS_MAX = 512;

  private final Walk walk;

  Pauses(Walk walk) {
    this.walk = walk;
  }

  /** A signal that came early is taken at once. */
  void enter(Instance step, Kind.AwaitSignal signal, int attempt) {
    Mailbox.Signal kept = walk.execution().mailbox().first(signal.name());
    if (kept == null) {
      Duration timeout = walk.bounded(step, length(step, signal.timeout()));
      walk.record(new Change.StepWaiting(step.path(), attempt, timeout, null));
    } else {
      take(step, attempt, kept);
    }
  }

  void take(Instance step, int attempt, Mailbox.Signal signal) {
    walk.record(new Change.SignalTaken(step.path(), attempt, signal.id()));
    walk.complete(step, attempt, signal.data(), "");
  }

  /** Listens first and looks for events that came early then, so that none can fall between. */
  void enter(Instance step, Kind.AwaitEvent event, int attempt) {
    String key = event.key() == null ? null : key("key", event.key().evaluate(walk.scope(step)));
    walk.record(new Change.StepListening(step.path(), attempt, event.type(), key));
  }

  void enter(Instance step, Kind.Emit emit, int attempt) {
    Map<String, Object> event = View.map(emit.event().fill(walk.scope(step)));
    boolean named =
        event.get("type") instanceof String said
            && EVENT.matcher(said).matches()
            && !said.startsWith(Crossings.NOTICES);
    if (!named || !(event.get("type") instanceof String type)) {
      throw new ExpressionException("not a type of events: " + event.get("type"), -1);
    }
    String key = event.get("key") == null ? "" : key("key", event.get("key"));
    walk.record(new Change.EventEmitted(step.path(), attempt, type, key, event.get("data")));
    Map<String, Object> emitted = new LinkedHashMap<>();
    emitted.put("type", type);
    emitted.put("key", key);
    emitted.put("data", event.get("data"));
    walk.complete(step, attempt, emitted, "");
  }

  /** What an event is found by: a text, a number or true and false. */
  static String key(String what, Object value) {
    String text =
        switch (value) {
          case String said -> said;
          case Long number -> number.toString();
          case BigDecimal number -> number.toPlainString();
          case Boolean flag -> flag.toString();
          case null -> throw new ExpressionException(what + " is null", -1);
          default -> throw new ExpressionException(what + " must be a text or a number", -1);
        };
    if (text.length() > KEY_CHARS_MAX) {
      throw new ExpressionException(what + " is longer than " + KEY_CHARS_MAX + " characters", -1);
    }
    return text;
  }

  // -- approvals

  void enter(Instance step, Kind.Approve approve, int attempt) {
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("title", String.valueOf(approve.title().fill(walk.scope(step))));
    question.put("to", people(step, approve.to()));
    question.put("options", List.copyOf(approve.options()));
    question.put("quorum", (long) approve.quorum());
    if (approve.form() != null) {
      question.put("form", approve.form());
    }
    question.put("timeout_at", end(step, approve, walk.now).toString());
    Duration delay = next(step, approve, walk.now, false);
    walk.record(new Change.ApprovalRequested(step.path(), attempt, question, delay));
  }

  /** One of its times has come. */
  void due(Instance step, StepState state, Kind.Approve approve) {
    Pause.Asked asked = (Pause.Asked) state.pause();
    String path = step.path();
    int attempt = state.attempt();
    try {
      Kind.Escalation escalate = asked.escalated() ? null : approve.escalate();
      if (!walk.now.isBefore(end(step, approve, asked.at()))) {
        Failure late = Failure.temporary("timeout", "nobody has decided in time");
        walk.fail(step, attempt, late, false);
      } else if (escalate != null && isPast(asked.at(), step, escalate.after())) {
        Duration delay = next(step, approve, asked.at(), true);
        List<String> more = new ArrayList<>(people(step, escalate.to()));
        more.removeAll((List<?>) asked.question().get("to"));
        walk.record(new Change.ApprovalEscalated(path, attempt, List.copyOf(more), delay));
      } else {
        Duration delay = next(step, approve, asked.at(), asked.escalated());
        walk.record(new Change.ApprovalReminded(path, attempt, asked.reminders() + 1, delay));
      }
    } catch (ExpressionException e) {
      walk.fail(step, attempt, e);
    }
  }

  /** When nobody's decision counts any more: its timeout, or the deadline over all attempts. */
  private Instant end(Instance step, Kind.Approve approve, Instant since) {
    Duration left = Deadlines.left(step, walk.began(step), walk.scope(step), walk.now);
    Instant timeout = since.plus(length(step, approve.timeout()));
    return left == null ? timeout : earlier(timeout, walk.now.plus(left));
  }

  private boolean isPast(Instant since, Instance step, TimeSpan span) {
    return !walk.now.isBefore(since.plus(length(step, span)));
  }

  /** Until the next reminder, the escalation or the end, whatever comes first. */
  private Duration next(Instance step, Kind.Approve approve, Instant since, boolean escalated) {
    Instant first = end(step, approve, since);
    if (approve.escalate() != null && !escalated) {
      first = earlier(first, since.plus(length(step, approve.escalate().after())));
    }
    if (approve.remind() != null) {
      long every = length(step, approve.remind()).toNanos();
      long passed = Duration.between(since, walk.now).toNanos();
      first = earlier(first, since.plusNanos(Math.max(0, passed / every + 1) * every));
    }
    return Duration.between(walk.now, first);
  }

  private static Instant earlier(Instant one, Instant other) {
    return other.isBefore(one) ? other : one;
  }

  private List<String> people(Instance step, Template to) {
    List<String> people = new ArrayList<>();
    Object filled = to == null ? List.of() : to.fill(walk.scope(step));
    collect(filled, people);
    return people.stream().distinct().toList();
  }

  private static void collect(Object value, List<String> people) {
    if (value instanceof List<?> list) {
      list.forEach(item -> collect(item, people));
    } else if (value instanceof String person && PERSON.matcher(person).matches()) {
      people.add(person);
    } else {
      throw new ExpressionException("neither role:x nor user:y: " + value, -1);
    }
  }

  private Duration length(Instance step, TimeSpan span) {
    Duration length = Spans.length(span, walk.scope(step), walk.now);
    return length.isNegative() || length.isZero() ? Duration.ofNanos(1_000) : length;
  }
}
