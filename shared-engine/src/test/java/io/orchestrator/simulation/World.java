package io.orchestrator.simulation;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.cache.Cache;
import io.orchestrator.engine.CallbackOutcome;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.PlanSource;
import io.orchestrator.engine.Start;
import io.orchestrator.engine.StartRequest;
import io.orchestrator.execution.Failure;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.queue.Hint;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.queue.QueueName;
import io.orchestrator.reference.Ending;
import io.orchestrator.reference.Fault;
import io.orchestrator.store.Commit;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.MemoryExecutionStore;
import io.orchestrator.store.StoreException;
import io.orchestrator.store.Stored;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Processes with the real engine, a store with the real fence, a queue, a Redis, services and
 * people, all in one thread and in virtual time. What a process waits for happens on top of its
 * stack, so a process that waits is as good as one that is frozen.
 */
final class World {
  static final String TENANT = "acme";
  private static final byte[] KEY =
      "a key for callbacks in simulations only".getBytes(StandardCharsets.US_ASCII);
  static final Callbacks CALLBACKS = new Callbacks(KEY, "http://127.0.0.1:1");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final int HAPPENINGS_MAX = 20_000;
  private static final int DEPTH_MAX = 4;
  private static final long SECOND = 1_000_000;
  private static final byte[] REQUEST = {1, 2, 3};

