package io.orchestrator.engine;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.cache.Cache;
import io.orchestrator.cache.Claims;
import io.orchestrator.cache.HotState;
import io.orchestrator.cache.Seal;
import io.orchestrator.execution.Decision;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Execution;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Hints;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Events;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.StoreException;
import io.orchestrator.store.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Starts executions and moves them on: load, decide, commit, dispatch. Safe for use by many
 * threads.
 */
public final class Engine implements AutoCloseable {
  private final Parts parts;
  private final Words words;
  private final Taking taking;
  private final Deliveries deliveries;

  public Engine(
      PlanSource plans,
      ExecutionStore store,
      Function<AdapterCall, Answer> adapters,
      Outside outside,
      EngineOptions options) {
    Callbacks callbacks = outside.callbacks();
    DatabaseTime time = new DatabaseTime(store::now, options.host()::nanos);
    this.parts =
        new Parts(
            plans,
            store,
            time,
            new Calls(adapters, callbacks, time::now),
            new Errands(
                store::events,
                this::startAs,
                store::load,
                event -> Deliveries.occurrence(callbacks, event),
                time::now),
            new Commits(new Outbox(callbacks, plans), time::now),
            outside.hints(),
            outside.observer(),
            outside.slowCalls(),
            new Handovers(outside.redis(), options.host()),
            new Leases(store, options),
            options);
    this.words = new Words(parts);
    this.taking = new Taking(parts);
    this.deliveries = new Deliveries(parts, words, this::start, callbacks);
  }

  /**
   * How the engine reaches the world beside the database and the adapters.
   *
   * @param slowCalls whether an adapter's action may take longer than a quick process has
   * @param redis what may be forgotten at any time
   */
  public record Outside(
      Hints hints, Observer observer, Callbacks callbacks, SlowCalls slowCalls, Redis redis) {}

  /** What processes share to save work; {@link io.orchestrator.cache.Cache#NONE} will do. */
  public record Redis(boolean exists, Claims claims, HotState hot) {
    /**
     * Both in one Redis.
     *
     * @param secret of which the key of the cached states' seal is derived, at least 16 bytes
     */
    public static Redis in(Cache cache, byte[] secret) {
      return new Redis(cache.exists(), new Claims(cache), new HotState(cache, new Seal(secret)));
    }
  }

  /** Knows which actions may take long. */
  @FunctionalInterface
  public interface SlowCalls {
    /** Every action is quick. */
    SlowCalls NONE = (tenant, adapter, action) -> false;

    /** Whether that action may take longer than ten seconds. */
    boolean isSlow(String tenant, String adapter, String action);
  }

  // -- starting

  /** Stores a new execution and sends the hint that makes it run. */
  public Start start(StartRequest request) {
    return startAs(parts.host().newId(), request);
  }

  private Start startAs(UUID id, StartRequest request) {
    String tenant = request.tenant();
    Optional<String> version =
        request.version() == null
            ? parts.plans().version(tenant, request.flow())
            : Optional.of(request.version());
    Optional<Plan> found = version.flatMap(v -> parts.plans().plan(tenant, request.flow(), v));
    if (found.isEmpty()) {
      return new Start.NoSuchFlow(
          "there is no flow "
              + request.flow()
              + (request.version() == null ? "" : " with version " + request.version()));
    }
    Plan plan = found.get();
    List<Problem> problems = parts.plans().check(tenant, plan, request.input());
    return problems.isEmpty() ? start(id, request, plan) : new Start.BadInput(problems);
  }

