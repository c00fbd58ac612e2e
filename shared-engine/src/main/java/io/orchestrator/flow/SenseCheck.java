package io.orchestrator.flow;

import io.orchestrator.expression.Expression;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Finds what is well formed and can never have an effect. */
final class SenseCheck {
  private final Problems problems;

  SenseCheck(Problems problems) {
    this.problems = problems;
  }

  void check(Flow flow) {
    Walk.blocks(flow, this::unreachable);
    Walk.bodies(flow, this::retry);
    Walk.bodies(flow, this::options);
  }

  private void unreachable(List<Syntax.Step> steps) {
    for (int i = 0; i + 1 < steps.size(); i++) {
      Syntax.Step step = steps.get(i);
      Syntax.Step next = steps.get(i + 1);
      String message = "the step '" + next.id() + "' is never reached, '" + step.id() + "' always ";
      String hint = "remove it, or give '" + step.id() + "' a when";
      if (ends(step.body(), SenseCheck::ends)) {
        problems.error(Code.UNREACHABLE_STEP, next.spot(), message + "ends the flow", hint);
        return;
      }
      if (ends(step.body(), SenseCheck::endsInTheEnd)) {
        problems.warning(Code.UNREACHABLE_STEP, next.spot(), message + "fails or ends", hint);
        return;
      }
    }
  }

  private static boolean ends(Syntax.Body body, Predicate<Syntax.Kind> ends) {
    boolean maybe = body.options().when() != null || Boolean.TRUE.equals(body.options().disabled());
    return !maybe && !recovers(body.options().onError()) && ends.test(body.kind());
  }

  /** Whether the text says in so many words that it ends there. */
  private static boolean ends(Syntax.Kind kind) {
    return switch (kind) {
      case Syntax.Return r -> true;
      case Syntax.Raise r -> true;
      case Syntax.Conditional choice -> choice.blocks().stream().allMatch(SenseCheck::anyEnds);
      case Syntax.Switch choice -> choice.blocks().stream().allMatch(SenseCheck::anyEnds);
      case Syntax.Group group -> anyEnds(group.steps());
      default -> false;
    };
  }

  private static boolean anyEnds(List<Syntax.Step> steps) {
    return steps.stream().anyMatch(step -> ends(step.body(), SenseCheck::ends));
  }

  /** Whether it comes to that by way of what is inside. */
  private static boolean endsInTheEnd(Syntax.Kind kind) {
    return switch (kind) {
      case Syntax.Conditional choice -> choice.blocks().stream().allMatch(SenseCheck::anyInTheEnd);
      case Syntax.Switch choice -> choice.blocks().stream().allMatch(SenseCheck::anyInTheEnd);
      case Syntax.Group group -> group.blocks().stream().anyMatch(SenseCheck::anyInTheEnd);
      case Syntax.Repeat repeat -> anyInTheEnd(repeat.body());
      case Syntax.Parallel parallel ->
          parallel.join().equals(Join.ALL) && anyInTheEnd(parallel.branches());
      case Syntax.Assert check -> ConstantCheck.isAlways(check.condition(), Expression.Truth.NO);
      default -> ends(kind);
    };
  }

  private static boolean anyInTheEnd(List<Syntax.Step> steps) {
    return steps.stream().anyMatch(step -> ends(step.body(), SenseCheck::endsInTheEnd));
  }

  private static boolean recovers(Syntax.Handling handling) {
    return handling != null
        && handling.clauses().stream().anyMatch(clause -> clause.then() == Handlers.Then.CONTINUE);
  }

  /** What a kind is called that calls nothing and is over at once, or when its time has come. */
  private static String callsNothing(Syntax.Kind kind) {
    return switch (kind) {
      case Syntax.Wait w -> "a wait";
      case Syntax.Emit e -> "an emit";
      case Syntax.Assign a -> "a set";
      case Syntax.Assert a -> "an assert";
      case Syntax.Return r -> "a return";
      case Syntax.Raise r -> "a raise";
      default -> null;
    };
  }

  private void options(Syntax.Body body) {
    String never = callsNothing(body.kind());
    Syntax.Options options = body.options();
    if (never != null && options.deadline() != null) {
      problems.error(
          Code.POINTLESS_RETRY,
          options.deadline().spot(),
          never + " makes no attempts that a deadline could bound",
          "");
    }
    boolean ends = body.kind() instanceof Syntax.Return || body.kind() instanceof Syntax.Raise;
    if (ends && options.compensate() != null) {
      problems.error(
          Code.BAD_VALUE, options.compensate().spot(), never + " leaves nothing to undo", "");
    }
    boolean fixed =
        options.deadline() != null
            && options.timeout() != null
            && options.deadline().span() instanceof TimeSpan.Fixed all
            && options.timeout().span() instanceof TimeSpan.Fixed one
            && all.duration().compareTo(one.duration()) < 0;
    if (fixed) {
      problems.warning(
          Code.POINTLESS_RETRY,
          options.deadline().spot(),
          "the deadline is shorter than the timeout of one attempt",
          "deadline is for all attempts together");
    }
  }

  private void retry(Syntax.Body body) {
    Syntax.Retrying retrying = body.options().retry();
    if (retrying == null) {
      return;
    }
    String never = callsNothing(body.kind());
    if (never != null) {
      problems.error(
          Code.POINTLESS_RETRY,
          retrying.spot(),
          never + " calls nothing that could be repeated",
          "");
      return;
    }
    effect(retrying, body.kind());
    Retry retry = retrying.retry();
    Set<String> written = retrying.written();
    if (retry.attempts() == 1 && written.size() > 1) {
      warn(
          retrying,
          "attempts: 1 is one call in all, so nothing is repeated",
          "attempts: 3 is three calls in all");
    }
    if (written.contains("factor") && retry.backoff() != Retry.Backoff.EXPONENTIAL) {
      warn(retrying, "factor has an effect only on an exponential backoff", "");
    }
    if (!retry.delays().isEmpty() && written.contains("delay")) {
      warn(retrying, "delay has no effect beside a list of delays", "");
    }
    boolean cut =
        retry.delay() instanceof TimeSpan.Fixed first
            && retry.maxDelay() instanceof TimeSpan.Fixed most
            && first.duration().compareTo(most.duration()) > 0;
    if (cut) {
      warn(retrying, "max_delay is shorter than the first delay", "");
    }
  }

  /** A retry that never comes to its turn. */
  private void effect(Syntax.Retrying retrying, Syntax.Kind kind) {
    Retry retry = retrying.retry();
    boolean answered =
        retry.only().stream().anyMatch(type -> type.equals("timeout") || type.contains("*"));
    boolean waits =
        switch (kind) {
          case Syntax.AwaitSignal a -> true;
          case Syntax.AwaitEvent a -> true;
          case Syntax.Approve a -> true;
          default -> false;
        };
    if (waits && !answered) {
      warn(retrying, "what nobody answers is repeated only if it is asked for", "only: [timeout]");
    }
    if (!retry.only().isEmpty() && retry.except().containsAll(retry.only())) {
      warn(retrying, "nothing is repeated, except names all that only names", "");
    }
    if (ConstantCheck.isAlways(retrying.when(), Expression.Truth.NO)) {
      warn(retrying, "nothing is repeated, when is always false", "");
    }
  }

  private void warn(Syntax.Retrying retrying, String message, String hint) {
    problems.warning(Code.POINTLESS_RETRY, retrying.spot(), message, hint);
  }
}
