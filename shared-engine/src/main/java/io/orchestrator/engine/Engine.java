package io.orchestrator.engine;

import com.github.f4b6a3.uuid.UuidCreator;
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
import io.orchestrator.execution.Raise;
import io.orchestrator.execution.StateMachine;
import io.orchestrator.execution.Status;
import io.orchestrator.execution.Transition;
import io.orchestrator.flow.Kind;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.queue.QueueName;
import io.orchestrator.store.Commit;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.StoreException;
import io.orchestrator.store.Stored;
import io.orchestrator.store.Turn;
import io.orchestrator.store.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts executions and moves them on: load, decide, commit, dispatch. Safe for use by many
 * threads.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final PlanSource plans;
  private final Callbacks callbacks;
  private final Leases leases;
  private final Parts parts;
  private final Admissions admissions;

  public Engine(
      PlanSource plans,
      ExecutionStore store,
      Function<AdapterCall, Answer> adapters,
      Outside outside,
      EngineOptions options) {
    this.plans = plans;
    this.callbacks = outside.callbacks();
    DatabaseTime time = new DatabaseTime(store::now);
    this.leases = new Leases(store, options.owner());
    this.parts =
        new Parts(
            store,
            time,
            new Calls(adapters, callbacks, time::now),
            new Commits(callbacks, time::now),
            outside.hints(),
            outside.observer(),
            outside.slowCalls(),
            new Handovers(outside.redis()),
            options);
    this.admissions = parts.admissions();
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
    String tenant = request.tenant();
    Optional<String> version =
        request.version() == null
            ? plans.version(tenant, request.flow())
            : Optional.of(request.version());
    Optional<Plan> found = version.flatMap(v -> plans.plan(tenant, request.flow(), v));
    if (found.isEmpty()) {
      return new Start.NoSuchFlow(
          "there is no flow "
              + request.flow()
              + (request.version() == null ? "" : " with version " + request.version()));
    }
    Plan plan = found.get();
    List<Problem> problems = plans.check(tenant, plan, request.input());
    if (!problems.isEmpty()) {
      return new Start.BadInput(problems);
    }
    try {
      return start(request, plan, admissions.key(plan, request));
    } catch (Admissions.BadKey bad) {
      return new Start.BadInput(bad.problems());
    }
  }

  private Start start(StartRequest request, Plan plan, Commit.IdempotencyKey key) {
    Execution blank = Execution.blank(UuidCreator.getTimeOrderedEpoch(), request.tenant());
    Turn turn =
        admissions.ask(plan, request.tenant(), blank.id(), request.input(), request.trigger());
    if (turn instanceof Turn.Refused) {
      return key == null
          ? new Start.NoRoom(plan.terms().concurrency().limit())
          : parts
              .store()
              .started(request.tenant(), key)
              .map(this::repeated)
              .orElseGet(() -> new Start.NoRoom(plan.terms().concurrency().limit()));
    }
    Event event =
        new Event.Triggered(
            request.input(),
            request.trigger(),
            turn instanceof Turn.Waiting,
            parts.time().now());
    Decision.Taken taken = (Decision.Taken) StateMachine.decide(plan, blank, event);
    Commit.Opening opening =
        new Commit.Opening(request.tenant(), plan.flow(), plan.version(), key);
    Commit commit =
        parts.commits().of(plan, blank, taken.transitions(), taken.next(), null, null, opening);
    return switch (parts.commit(commit)) {
      case Verdict.Stored stored -> {
        Execution begun = blank.after(taken.transitions(), stored.at());
        parts.committed(plan, blank, taken.transitions(), begun);
        if (begun.isHeld()) {
          makeRoom(plan, begun, turn);
        } else {
          follow(plan, begun, Parts.lines(commit, stored.at()));
        }
        yield new Start.Accepted(begun.id(), plan.flow(), plan.version(), begun.status().text());
      }
      case Verdict.Duplicate duplicate -> {
        admissions.giveBack(plan, blank.id());
        yield repeated(duplicate);
      }
      case Verdict.Lost ignored ->
          throw new IllegalStateException("the id " + blank.id() + " is taken");
    };
  }

  /** Cancels what is in the way of an execution that waits for its turn, and lets it begin. */
  private void makeRoom(Plan plan, Execution held, Turn turn) {
    if (turn instanceof Turn.Waiting waiting && !waiting.inItsWay().isEmpty()) {
      for (UUID other : waiting.inItsWay()) {
        var _ = cancel(held.tenant(), other, "replaced by " + held.id());
      }
      if (admissions.ask(plan, held) instanceof Turn.Taken) {
        admit(held.id());
      }
    }
  }

  /** An execution that waits for its turn is looked at: it begins if there is room by now. */
  private void turn(Stored stored, Plan plan, Execution held) {
    Turn turn = admissions.ask(plan, held);
    switch (turn) {
      case Turn.Taken ignored -> admit(stored.id());
      case Turn.Waiting ignored -> makeRoom(plan, held, turn);
      case Turn.Refused ignored ->
          LOG.debug("{} goes on waiting, its flow refuses others only", stored.id());
    }
  }

  private void admit(UUID id) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> stored = parts.store().load(id);
      if (stored.isEmpty()) {
        return;
      }
      parts.time().heard(stored.get().readAt());
      Event event = new Event.Admitted(parts.time().now());
      if (apply(stored.get(), event, null) != Outcome.LOST) {
        return;
      }
    }
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

  /** Sends the hint for what an execution needs next. */
  private void follow(Plan plan, Execution execution, List<Stored.Line> history) {
    if (!execution.status().isFinal()) {
      new RunAhead(parts, plan, execution, history, Duration.ZERO).handOver();
    }
  }

  // -- running

  /**
   * Moves an execution on as far as it goes in this process within the budget. Returns when it has
   * ended, waits or was handed over; also when somebody else has it in hand.
   *
   * @throws StoreException when the database cannot be reached: the hint should come again
   */
  public void advance(Hint hint, Duration budget) {
    boolean fresh = hint.kind() != Hint.Kind.SWEPT;
    if (fresh && !parts.handovers().claims(hint)) {
      return;
    }
    Handovers.Handover kept = fresh ? parts.handovers().take(hint) : null;
    if (kept != null && !kept.execution().isHeld()) {
      Plan plan = plan(hint.execution(), hint.tenant(), kept.flow(), kept.version());
      hold(new RunAhead(parts, plan, kept.execution(), kept.history(), budget), run -> true);
      return;
    }
    try {
      advanceStored(hint, budget);
    } catch (StoreException unreachable) {
      parts.handovers().release(hint);
      throw unreachable;
    }
  }

  private void advanceStored(Hint hint, Duration budget) {
    Optional<Stored> found = parts.store().load(hint.execution());
    if (found.isEmpty() || Status.of(found.get().status()).isFinal()) {
      return;
    }
    Stored stored = found.get();
    parts.time().heard(stored.readAt());
    Plan plan = plan(stored);
    Execution execution = History.fold(stored);
    if (execution.isHeld()) {
      parts.handovers().release(hint); // whoever leaves next calls again, for the same revision
      turn(stored, plan, execution);
      return;
    }
    if (execution.status() == Status.PAUSED) {
      return;
    }
    hold(
        new RunAhead(parts, plan, execution, stored.history(), budget),
        run -> takes(hint, stored, run));
  }

  /** Runs it unless it is in hand already, in which case whoever has it looks again. */
  private void hold(RunAhead run, Predicate<RunAhead> takes) {
    if (!leases.hold(run.id(), run)) {
      return;
    }
    try {
      if (takes.test(run)) {
        run.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leases.release(run.id(), run);
    }
    if (run.missedNudge()) {
      advanceStored(
          run.hint(Hint.Kind.RUN), run.budget()); // it came when the run was about to let go
    }
  }

  /**
   * Whether this process may run the execution: nobody else has it, and a swept one is taken by a
   * committed claim.
   */
  private boolean takes(Hint hint, Stored stored, RunAhead run) {
    boolean owned =
        stored.owner() != null && stored.dueAt() != null && stored.dueAt().isAfter(stored.readAt());
    if (owned && !stored.owner().equals(leases.owner())) {
      return false;
    }
    boolean lost = hint.kind() == Hint.Kind.SWEPT && !stored.status().equals(Status.WAITING.text());
    if (lost || stored.owner() != null) {
      int strikes =
          parts.store().claim(stored.id(), stored.revision(), leases.owner(), Limits.LEASE);
      if (strikes == 0) {
        return false;
      }
      parts.handovers().supersede(hint, stored.revision());
      if (strikes >= Limits.STRIKES_MAX) {
        run.abandon();
      }
    }
    run.recover();
    return true;
  }

  private Plan plan(Stored stored) {
    return plan(stored.id(), stored.tenant(), stored.flow(), stored.version());
  }

  private Plan plan(UUID id, String tenant, String flow, String version) {
    return plans
        .plan(tenant, flow, version)
        .orElseThrow(
            () -> new UntrustedState(id + " runs on " + flow + " " + version + ", which is gone"));
  }

  // -- words from outside

  /**
   * An answer to a wait.
   *
   * @param failure null: {@code answer} is the result
   */
  public CallbackOutcome callback(String token, Object answer, Failure failure) {
    byte[] tokenHash = Callbacks.hash(token);
    byte[] answerHash = Callbacks.answerHash(answer, failure);
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<ExecutionStore.WaitRow> wait = parts.store().findWait(tokenHash);
      if (wait.isEmpty()) {
        return CallbackOutcome.UNKNOWN;
      }
      if (wait.get().answerHash() != null) {
        return compared(wait, answerHash);
      }
      Optional<Stored> stored = parts.store().load(wait.get().execution());
      if (stored.isEmpty()) {
        return CallbackOutcome.LATE;
      }
      parts.time().heard(stored.get().readAt());
      Event event =
          new Event.CallbackReceived(wait.get().step(), answer, failure, parts.time().now());
      switch (apply(stored.get(), event, new Commit.Answered(tokenHash, answerHash))) {
        case STORED -> {
          return CallbackOutcome.ACCEPTED;
        }
        case REPEATED -> {
          return CallbackOutcome.SAME;
        }
        case IGNORED -> { // perhaps because another copy of it was just taken
          return compared(parts.store().findWait(tokenHash), answerHash);
        }
        case LOST -> {} // look again
      }
    }
    throw new IllegalStateException(
        "the execution of a callback moved " + Limits.RACES_MAX + " times meanwhile");
  }

  private static CallbackOutcome compared(
      Optional<ExecutionStore.WaitRow> wait, byte[] answerHash) {
    byte[] before = wait.map(ExecutionStore.WaitRow::answerHash).orElse(null);
    if (before == null) {
      return CallbackOutcome.LATE;
    }
    return Arrays.equals(before, answerHash) ? CallbackOutcome.SAME : CallbackOutcome.DIFFERENT;
  }

  /** Stops an execution of a tenant; what it did is undone only if its flow says so. */
  public CancelOutcome cancel(String tenant, UUID id, String reason) {
    return cancel(tenant, id, reason, false);
  }

  /** Stops an execution of a tenant and, if that is wanted, undoes what it did. */
  public CancelOutcome cancel(String tenant, UUID id, String reason, boolean compensates) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> stored = parts.store().load(id).filter(s -> s.tenant().equals(tenant));
      if (stored.isEmpty()) {
        return new CancelOutcome.NotFound();
      }
      if (Status.of(stored.get().status()).isFinal()) {
        return new CancelOutcome.AlreadyFinal(stored.get().status());
      }
      parts.time().heard(stored.get().readAt());
      Event event = new Event.CancelRequested(reason, compensates, parts.time().now());
      switch (apply(stored.get(), event, null)) {
        case STORED -> {
          Stored now = parts.load(id);
          return new CancelOutcome.Done(now.revision(), now.status());
        }
        case IGNORED, REPEATED -> {
          return new CancelOutcome.Ending(stored.get().status());
        }
        case LOST -> {} // look again
      }
    }
    throw new IllegalStateException(
        id + " moved " + Limits.RACES_MAX + " times while it was to be cancelled");
  }

  /** Begins no call of an execution until it is resumed; calls in flight end. */
  public Resumption pause(String tenant, UUID id, String reason) {
    return steer(tenant, id, () -> new Event.PauseRequested(reason, parts.time().now()));
  }

  /** Lets an execution go on, perhaps with more to use up. */
  public Resumption resume(String tenant, UUID id, Raise raise) {
    return steer(tenant, id, () -> new Event.ResumeRequested(raise, parts.time().now()));
  }

  private Resumption steer(String tenant, UUID id, Supplier<Event> event) {
    for (int race = 0; race < Limits.RACES_MAX; race++) {
      Optional<Stored> found = parts.store().load(id).filter(s -> s.tenant().equals(tenant));
      if (found.isEmpty()) {
        return new Resumption.NotFound();
      }
      Stored stored = found.get();
      if (Status.of(stored.status()).isFinal()) {
        return new Resumption.AlreadyFinal(stored.status());
      }
      parts.time().heard(stored.readAt());
      Event wish = event.get();
      if (StateMachine.decide(plan(stored), History.fold(stored), wish)
          instanceof Decision.Ignored ignored) {
        return new Resumption.Refused(ignored.why());
      }
      if (apply(stored, wish, null) == Outcome.STORED) {
        return new Resumption.Done(parts.load(id).status());
      }
    }
    throw new IllegalStateException(
        id + " moved " + Limits.RACES_MAX + " times while it was to be steered");
  }

  private enum Outcome {
    STORED,
    IGNORED,
    REPEATED,
    LOST
  }

  /**
   * One event of an execution that need not be in this process's hands; whoever has its calls in
   * flight keeps them.
   */
  private Outcome apply(Stored stored, Event event, Commit.Answered answered) {
    Plan plan = plan(stored);
    Execution execution = History.fold(stored);
    return switch (StateMachine.decide(plan, execution, event)) {
      case Decision.Ignored ignored -> {
        parts.ignored(execution, event, ignored.why());
        yield isPending(execution, event) ? Outcome.REPEATED : Outcome.IGNORED;
      }
      case Decision.Taken taken -> {
        boolean owned =
            stored.owner() != null
                && stored.dueAt() != null
                && stored.dueAt().isAfter(stored.readAt());
        String owner = owned ? stored.owner() : null;
        Commit commit =
            parts
                .commits()
                .of(
                    plan,
                    execution,
                    taken.transitions(),
                    taken.next(),
                    owner,
                    isPending(taken.next(), event) ? null : answered,
                    null);
        yield switch (parts.commit(commit)) {
          case Verdict.Stored at -> {
            Execution next = execution.after(taken.transitions(), at.at());
            parts.committed(plan, execution, taken.transitions(), next);
            List<Stored.Line> history = new ArrayList<>(stored.history());
            history.addAll(Parts.lines(commit, at.at()));
            follow(plan, next, history);
            yield Outcome.STORED;
          }
          case Verdict.Lost ignored -> Outcome.LOST;
          case Verdict.Duplicate ignored ->
              throw new IllegalStateException("only a start can be a duplicate");
        };
      }
    };
  }

  /**
   * Whether the step that an answer is for goes on waiting for another one: it reported a failure,
   * and that is retried.
   */
  private static boolean isPending(Execution execution, Event event) {
    return event instanceof Event.CallbackReceived answer
        && execution.step(answer.path()) != null
        && execution.step(answer.path()).status().isActive();
  }

  /** The execution of a tenant as it stands, with the plan it follows. */
  public Optional<ExecutionView> find(String tenant, UUID id) {
    return parts
        .store()
        .load(id)
        .filter(stored -> stored.tenant().equals(tenant))
        .map(stored -> new ExecutionView(stored, plan(stored), History.fold(stored)));
  }

  @Override
  public void close() {
    leases.close();
  }

  /** What every run of this process shares. */
  record Parts(
      ExecutionStore store,
      DatabaseTime time,
      Calls calls,
      Commits commits,
      Hints hints,
      Observer observer,
      SlowCalls slowCalls,
      Handovers handovers,
      EngineOptions options) {

    Admissions admissions() {
      return new Admissions(this);
    }

    /** These transitions are durable: whoever is concerned is told. */
    void committed(
        Plan plan, Execution before, List<Transition> transitions, Execution after) {
      observer.committed(plan, before, transitions, after);
      admissions().ended(plan, after);
    }

    Verdict commit(Commit commit) {
      Verdict verdict = store.commit(commit);
      if (verdict instanceof Verdict.Stored stored) {
        time.heard(stored.at());
      }
      return verdict;
    }

    Stored load(UUID id) {
      Stored stored =
          store
              .load(id)
              .orElseThrow(() -> new UntrustedState("the execution " + id + " has vanished"));
      time.heard(stored.readAt());
      return stored;
    }

    /** The rows of a commit as the lines of the history that they became. */
    static List<Stored.Line> lines(Commit commit, Instant at) {
      List<Stored.Line> lines = new ArrayList<>(commit.rows().size());
      int revision = commit.expected();
      for (Commit.Row row : commit.rows()) {
        revision++;
        Instant due = row.dueAfter() == null ? null : at.plus(row.dueAfter());
        lines.add(
            new Stored.Line(revision, at, row.event(), row.step(), row.attempt(), row.data(), due));
      }
      return lines;
    }

    boolean isSlow(Plan plan, Execution execution, String path) {
      return plan.at(path).kind() instanceof Kind.Call call
          && (slowCalls.isSlow(execution.tenant(), call.adapter(), call.action())
              || call.fallback().stream()
                  .anyMatch(
                      other ->
                          slowCalls.isSlow(
                              execution.tenant(), other.adapter(), other.action())));
    }

    /**
     * Sends a hint; one that cannot be sent is a lost one, and the execution's due time stands for
     * it.
     */
    void hint(QueueName queue, Execution execution, Hint.Kind kind, Duration delay) {
      Hint hint = new Hint(execution.tenant(), execution.id(), execution.revision(), kind);
      if (hints.send(List.of(new Outgoing(queue, hint, delay))) == 0) {
        LOG.warn("{} could not be sent and is left to the sweeper", hint);
      }
    }

    void ignored(Execution execution, Event event, String why) {
      LOG.info("{}: {} changes nothing: {}", execution.id(), event.getClass().getSimpleName(), why);
    }
  }
}