  private Start start(UUID id, StartRequest request, Plan plan) {
    Execution blank = Execution.blank(id, request.tenant());
    Event event = new Event.Triggered(request.input(), request.trigger(), parts.time().now());
    Decision.Taken taken = (Decision.Taken) StateMachine.decide(plan, blank, event);
    Commit.Opening opening =
        new Commit.Opening(
            request.tenant(), plan.flow(), plan.version(), request.key(), request.traceparent());
    Commit commit =
        parts.commits().of(plan, blank, taken.transitions(), taken.next(), null, null, opening);
    return switch (parts.commit(commit)) {
      case Verdict.Stored stored -> {
        Execution begun = blank.after(taken.transitions(), stored.at());
        parts.observer().committed(plan, blank, taken.transitions(), begun);
        if (!begun.status().isFinal()) {
          new LettingGo(parts, plan, request.traceparent())
              .handOver(begun, Parts.lines(commit, stored.at()));
        }
        yield new Start.Accepted(begun.id(), plan.flow(), plan.version(), begun.status().text());
      }
      case Verdict.Duplicate duplicate -> repeated(duplicate);
      case Verdict.Lost ignored ->
          throw new IllegalStateException("the id " + blank.id() + " is taken");
    };
  }

  private Start repeated(Verdict.Duplicate duplicate) {
    if (!duplicate.sameRequest()) {
      return new Start.KeyReused();
    }
    return parts
        .store()
        .load(duplicate.execution())
        .<Start>map(s -> new Start.Repeated(s.id(), s.flow(), s.version(), s.status()))
        .orElseGet(Start.KeyReused::new);
  }

  // -- running

  /**
   * Moves an execution on as far as it goes in this process within the budget. Returns when it has
   * ended, waits or was handed over; also when somebody else has it in hand.
   *
   * @throws StoreException when the database cannot be reached: the hint should come again
   */
  public void advance(Hint hint, Duration budget) {
    if (hint.kind() == Hint.Kind.EVENT) {
      deliveries.deliver(hint.execution());
      return;
    }
    try {
      taking.advance(hint, budget);
    } catch (UntrustedState untrusted) {
      parts.quarantine(hint.execution(), untrusted);
    }
  }

  // -- words from outside

  /**
   * An answer to a wait.
   *
   * @param failure null: {@code answer} is the result
   * @throws UntrustedState when the execution is quarantined: the answer should come again later
   */
  public CallbackOutcome callback(String token, Object answer, Failure failure) {
    return words.callback(token, answer, failure);
  }

  /**
   * Stops an execution of a tenant.
   *
   * @throws UntrustedState when the execution is quarantined
   */
  public CancelOutcome cancel(String tenant, UUID id, String reason) {
    return words.cancel(tenant, id, reason);
  }

  /**
   * A signal to an execution of a tenant; one that comes early is kept.
   *
   * @param key tells the same signal from another
   */
  public SignalOutcome signal(String tenant, UUID id, String key, String name, Object data) {
    return deliveries.letters().signal(tenant, id, key, name, data);
  }

  /**
   * An event of a tenant: wakes those who wait for it and starts flows; kept for those who will.
   *
   * @param id the same for the same event
   * @return what is kept under that id, this event or an earlier one
   */
  public Events.Kept publish(String tenant, UUID id, String type, String key, Object data) {
    Events.Kept kept = parts.store().events().put(id, tenant, type, key, Json.write(data));
    parts.call(tenant, List.of(new Commit.Posted(id, type, key, "")));
    return kept;
  }

  /**
   * Somebody's decision about an approval.
   *
   * @param link the hash of the token that lets them decide; null if they have one of their own
   */
  public CallbackOutcome decide(
      Events.Approval approval, String by, String decision, Object form, byte[] link) {
    return deliveries.letters().decide(approval, by, decision, form, link);
  }

  // -- looking

  /** The execution of a tenant as it stands, with the plan it follows. */
  public Optional<ExecutionView> find(String tenant, UUID id) {
    return parts
        .store()
        .load(id)
        .filter(stored -> stored.tenant().equals(tenant))
        .map(stored -> new ExecutionView(stored, parts.plan(stored), History.fold(stored)));
  }

  @Override
  public void close() {
    parts.leases().close();
  }
}
