package io.orchestrator.adapter;

import io.orchestrator.adapter.guard.Circuit;
import io.orchestrator.adapter.guard.CircuitBreaker;
import io.orchestrator.adapter.guard.CircuitState;
import io.orchestrator.adapter.guard.Circuits;
import io.orchestrator.adapter.guard.Entry;
import io.orchestrator.adapter.guard.Forced;
import io.orchestrator.adapter.guard.ForcedCircuits;
import io.orchestrator.adapter.guard.Guarded;
import io.orchestrator.adapter.guard.Outcome;
import io.orchestrator.adapter.guard.RateLimit;
import io.orchestrator.adapter.guard.Rates;
import io.orchestrator.adapter.guard.Turn;
import io.orchestrator.execution.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * What stands between a call that is right and the wire: the circuit of its adapter, then its rate
 * limit. An adapter that declares neither costs no question to anybody outside of this process.
 */
public final class Guards {
  /** The time between the end of a call and the moment when its circuit hears of it. */
  private static final Duration HOLD_SLACK = Duration.ofSeconds(5);

  private final ForcedCircuits forced;
  private final Circuits circuits;
  private final Rates rates;
  private final Watch watch;

  /**
   * @param watch is told of every call that was made, and of circuits that open and close
   */
  public Guards(ForcedCircuits forced, Circuits circuits, Rates rates, Watch watch) {
    this.forced = forced;
    this.circuits = circuits;
    this.rates = rates;
    this.watch = watch;
  }

  /** None at all, whatever definitions declare: where time is virtual, or nothing is called. */
  static Guards none(Watch watch) {
    return new Guards(ForcedCircuits.NONE, null, null, watch);
  }

  private Safeguards of(Definition definition) {
    return circuits == null ? Safeguards.NONE : definition.safeguards();
  }

  /** Whether a call may be made now. */
  sealed interface Admission {
    /**
     * It may; it must end by {@link Guards#ended}.
     *
     * @param probe what its circuit calls it; empty if it is one of many
     */
    record Admitted(String probe) implements Admission {}

    /** It must not. */
    record Refused(Failure failure) implements Admission {}
  }

  Watch watch() {
    return watch;
  }

  Admission admit(String tenant, Definition definition, Duration timeout) {
    Guarded guarded = new Guarded(tenant, definition.adapter());
    Forced order = forced.find(guarded);
    if (order != null) {
      return new Admission.Refused(forcedOpen(definition, order));
    }
    CircuitBreaker breaker = of(definition).circuit();
    String probe = "";
    if (breaker != null) {
      switch (circuits.enter(guarded, breaker, timeout.plus(HOLD_SLACK))) {
        case Entry.Barred barred -> {
          return new Admission.Refused(open(definition, barred.pause()));
        }
        case Entry.Passed passed -> probe = passed.probe();
      }
    }
    RateLimit limit = of(definition).rate();
    Duration wait = limit == null ? Duration.ZERO : rates.take(guarded, limit);
    if (wait.isPositive()) {
      if (!probe.isEmpty()) {
        circuits.leave(guarded, breaker, probe, Outcome.UNKNOWN);
      }
      return new Admission.Refused(full(definition, limit, wait));
    }
    return new Admission.Admitted(probe);
  }

  /** An admitted call has ended; {@code reply} is null if it never got anywhere. */
  void ended(String tenant, Definition definition, Admission.Admitted admitted, Reply reply) {
    CircuitBreaker breaker = of(definition).circuit();
    Outcome outcome = reply == null ? Outcome.UNKNOWN : outcome(reply);
    if (breaker == null || (outcome == Outcome.UNKNOWN && admitted.probe().isEmpty())) {
      return;
    }
    Guarded guarded = new Guarded(tenant, definition.adapter());
    Turn turn = circuits.leave(guarded, breaker, admitted.probe(), outcome);
    switch (turn) {
      case OPENED -> watch.turned(guarded, CircuitState.OPEN);
      case CLOSED -> watch.turned(guarded, CircuitState.CLOSED);
      case NONE -> {}
    }
  }

  /** What a reply says of the service: whoever answers is there, unless by a 5xx or too late. */
  static Outcome outcome(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered -> outcome(answered.status());
      case Reply.Failed(Failure failure) ->
          switch (failure.type()) {
            case "adapter_unavailable", "timeout" -> Outcome.FAILED;
            default -> failure.status() == 0 ? Outcome.UNKNOWN : outcome(failure.status());
          };
    };
  }

  private static Outcome outcome(int status) {
    return status >= 500 || status == 408 ? Outcome.FAILED : Outcome.ANSWERED;
  }

  // -- for those who look

  /** Who has opened an adapter's circuit; null if nobody has. */
  public Forced forced(Guarded guarded) {
    return forced.find(guarded);
  }

  /**
   * An adapter's circuit as all processes see it; empty if it declares none, or if nobody knows.
   */
  public Optional<Circuit> look(Guarded guarded, Definition definition) {
    CircuitBreaker breaker = of(definition).circuit();
    return breaker == null ? Optional.empty() : circuits.look(guarded, breaker);
  }

  /** Closes an adapter's circuit and forgets its failures. */
  public void close(Guarded guarded) {
    circuits.reset(guarded);
  }

  /** Whether all processes have one state of each circuit. */
  public boolean areShared() {
    return circuits.isShared();
  }

  // -- refusals

  private static Failure forcedOpen(Definition definition, Forced order) {
    String message =
        "the circuit of " + definition.adapter() + " was opened by " + order.by() + ": ";
    return new Failure(
        "circuit_open", message + order.reason(), 0, true, definition.adapter(), null, null);
  }

  private static Failure open(Definition definition, Duration wait) {
    String message = "the circuit of " + definition.adapter() + " is open";
    return new Failure("circuit_open", message, 0, true, definition.adapter(), null, wait);
  }

  private static Failure full(Definition definition, RateLimit limit, Duration wait) {
    String message = definition.adapter() + " has had its " + limit.text() + " calls";
    Duration most = Limits.RETRY_AFTER_MAX;
    Duration capped = wait.compareTo(most) > 0 ? most : wait;
    return new Failure("rate_limited", message, 0, true, definition.adapter(), null, capped);
  }
}