  private final Plan plan;
  private final Oracle oracle;
  private final Faults faults;
  private final Truth truth;
  private final MemoryExecutionStore store = new MemoryExecutionStore(this::now);
  private final Breakage breakage;
  private final PriorityQueue<Happening> agenda =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::due).thenComparingInt(Happening::number));
  private final List<Worker> processes = new ArrayList<>();
  private final Map<ByteBuffer, SimulatedRedis.Value> redis = new HashMap<>();
  private final Map<UUID, Rest> rests = new HashMap<>();
  private final Set<String> announced = new HashSet<>();
  private long micros;
  private int number;
  private int ports;
  private int happenings;
  private int depth;
  private int names;

  private record Happening(long due, int number, Runnable what) {}

  private record Rest(int revision, int calls, long until) {}

  /** A deliberately broken part: what a process sees instead of the store. */
  @FunctionalInterface
  interface Breakage {
    Breakage NONE = store -> store;

    ExecutionStore of(MemoryExecutionStore store);
  }

  World(Plan plan, Oracle oracle, Faults faults, Breakage breakage) {
    this.plan = plan;
    this.oracle = oracle;
    this.faults = faults;
    this.truth = new Truth(plan, faults.isRough(), this::waitsAlone);
    this.breakage = breakage;
    processes.add(new Worker(this, "p" + names++, breakage.of(store)));
    if (faults.isRough()) {
      processes.add(new Worker(this, "p" + names++, breakage.of(store)));
    }
  }

  /** Everything from the start to the end, and what is left over after it. */
  World run() {
    start();
    while (!truth.isOver()) {
      waits(Long.MAX_VALUE);
    }
    int ended = truth.revision();
    while (!agenda.isEmpty()) {
      waits(Long.MAX_VALUE);
    }
    truth.over(ended, store);
    return this;
  }

  Truth truth() {
    return truth;
  }

  Faults faults() {
    return faults;
  }

  /** How often processes have reached out of themselves. */
  int ports() {
    return ports;
  }

  // -- time

  long micros() {
    return micros;
  }

  Instant now() {
    return NOON.plusNanos(micros * 1_000);
  }

  void later(long after, Runnable what) {
    agenda.add(new Happening(micros + after, number++, what));
  }

  /** Something happens, the next thing there is; or nothing until then. */
  void waits(long until) {
    if (++happenings > HAPPENINGS_MAX) {
      throw new AssertionError("it goes on for ever: " + truth + " at " + now());
    }
    Stored due = nextSwept();
    long sweep = due == null ? Long.MAX_VALUE : restsUntil(due);
    long next = agenda.isEmpty() ? Long.MAX_VALUE : agenda.peek().due;
    if (Math.min(sweep, next) > until) {
      micros = until;
    } else if (sweep < next) {
      micros = Math.max(micros, sweep);
      sweep(due);
    } else if (next == Long.MAX_VALUE) {
      throw new AssertionError("stuck: nobody will ever look at " + truth);
    } else {
      Happening happening = agenda.remove();
      micros = Math.max(micros, happening.due);
      happening.what.run();
    }
  }

  /** Time goes by, and whatever happens in it happens. */
  void passes(long length) {
    long until = micros + length;
    while (micros < until) {
      waits(until);
    }
  }

  // -- the sweeper

  private Stored nextSwept() {
    Stored first = null;
    for (Stored one : store.all()) {
      if (one.dueAt() != null && (first == null || restsUntil(one) < restsUntil(first))) {
        first = one;
      }
    }
    return first;
  }

  private long restsUntil(Stored one) {
    Rest rest = rests.get(one.id());
    long due = Duration.between(NOON, one.dueAt()).toNanos() / 1_000;
    return rest == null || rest.revision != one.revision() ? due : Math.max(due, rest.until);
  }

  private void sweep(Stored due) {
    Rest before = rests.get(due.id());
    int calls = before == null || before.revision != due.revision() ? 0 : before.calls;
    long pause = Math.min(60, 2L << Math.min(calls, 6)) * SECOND;
    rests.put(due.id(), new Rest(due.revision(), calls + 1, micros + pause));
    Hint hint = new Hint(due.tenant(), due.id(), due.revision(), Hint.Kind.SWEPT);
    truth.tell(micros, "swept", due.revision());
    new SimulatedQueue(this, null).send(List.of(Outgoing.now(QueueName.STEP, hint)));
  }

  // -- processes

  /** Whether the process that makes this port call dies before it. */
  boolean crashesHere() {
    ports++;
    return ports == faults.crashAt();
  }

  /** Somewhere between two port calls of a process. */
  void disturb(Worker process, String what) {
    if (faults.sometimes(2)) {
      process.die();
    } else if (depth < DEPTH_MAX && faults.sometimes(8)) {
      depth++;
      passes(1 + faults.upTo(faults.sometimes(20) ? 30_000_000 : 1_500_000));
      depth--;
    }
  }

  void replace(Worker dead) {
    int place = processes.indexOf(dead);
    if (place >= 0) {
      processes.set(place, new Worker(this, "p" + names++, breakage.of(store)));
    }
  }

  /** Lets one of the processes do something; false if it has to be asked again. */
  boolean attempt(Consumer<Worker> work) {
    Worker process = processes.get(faults.upTo(processes.size()));
    try {
      return process.does(() -> work.accept(process));
    } catch (StoreException away) {
      return false;
    }
  }

  Duration budget() {
    return faults.sometimes(20) ? Duration.ofMillis(1_200) : Duration.ofMinutes(1);
  }

  UUID newId() {
    long millis = now().toEpochMilli();
    return new UUID(
        (millis << 16) | 0x7000 | (number++ & 0xfff), 0x8000000000000000L | oracle.seed() >>> 2);
  }

  Engine.Redis redis(Worker process) {
    boolean exists = (oracle.seed() & 3) == 0;
    Cache cache = exists ? new SimulatedRedis(this, process, redis).cache() : Cache.NONE;
    return Engine.Redis.in(cache, KEY);
  }

  PlanSource plans() {
    return new PlanSource() {
      @Override
      public Optional<String> version(String tenant, String flow) {
        return Optional.of(plan.version());
      }

      @Override
      public Optional<Plan> plan(String tenant, String flow, String version) {
        return Optional.of(plan);
      }

      @Override
      public List<Problem> check(String tenant, Plan checked, Object input) {
        return List.of();
      }
    };
  }

  // -- people and services

  private void start() {
    Commit.IdempotencyKey key =
        new Commit.IdempotencyKey("api", "start", REQUEST, Duration.ofDays(1));
    StartRequest request = new StartRequest(TENANT, plan.flow(), null, oracle.input(), null, key);
    boolean done =
        attempt(
            process -> {
              Start started = process.engine().start(request);
              if (!(started instanceof Start.Accepted || started instanceof Start.Repeated)) {
                throw new AssertionError("the start was answered by " + started);
              }
            });
    if (!done) {
      later(SECOND, this::start);
    }
  }

  /** A service takes a call; the answer is how long it works on it, in milliseconds. */
  long called(AdapterCall call) {
    truth.called(call, now());
    Ending.Call made = oracle.call(call.path(), call.attempt(), call.awaits());
    if (made.ending() instanceof Ending.Later later) {
      announce(call.execution(), call.path(), call.attempt(), later.words());
    }
    return made.millis();
  }

  Answer answer(AdapterCall call) {
    return switch (oracle.call(call.path(), call.attempt(), call.awaits()).ending()) {
      case Ending.Value value -> new Answer.Done(value.value(), call.adapter());
      case Ending.Refusal refusal -> new Answer.Refused(failure(refusal.fault()));
      case Ending.Later later -> new Answer.Later(later.answer());
    };
  }

  private static Failure failure(Fault fault) {
    return new Failure(
        fault.type(),
        fault.message(),
        fault.status(),
        fault.retryable(),
        fault.adapter(),
        fault.data(),
        fault.retryAfterMillis() == 0 ? null : Duration.ofMillis(fault.retryAfterMillis()));
  }

  private void waitsAlone(UUID execution, String path, int attempt) {
    announce(execution, path, attempt, oracle.words(path, attempt));
  }

  /** The other side notices a doubled announcement by its idempotency key. */
  private void announce(UUID execution, String path, int attempt, List<Ending.Word> words) {
    if (announced.add(execution + path + "#" + attempt)) {
      words.forEach(
          word -> later(word.afterMillis() * 1_000, () -> say(execution, path, attempt, word)));
    }
  }

  /** Says it until somebody has heard it. */
  private void say(UUID execution, String path, int attempt, Ending.Word word) {
    Failure failure = word.fault() == null ? null : failure(word.fault());
    boolean done =
        attempt(
            process -> {
              CallbackOutcome outcome =
                  process.engine().callback(token(execution, path, attempt), word.value(), failure);
              truth.said(path, attempt, word, outcome);
            });
    if (!done) {
      later(SECOND, () -> say(execution, path, attempt, word));
    }
  }

  private static String token(UUID execution, String path, int attempt) {
    String token = CALLBACKS.token(execution, path);
    return attempt == 1 ? token : token + "." + attempt;
  }
}
