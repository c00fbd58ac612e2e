package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.local.ProcessHost;
import io.orchestrator.local.StackOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A step runner's process is killed at each point where a crash could lose or double something. The
 * points are found on the wire: what it says to the database, to Redis or to the service that it
 * calls.
 *
 * <p>Run with {@code -Pcrash} and not yet part of every build: on a loaded machine a recovery takes
 * 5 to 8 s, where at most 5 s are promised, and once an execution had not ended after 25 s for a
 * reason that is not known. Both have to be understood before this can stand in the gate.
 */
@Tag("crash")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessCrashTest {
  private static final String FLOW =
      """
      flow: crashes
      steps:
        - before: {set: {x: 1}}
        - pay: {adapter: bank, params: {amount: 5}}
        - tell: {adapter: post, params: {text: paid}}
      output: $pay
      """;
  private static final int WARM = 3;
  private static final Duration RECOVERY_MAX = Duration.ofSeconds(5);

  private final AtomicReference<Consumer<Service.Call>> during = new AtomicReference<>(call -> {});
  private final AtomicReference<Instant> killedAt = new AtomicReference<>();
  private EmbeddedTarget target;
  private Tap database;
  private Tap redis;
  private Service service;
  private Api api;

  @BeforeAll
  void start(@TempDir Path folder) {
    StackOptions options = StackOptions.of(Project.template(), folder).onPort(0).inProcesses();
    // The first start makes the servers' ports known; the second puts wires before them.
    try (EmbeddedTarget first = new EmbeddedTarget(options)) {
      database = new Tap(first.stack().postgres().port());
      redis = new Tap(first.stack().redis().port());
    }
    target =
        new EmbeddedTarget(
            options.with(
                Map.of(
                    "DATABASE_URL",
                        "jdbc:postgresql://127.0.0.1:" + database.port() + "/orchestrator",
                    "REDIS_URL", "redis://127.0.0.1:" + redis.port())));
    service =
        new Service(
            call -> {
              during.get().accept(call);
              return new Service.Answer(200, "{\"receipt\": 1}");
            });
    api = Api.of(target, "crashing");
    api.adapter("bank", service.adapter("bank", "pay"));
    api.adapter("post", service.adapter("post", "tell"));
    api.publish(FLOW);
    warm();
  }

  @AfterAll
  void stop() {
    for (AutoCloseable part : new AutoCloseable[] {api, service, target, redis, database}) {
      if (part != null) {
        close(part);
      }
    }
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private ProcessHost runners() {
    return (ProcessHost) target.stack().function("StepRunnerFunction");
  }

  /**
   * Brings up several processes, so that the test measures the recovery and not the start of a JVM.
   */
  private void warm() {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () -> {
              List<String> ids =
                  IntStream.range(0, 40).mapToObj(i -> api.start("crashes", "{}")).toList();
              ids.forEach(api::ended);
              return runners().pids().size() >= WARM;
            });
  }

  private void kill(int port) {
    long pid =
        Sockets.owner(runners().pids(), port)
            .orElseThrow(() -> new AssertionError("no step runner has port " + port));
    killedAt.set(Instant.now());
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  /**
   * Runs one execution through the crash and checks what must hold after each; gives the calls of
   * its step {@code pay}.
   */
  private List<Service.Call> survives() {
    killedAt.set(null);
    int before = service.calls().size();
    String id = api.start("crashes", "{}");
    Map<String, Object> ended = api.ended(id);
    assertThat(killedAt.get()).as("a process was killed").isNotNull();
    assertThat(ended)
        .containsEntry("status", "completed")
        .containsEntry("output", Map.of("receipt", 1L));
    List<Map<String, Object>> history = api.history(id);
    assertThat(history)
        .extracting(line -> line.get("revision"))
        .isEqualTo(IntStream.rangeClosed(1, history.size()).mapToObj(Long::valueOf).toList());
    for (String step : List.of("before", "pay", "tell")) {
      assertThat(
              history.stream()
                  .filter(
                      line ->
                          line.get("event").equals("step_completed")
                              && line.get("step").equals(step)))
          .as("completions of " + step)
          .hasSize(1);
    }
    Instant next =
        history.stream()
            .map(line -> Instant.parse((String) line.get("at")))
            .filter(at -> at.isAfter(killedAt.get()))
            .findFirst()
            .orElseThrow();
    assertThat(Duration.between(killedAt.get(), next))
        .as("time to the next transition")
        .isLessThan(RECOVERY_MAX);
    List<Service.Call> calls =
        new ArrayList<>(service.calls().subList(before, service.calls().size()));
    assertThat(calls.stream().filter(call -> call.path().equals("/tell")))
        .as("calls of tell")
        .hasSize(1);
    List<Service.Call> paid = calls.stream().filter(call -> call.path().equals("/pay")).toList();
    assertThat(paid.stream().map(Service.Call::key).filter(Objects::nonNull).distinct())
        .as("idempotency keys")
        .hasSize(1);
    warm();
    return paid;
  }

  @Test
  void dead_before_the_call_with_the_hint_taken_the_call_is_made_once() {
    redis.before("\r\nNX\r\n", this::kill);
    assertThat(survives()).hasSize(1);
  }

  @Test
  void dead_during_the_call_it_is_made_again_with_the_same_key() {
    during.set(
        call -> {
          if (call.path().equals("/pay")) {
            during.set(again -> {});
            kill(call.port());
          }
        });
    assertThat(survives()).hasSize(2);
  }

  @Test
  void dead_after_the_call_before_its_commit_it_is_made_again_with_the_same_key() {
    database.before("receipt", this::kill);
    assertThat(survives()).hasSize(2);
  }

  @Test
  void dead_after_the_commit_before_anything_else_the_call_is_not_made_again() {
    database.after("receipt", this::kill);
    assertThat(survives()).hasSize(1);
  }
}
