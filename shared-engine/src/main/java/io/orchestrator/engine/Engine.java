package io.orchestrator.engine;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.cache.Cache;
import io.orchestrator.cache.Claims;
import io.orchestrator.cache.HotState;
import io.orchestrator.cache.Seal;
import io.orchestrator.execution.Event;
import io.orchestrator.execution.Failure;
import io.orchestrator.execution.Raise;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Hints;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Events;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.StoreException;
import io.orchestrator.store.Stored;
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
  private final Repairs repairs;
  private final Taking taking;
  private final Starts starts;
  private final Deliveries deliveries;

  public Engine(
      PlanSource plans,
      ExecutionStore store,
      Function<AdapterCall, Answer> adapters,
      Outside outside,
      EngineOptions options) {
    Callbacks callbacks = outside.callbacks();
    Sealing sealing = callbacks.sealing();
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
            new Commits(new Outbox(callbacks, plans), sealing, time::now, options.rules()),
            outside.hints(),
            outside.observer(),
            outside.slowCalls(),
            new Handovers(outside.redis(), options.host(), sealing),
            new Recent(store, sealing),
            new Leases(store, options),
            options);
    this.words = new Words(parts);
    this.repairs = new Repairs(parts, words);
    this.starts = new Starts(parts, words);
    this.taking = new Taking(parts, starts);
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

    /**
     * What stands before the type of an error that an adapter reports by a callback without saying
     * whose it is; empty: nothing does.
     */
    default String errorsOf(String tenant, String adapter) {
      return "";
    }
  }

  // -- starting

  /** An id that is greater than those of all executions before it (UUIDv7). */
  public UUID newId() {
    return parts.host().newId();
  }

  /** Stores a new execution and sends the hint that makes it run. */
  public Start start(StartRequest request) {
    return startAs(parts.host().newId(), request);
  }

  private Start startAs(UUID id, StartRequest request) {
    String tenant = request.tenant();
    Optional<String> version =
        request.version() == null
            ? parts.plans().version(request, id)
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
    return problems.isEmpty() ? starts.start(id, request, plan) : new Start.BadInput(problems);
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
   * Stops an execution of a tenant; what it did is undone only if its flow says so.
   *
   * @throws UntrustedState when the execution is quarantined
   */
  public CancelOutcome cancel(String tenant, UUID id, String reason) {
    return cancel(tenant, id, reason, false);
  }

  /** The same, and what it did is undone if that is wanted. */
  public CancelOutcome cancel(String tenant, UUID id, String reason, boolean compensates) {
    return words.cancel(tenant, id, reason, compensates);
  }

  /** Begins no call of an execution until it is resumed; calls in flight end. */
  public Resumption pause(String tenant, UUID id, String reason) {
    return words.steer(tenant, id, at -> new Event.PauseRequested(reason, at));
  }

  /** Lets an execution go on, perhaps with more to use up. */
  public Resumption resume(String tenant, UUID id, Raise raise) {
    return words.steer(tenant, id, at -> new Event.ResumeRequested(raise, at));
  }

  /** What somebody with that name, which the history keeps, may order. */
  public Operator operator(String tenant, String name) {
    return new Operator(words, repairs, tenant, name);
  }

  /**
   * A signal to an execution of a tenant; one that comes early is kept.
   *
   * @param key tells the same signal from another
   */
  public SignalOutcome signal(String tenant, UUID id, String key, String name, Object data) {
    return deliveries.letters().signal(tenant, id, key, name, data);
  }

  /** An event of a tenant that belongs to no trace. */
  public Events.Kept publish(String tenant, UUID id, String type, String key, Object data) {
    return publish(tenant, id, type, key, data, null);
  }

  /**
   * An event of a tenant: wakes those who wait for it and starts flows; kept for those who will.
   *
   * @param id the same for the same event
   * @param traceparent the trace of what it starts; null: they have traces of their own
   * @return what is kept under that id, this event or an earlier one
   */
  public Events.Kept publish(
      String tenant, UUID id, String type, String key, Object data, String traceparent) {
    Events.Kept kept =
        parts.store().events().put(id, tenant, type, key, Json.write(data), traceparent);
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
        .map(stored -> new ExecutionView(stored, parts.plan(stored), parts.fold(stored)));
  }

  /**
   * A line of an execution's history as it was before anything in it was covered; empty if there is
   * no such line. Nobody is to see it before the audit trail has been told.
   *
   * @throws UntrustedState when what is sealed in it cannot be opened
   */
  public Optional<Stored.Line> reveal(String tenant, UUID id, int revision) {
    return parts
        .store()
        .load(id)
        .filter(stored -> stored.tenant().equals(tenant))
        .flatMap(
            stored ->
                stored.history().stream().filter(line -> line.revision() == revision).findFirst())
        .map(line -> parts.commits().sealing().revealed(id, line));
  }

  @Override
  public void close() {
    parts.leases().close();
  }
}
