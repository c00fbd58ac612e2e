package io.orchestrator.simulation;

import io.orchestrator.adapter.AdapterCall;
import io.orchestrator.adapter.Answer;
import io.orchestrator.engine.Engine;
import io.orchestrator.engine.EngineOptions;
import io.orchestrator.engine.Host;
import io.orchestrator.engine.Observer;
import io.orchestrator.store.Commit;
import io.orchestrator.store.Events;
import io.orchestrator.store.ExecutionStore;
import io.orchestrator.store.StoreException;
import io.orchestrator.store.Verdict;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A process with the real engine in it. It can die at every call of a port. */
final class Worker implements Host {
  private final World world;
  private final String name;
  private final Engine engine;
  private boolean dead;
  private boolean beside;
  private int busy;
  private long ahead; // microseconds by which the work beside is further than the world

  private Runnable renewal;
  private long renewalMicros;
  private boolean renewing;

  Worker(World world, String name, ExecutionStore store) {
    this.world = world;
    this.name = name;
    this.engine =
        new Engine(
            world.plans(),
            port(store),
            this::call,
            new Engine.Outside(
                new SimulatedQueue(world, this),
                Observer.NONE,
                World.CALLBACKS,
                Engine.SlowCalls.NONE,
                world.redis(this)),
            new EngineOptions(name, world.faults().runAhead(), true, this));
  }

  String name() {
    return name;
  }

  Engine engine() {
    return engine;
  }

  /** Lets it do something; false if it died over it. */
  boolean does(Runnable work) {
    busy++;
    if (busy == 1) {
      renews();
    }
    try {
      work.run();
      return true;
    } catch (Died died) {
      if (!died.isOf(this)) {
        throw died;
      }
      world.replace(this);
      return false;
    } finally {
      busy--;
    }
  }

  private void renews() {
    if (renewal == null || renewing) {
      return;
    }
    renewing = true;
    world.later(
        renewalMicros,
        () -> {
          renewing = false;
          if (!dead && busy > 0) {
            does(renewal);
            renews();
          }
        });
  }

  // -- ports

  /** The process is about to reach out of itself. */
  void port(String what) {
    alive();
    world.chronicle().tell(world.micros(), name, what);
    if (world.crashesHere(this, what)) {
      dead = true;
    } else if (world.faults().isRough() && !beside) {
      world.disturb(this, what);
    }
    alive();
  }

  void alive() {
    if (dead) {
      throw new Died(this);
    }
  }

  void die() {
    dead = true;
  }

  private ExecutionStore port(ExecutionStore store) {
    return port(
        ExecutionStore.class,
        (method, arguments) -> {
          Object result = method.invoke(store, arguments);
          return result instanceof Events events
              ? port(Events.class, (inner, given) -> inner.invoke(events, given))
              : result;
        });
  }

  @FunctionalInterface
  private interface Reached {
    Object by(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  private <T> T port(Class<T> type, Reached reached) {
    return type.cast(
        Proxy.newProxyInstance(
            Worker.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return arguments == null
                    ? reached.by(method, null)
                    : asked(method, arguments, reached);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private Object asked(Method method, Object[] arguments, Reached reached)
      throws ReflectiveOperationException {
    port(method.getName());
    boolean commits = arguments[0] instanceof Commit;
    if (commits && world.faults().sometimes(2)) {
      throw new StoreException("the database is away", null);
    }
    Object result = reached.by(method, arguments);
    if (result instanceof Verdict.Stored stored) {
      world.chronicle().committed((Commit) arguments[0], stored.at());
      if (world.faults().sometimes(2)) {
        throw new StoreException("the answer of the database was lost", null);
      }
    }
    return result;
  }

  private Answer call(AdapterCall call) {
    port("call");
    long micros = world.outside().called(call) * 1_000;
    if (beside) {
      ahead += micros;
    } else {
      world.passes(micros);
      alive();
    }
    return world.outside().answer(call);
  }

  // -- the machine

  @Override
  public long nanos() {
    return (world.micros() + ahead) * 1_000;
  }

  @Override
  public UUID newId() {
    return world.newId();
  }

  @Override
  public <T> void beside(String what, Supplier<T> work, Consumer<T> then) {
    beside = true;
    try {
      T result = work.get();
      world.later(
          ahead,
          () -> {
            if (!dead) {
              then.accept(result);
            }
          });
    } finally {
      beside = false;
      ahead = 0;
    }
  }

  @Override
  public <T> T next(BlockingQueue<T> mailbox, long nanos) {
    long until = nanos == Long.MAX_VALUE ? Long.MAX_VALUE : world.micros() + (nanos + 999) / 1_000;
    while (mailbox.isEmpty() && world.micros() < until) {
      world.waits(until);
      alive();
    }
    return mailbox.poll();
  }

  @Override
  public Runnable every(Duration pause, Runnable work) {
    renewal = work;
    renewalMicros = pause.toNanos() / 1_000;
    return () -> renewal = null;
  }
}
