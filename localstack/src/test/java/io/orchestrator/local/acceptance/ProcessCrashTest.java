package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.local.ProcessHost;
import io.orchestrator.local.StackOptions;
import io.orchestrator.local.acceptance.Sockets.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A step runner's process is killed, frozen or cut off at each point where that could lose or
 * double something. The points are found on the wire: what it says to the database, to Redis or to
 * the service that it calls. docs/architecture.md lists the crash windows and which test covers
 * each.
 */
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

  private static final String ONCE =
      """
      flow: once
      steps:
        - pay:
            adapter: bank
            params: {amount: 5}
            delivery: at_most_once
            retry: {attempts: 3, delay: 100ms}
            on_error: [{tell: {adapter: post, params: {text: $error.type}}}]
        - never: {adapter: post, params: {text: went on}}
      """;

  /** Processes that have started through: the one that is lost and the one that takes over. */
  private static final int WARM = 2;

  private static final Duration RECOVERY_MAX = Duration.ofSeconds(5);

  private final AtomicReference<Consumer<Service.Call>> during = new AtomicReference<>(call -> {});
  private final AtomicReference<Instant> lostAt = new AtomicReference<>();
  private EmbeddedTarget target;
  private Tap database;
  private Tap redis;
  private Service service;
  private Api api;

  @BeforeAll
  void start(@TempDir Path folder) {
    StackOptions options =
        StackOptions.of(Project.template(), folder).onPort(0).inProcesses("StepRunnerFunction");
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
    api.publish(ONCE);
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
    SQSEvent nothing = new SQSEvent();
    nothing.setRecords(List.of());
    while (runners().idle() < WARM) {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        threads.invokeAll(
            Collections.nCopies(
                WARM, () -> runners().invoke(nothing, SQSBatchResponse.class))); // each in its own
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      api.ended(api.start("crashes", "{}"));
    }
  }

  @BeforeEach
  void disarm() {
    database.disarm();
    redis.disarm();
    during.set(call -> {});
    warm();
  }

  private long process(Connection connection) {
    return Sockets.owner(runners().pids(), connection)
        .orElseThrow(() -> new AssertionError("no step runner has " + connection));
  }

  private void kill(Connection connection) {
    long pid = process(connection);
    lostAt.set(Instant.now());
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  private static void signal(String name, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Runs one execution through the crash and checks what must hold after each; gives the calls of
   * its step {@code pay}.
   */
  private List<Service.Call> survives() {
    lostAt.set(null);
    int before = service.calls().size();
    String id = api.start("crashes", "{}");
    Map<String, Object> ended = api.ended(id);
    assertThat(lostAt.get()).as("something was lost").isNotNull();
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
            .filter(at -> at.isAfter(lostAt.get()))
            .findFirst()
            .orElseThrow();
    assertThat(Duration.between(lostAt.get(), next))
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
    return paid;
  }

  @Disabled("nobody is killed: the claim is not seen on the wire any more")
  @Test
  void dead_before_the_call_with_the_hint_taken_the_call_is_made_once() {
    redis.before("claim:", this::kill);
    assertThat(survives()).hasSize(1);
  }

  @Test
  void dead_during_the_call_it_is_made_again_with_the_same_key() {
    during.set(
        call -> {
          if (call.path().equals("/pay")) {
            during.set(again -> {});
            kill(call.connection());
          }
        });
    assertThat(survives()).hasSize(2);
  }

  @Test
  void dead_during_a_call_that_is_made_at_most_once_it_is_never_made_again() {
    during.set(
        call -> {
          if (call.path().equals("/pay")) {
            during.set(again -> {});
            kill(call.connection());
          }
        });
    int before = service.calls().size();
    String id = api.start("once", "{}");

    Map<String, Object> ended = api.ended(id);

    assertThat(ended).containsEntry("status", "failed").containsEntry("handled", true);
    assertThat(ended.get("error"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("type", "interrupted")
        .containsEntry("step", "pay");
    List<Service.Call> calls = service.calls().subList(before, service.calls().size());
    assertThat(calls).extracting(Service.Call::path).containsExactly("/pay", "/tell");
    Instant interrupted =
        api.history(id).stream()
            .filter(line -> line.get("event").equals("step_failed"))
            .map(line -> Instant.parse((String) line.get("at")))
            .findFirst()
            .orElseThrow();
    assertThat(Duration.between(lostAt.get(), interrupted)).isLessThan(RECOVERY_MAX);
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

  @Test
  void cut_off_while_the_database_answers_the_commit_is_found_again() {
    database.after("receipt", connection -> lostAt.set(Instant.now()));
    assertThat(survives()).hasSize(1);
  }

  @Test
  void frozen_during_the_call_it_writes_and_calls_nothing_when_it_wakes() {
    AtomicLong frozen = new AtomicLong();
    during.set(
        call -> {
          if (call.path().equals("/pay") && frozen.get() == 0) {
            frozen.set(process(call.connection()));
            lostAt.set(Instant.now());
            signal("STOP", frozen.get());
            await().atMost(Duration.ofSeconds(20)).until(() -> Sockets.stopped(frozen.get()));
          } else if (call.path().equals("/tell")) { // another process has it in hand
            int busy = runners().idle();
            signal("CONT", frozen.get());
            await().atMost(Duration.ofSeconds(20)).until(() -> runners().idle() > busy);
          }
        });
    assertThat(survives()).hasSize(2);
  }
}
