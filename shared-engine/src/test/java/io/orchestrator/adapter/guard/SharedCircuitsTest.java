package io.orchestrator.adapter.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.cache.Cache;
import io.orchestrator.testing.RealRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class SharedCircuitsTest extends CircuitStatesContract {
  private static final int PROCESSES = 8;

  private static RealRedis redis;
  private static Cache cache;

  @BeforeAll
  static void start() {
    redis = new RealRedis();
    cache = redis.cache();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void clear() {
    try (Jedis jedis = redis.open()) {
      jedis.flushAll();
    }
  }

  @Override
  CircuitStates states() {
    return new SharedCircuits(cache);
  }

  /** Redis has its own clock, so what it has noted is put back into the past. */
  @Override
  void pass(Duration time) {
    try (Jedis jedis = redis.open()) {
      for (String key : jedis.keys("circuit:*")) {
        for (Map.Entry<String, String> field : jedis.hgetAll(key).entrySet()) {
          if (List.of("until", "since", "probe_until", "times").contains(field.getKey())) {
            jedis.hset(key, field.getKey(), earlier(field.getValue(), time.toMillis()));
          }
        }
      }
    }
  }

  private static String earlier(String times, long millis) {
    List<String> moved = new ArrayList<>();
    for (String at : times.split(" ", -1)) {
      moved.add(Long.toString(Long.parseLong(at) - millis));
    }
    return String.join(" ", moved);
  }

  private static Circuits process() {
    return Circuits.in(redis.cache());
  }

  /** Every call at the same time, spread over several processes. */
  private static <T> List<T> race(List<Circuits> processes, Question<T> call) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<T>> calls = new ArrayList<>();
      for (int i = 0; i < 25 * processes.size(); i++) {
        Circuits process = processes.get(i % processes.size());
        calls.add(() -> call.of(process));
      }
      List<T> said = new ArrayList<>();
      for (Future<T> one : threads.invokeAll(calls)) {
        said.add(one.get());
      }
      return said;
    }
  }

  /** What one process asks. */
  @FunctionalInterface
  private interface Question<T> {
    T of(Circuits process);
  }

  private static List<Circuits> processes() {
    List<Circuits> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(process());
    }
    return processes;
  }

  @Test
  void of_many_processes_exactly_one_call_opens_it_and_exactly_one_tries_again() throws Exception {
    List<Circuits> processes = processes();
    List<Turn> turns =
        race(processes, process -> process.leave(STRIPE, BREAKER, "", Outcome.FAILED));
    assertThat(turns.stream().filter(turn -> turn == Turn.OPENED)).hasSize(1);
    List<Entry> barred = race(processes, process -> process.enter(STRIPE, BREAKER, HOLD));
    assertThat(barred).allMatch(Entry.Barred.class::isInstance);
    pass(OPEN);
    List<Entry> entries = race(processes, process -> process.enter(STRIPE, BREAKER, HOLD));
    assertThat(entries.stream().filter(Entry.Passed.class::isInstance)).hasSize(1);
  }

  @Test
  void failures_of_several_processes_add_up_and_all_see_the_circuit_open() {
    Circuits one = process();
    Circuits two = process();
    one.leave(STRIPE, BREAKER, "", Outcome.FAILED);
    two.leave(STRIPE, BREAKER, "", Outcome.FAILED);
    assertThat(one.leave(STRIPE, BREAKER, "", Outcome.FAILED)).isEqualTo(Turn.OPENED);
    assertThat(two.enter(STRIPE, BREAKER, HOLD)).isInstanceOf(Entry.Barred.class);
    assertThat(process().look(STRIPE, BREAKER).orElseThrow().state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void an_answer_of_one_process_forgets_the_failures_of_another() {
    Circuits one = process();
    Circuits two = process();
    one.leave(STRIPE, BREAKER, "", Outcome.FAILED);
    one.leave(STRIPE, BREAKER, "", Outcome.FAILED);
    two.leave(STRIPE, BREAKER, "", Outcome.ANSWERED);
    assertThat(one.leave(STRIPE, BREAKER, "", Outcome.FAILED)).isEqualTo(Turn.NONE);
  }

  @Test
  void a_closed_circuit_without_failures_leaves_nothing_in_redis_and_others_leave_in_time() {
    try (Jedis jedis = redis.open()) {
      Circuits process = process();
      process.enter(STRIPE, BREAKER, HOLD);
      process.leave(STRIPE, BREAKER, "", Outcome.ANSWERED);
      assertThat(jedis.keys("*")).isEmpty();
      process.leave(STRIPE, BREAKER, "", Outcome.FAILED);
      for (String key : jedis.keys("*")) {
        assertThat(jedis.pttl(key)).isBetween(1L, Duration.ofDays(1).toMillis());
      }
      process.leave(STRIPE, BREAKER, "", Outcome.ANSWERED);
      assertThat(jedis.keys("*")).isEmpty();
    }
  }

  @Test
  void a_flushed_redis_is_a_closed_circuit() {
    Circuits process = process();
    for (int i = 0; i < 3; i++) {
      process.leave(STRIPE, BREAKER, "", Outcome.FAILED);
    }
    clear();
    assertThat(process.enter(STRIPE, BREAKER, HOLD)).isEqualTo(Entry.Passed.FREELY);
  }

  @Test
  void what_is_no_circuit_harms_nobody() {
    String key = STRIPE.key("circuit");
    try (Jedis jedis = redis.open()) {
      jedis.set(key, "planted");
      Circuits process = process();
      assertThat(process.enter(STRIPE, BREAKER, HOLD)).isEqualTo(Entry.Passed.FREELY);
      for (int i = 0; i < 3; i++) {
        process.leave(STRIPE, BREAKER, "", Outcome.FAILED);
      }
      assertThat(process.enter(STRIPE, BREAKER, HOLD))
          .as("its own circuit")
          .isInstanceOf(Entry.Barred.class);
      jedis.del(key);
      jedis.hset(key, Map.of("until", "never", "times", "x y", "probe_until", "-"));
      assertThat(process.enter(STRIPE, BREAKER, HOLD)).isEqualTo(Entry.Passed.FREELY);
      jedis.del(key);
      jedis.hset(key, "until", "99999999999999");
      assertThat(process.enter(STRIPE, BREAKER, HOLD)).isEqualTo(new Entry.Barred(OPEN));
      pass(OPEN);
      assertThat(process.enter(STRIPE, BREAKER, HOLD)).isInstanceOf(Entry.Passed.class);
    }
  }

  @Test
  void a_redis_that_vanishes_leaves_each_process_its_own_until_it_comes_back() {
    try (RealRedis fleeting = new RealRedis()) {
      Circuits one = Circuits.in(fleeting.cache());
      Circuits two = Circuits.in(fleeting.cache());
      assertThat(one.enter(STRIPE, BREAKER, HOLD)).isEqualTo(Entry.Passed.FREELY);
      fleeting.stop();
      for (int i = 0; i < 3; i++) {
        one.leave(STRIPE, BREAKER, "", Outcome.FAILED);
      }
      assertThat(one.enter(STRIPE, BREAKER, HOLD)).isInstanceOf(Entry.Barred.class);
      assertThat(two.enter(STRIPE, BREAKER, HOLD)).isEqualTo(Entry.Passed.FREELY);
      fleeting.start();
      await()
          .untilAsserted(
              () -> assertThat(one.enter(STRIPE, BREAKER, HOLD)).isEqualTo(Entry.Passed.FREELY));
    }
  }
}
