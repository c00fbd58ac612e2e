package io.orchestrator.simulation;

import io.orchestrator.cache.Cache;
import io.orchestrator.engine.Callbacks;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.PlanSource;
import io.orchestrator.flow.Plan;
import io.orchestrator.flow.Problem;
import io.orchestrator.generator.RandomFlow;
import io.orchestrator.store.Events;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.MemoryExecutionStore;
import io.orchestrator.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
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
  static final long SECOND = 1_000_000;

  /** Ports that change nothing. */
  private static final Set<String> LOOKS =
      Set.of("load", "findWait", "started", "find", "since", "waiting", "approval");

  private final Map<String, Plan> followed;
  private final Oracle oracle;
  private final Faults faults;
  private final Chronicle chronicle;
  private final MemoryExecutionStore store = new MemoryExecutionStore(this::now);
  private final Outside outside;
  private final Starters starters;
  private final Breakage breakage;
  private final PriorityQueue<Happening> agenda =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::due).thenComparingInt(Happening::number));
  private final List<Worker> processes = new ArrayList<>();
  private final Map<ByteBuffer, SimulatedRedis.Value> redis = new HashMap<>();
  private final Sweeping sweeping = new Sweeping(this, store);
  private long micros;
  private int number;
  private int ports;
  private int happenings;
  private int depth;
  private int names;
  private final List<Integer> crashes = new ArrayList<>();
  private Look before;

  /** The last port call, if it has only looked: who made it, and what had happened by then. */
  private record Look(Worker process, long micros, int number, int happenings) {}

  private record Happening(long due, int number, Runnable what) {}

  /**
   * The plans of a world's flows.
   *
   * @param followed by the engine; others than those that are meant if it is a broken one
   */
  record Books(Map<String, Plan> meant, Map<String, Plan> followed) {}

  /** A deliberately broken part: what a process sees instead of the store, or of the flows. */
  @FunctionalInterface
  interface Breakage {
    Breakage NONE = store -> store;

    ExecutionStore of(MemoryExecutionStore store);

    /** The flows as the engine follows them. */
    default Map<String, Object> flows(Map<String, Object> bundle) {
      return bundle;
    }
  }

  /**
   * @param told whether anybody reads what happened in it
   */
  World(Books books, Oracle oracle, Faults faults, Breakage breakage, boolean told) {
    Map<String, Plan> plans = books.meant();
    this.followed = books.followed();
    this.oracle = oracle;
    this.faults = faults;
    this.outside = new Outside(this, oracle);
    this.starters = new Starters(this, oracle, plans.get(RandomFlow.ROOT));
    this.chronicle = new Chronicle(plans, faults, told, outside);
    this.breakage = breakage;
    processes.add(new Worker(this, "p" + names++, breakage.of(store)));
    if (faults.isRough()) {
      processes.add(new Worker(this, "p" + names++, breakage.of(store)));
    }
  }

  /** Everything from the start to the end, and what is left over after it. */
  World run() {
    starters.begin();
    while (!isOver()) {
      waits(Long.MAX_VALUE);
    }
    chronicle.over(store);
    return this;
  }

  private boolean isOver() {
    return agenda.isEmpty()
        && store.events().undelivered().isEmpty()
        && starters.areDone()
        && chronicle.isOver();
  }

  Chronicle chronicle() {
    return chronicle;
  }

  /** What people are asked. */
  Events.Approval approval(UUID id) {
    return store
        .events()
        .approval(id)
        .orElseThrow(() -> new AssertionError("there is no approval " + id));
  }

  Faults faults() {
    return faults;
  }

  /** How often processes have reached out of themselves. */
  int ports() {
    return ports;
  }

  /**
   * At which of these times the loss of the process can make a difference. If all that it has done
   * since the one before was to look, the world is as it was then.
   */
  List<Integer> crashes() {
    return crashes;
  }

  // -- time

  long micros() {
    return micros;
  }

  Instant now() {
    return NOON.plusNanos(micros * 1_000);
  }

  static long micros(Instant at) {
    return Duration.between(NOON, at).toNanos() / 1_000;
  }

  void later(long after, Runnable what) {
    agenda.add(new Happening(micros + after, number++, what));
  }

  /** Somebody does something after that long, again and again until it has worked. */
  void insist(long after, BooleanSupplier works) {
    later(
        after,
        () -> {
          if (!works.getAsBoolean()) {
            insist(SECOND, works);
          }
        });
  }

  /** Something happens, the next thing there is; or nothing until then. */
  void waits(long until) {
    if (++happenings > HAPPENINGS_MAX) {
      throw new AssertionError("it goes on for ever: " + chronicle + " at " + now());
    }
    sweeping.look();
    long sweep = sweeping.next();
    long next = agenda.isEmpty() ? Long.MAX_VALUE : agenda.peek().due;
    if (Math.min(sweep, next) > until) {
      micros = until;
    } else if (sweep < next) {
      micros = Math.max(micros, sweep);
      sweeping.sweep();
    } else if (next == Long.MAX_VALUE) {
      throw new AssertionError("stuck: nobody will ever look at " + chronicle);
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

  // -- processes

  /** Whether the process that makes this port call dies before it. */
  boolean crashesHere(Worker process, String what) {
    ports++;
    Look now = new Look(process, micros, number, happenings);
    if (!now.equals(before)) {
      crashes.add(ports);
    }
    before = LOOKS.contains(what) ? now : null;
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

  /** Whether any process has died, so that it may have left something behind. */
  boolean hasCrashed() {
    return names > processes.size();
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
        return Optional.of(followed.get(flow).version());
      }

      @Override
      public Optional<Plan> plan(String tenant, String flow, String version) {
        return Optional.of(followed.get(flow));
      }

      @Override
      public List<Problem> check(String tenant, Plan checked, Object input) {
        return List.of();
      }
    };
  }

  // -- people and services

  Outside outside() {
    return outside;
  }
}
