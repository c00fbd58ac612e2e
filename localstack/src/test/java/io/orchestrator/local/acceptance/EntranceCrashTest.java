package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.local.ProcessHost;
import io.orchestrator.local.StackOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that takes a start, a webhook or an answer from outside is killed before or after its
 * commit, and its caller asks again, as callers do: nothing is lost and nothing is done twice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EntranceCrashTest {
  private static final String FLOW =
      """
      flow: entered
      triggers:
        - webhook:
            path: entered
            dedupe: "$trigger.headers['x-event-id']"
            input: $trigger.body
      steps:
        - told: {adapter: post, params: {mark: $input.mark}}
      """;
  private static final String WAITING =
      """
      flow: answered
      steps:
        - ask: {adapter: post, params: {url: $callback.url, mark: $input.mark}, await: {callback: true, timeout: 60s}}
      output: $ask.word
      """;

  private static final Duration RECOVERY_MAX = Duration.ofSeconds(5);

  private EmbeddedTarget target;
  private Tap database;
  private Service service;
  private Api api;
  private final AtomicBoolean killed = new AtomicBoolean();
  private final AtomicReference<Instant> lostAt = new AtomicReference<>();

  @BeforeAll
  void start(@TempDir Path folder) {
    StackOptions options =
        StackOptions.of(Project.template(), folder)
            .onPort(0)
            .inProcesses("ApiFunction", "TriggerFunction", "ResumeFunction");
    // The first start makes the server's port known; the second puts a wire before it.
    try (EmbeddedTarget first = new EmbeddedTarget(options)) {
      database = new Tap(first.stack().postgres().port());
    }
    target =
        new EmbeddedTarget(
            options.with(
                Map.of(
                    "DATABASE_URL",
                    "jdbc:postgresql://127.0.0.1:" + database.port() + "/orchestrator")));
    service = new Service(call -> new Service.Answer(200, "{}"));
    api = Api.of(target, "entering");
    api.adapter("post", service.adapter("post", "tell"));
    api.publish(FLOW);
    api.publish(WAITING);
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable part : new AutoCloseable[] {api, service, target, database}) {
      if (part != null) {
        part.close();
      }
    }
  }

  @BeforeEach
  void disarm() {
    database.disarm();
    killed.set(false);
  }

  private void kill(String function, Sockets.Connection connection) {
    List<Long> pids = ((ProcessHost) target.stack().function(function)).pids();
    long pid = Sockets.owner(pids, connection).orElseThrow();
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    lostAt.set(Instant.now());
    killed.set(true);
  }

  private Api.Reply execute(String mark) {
    return api.post(
        "/flows/entered/execute",
        "{\"input\": {\"mark\": \"" + mark + "\"}}",
        "Idempotency-Key",
        "key of " + mark);
  }

  private Api.Reply hook(String mark) {
    return api.post(
        "/hooks/entering/entered", "{\"mark\": \"" + mark + "\"}", "X-Event-Id", "id of " + mark);
  }

  private long told(String mark) {
    return service.calls().stream().filter(call -> mark.equals(call.body().get("mark"))).count();
  }

  private void endsOnce(String id, String mark) {
    assertThat(killed).as("a process was killed").isTrue();
    assertThat(api.ended(id)).containsEntry("status", "completed");
    long starts =
        Api.maps(api.get("/executions?flow=entered&limit=100").is(200).get("items")).stream()
            .filter(one -> mark.equals(input((String) one.get("id")).get("mark")))
            .count();
    assertThat(starts).as("executions of " + mark).isOne();
    assertThat(told(mark)).as("calls of " + mark).isOne();
  }

  /** What was committed goes on although the process that did it could tell nobody. */
  private void goesOnInTime(String id) {
    Instant next =
        api.history(id).stream()
            .map(line -> Instant.parse((String) line.get("at")))
            .filter(at -> at.isAfter(lostAt.get()))
            .findFirst()
            .orElseThrow();
    assertThat(Duration.between(lostAt.get(), next))
        .as("time to the next transition")
        .isLessThan(RECOVERY_MAX);
  }

  private Map<String, Object> input(String id) {
    return Api.map(api.execution(id).get("input"));
  }

  @Test
  void a_start_whose_process_dies_before_the_commit_is_made_by_the_repetition() {
    database.before("start-1", connection -> kill("ApiFunction", connection));
    execute("start-1").is(500);
    endsOnce(execute("start-1").is(202).text("id"), "start-1");
  }

  @Test
  void a_start_whose_process_dies_after_the_commit_is_found_by_the_repetition() {
    database.after("start-2", connection -> kill("ApiFunction", connection));
    execute("start-2").is(500);
    String id = execute("start-2").is(202).text("id");
    endsOnce(id, "start-2");
    goesOnInTime(id);
  }

  @Test
  void a_webhook_whose_process_dies_before_the_commit_is_taken_by_the_repetition() {
    database.before("hook-1", connection -> kill("TriggerFunction", connection));
    hook("hook-1").is(500);
    endsOnce(hook("hook-1").is(202).text("id"), "hook-1");
  }

  @Test
  void a_webhook_whose_process_dies_after_the_commit_is_known_to_the_repetition() {
    database.after("hook-2", connection -> kill("TriggerFunction", connection));
    hook("hook-2").is(500);
    assertThat(hook("hook-2").status()).isBetween(200, 299);
    String id =
        Api.maps(api.get("/executions?flow=entered&limit=100").is(200).get("items")).stream()
            .map(one -> (String) one.get("id"))
            .filter(one -> "hook-2".equals(input(one).get("mark")))
            .findFirst()
            .orElseThrow();
    endsOnce(id, "hook-2");
    goesOnInTime(id);
  }

  @Test
  void an_answer_whose_process_dies_before_the_commit_is_taken_by_the_repetition() {
    String id = asked("answer-0");
    database.before("word of answer-0", connection -> kill("ResumeFunction", connection));
    try (Api nobody = new Api(target.url(), null)) {
      nobody.post(url("answer-0"), "{\"word\": \"word of answer-0\"}").is(500);
      assertThat(api.execution(id)).containsEntry("status", "waiting");
      nobody.post(url("answer-0"), "{\"word\": \"word of answer-0\"}").is(200);
    }
    assertThat(killed).as("a process was killed").isTrue();
    assertThat(api.ended(id))
        .containsEntry("status", "completed")
        .containsEntry("output", "word of answer-0");
  }

  @Test
  void an_answer_whose_process_dies_after_the_commit_counts_once() {
    String id = asked("answer-1");
    String url = url("answer-1");
    database.after("word of answer-1", connection -> kill("ResumeFunction", connection));
    try (Api nobody = new Api(target.url(), null)) {
      nobody.post(url, "{\"word\": \"word of answer-1\"}").is(500);
      nobody.post(url, "{\"word\": \"word of answer-1\"}").is(200);
      nobody.post(url, "{\"word\": \"another\"}").is(409);
    }
    assertThat(killed).as("a process was killed").isTrue();
    assertThat(api.ended(id))
        .containsEntry("status", "completed")
        .containsEntry("output", "word of answer-1");
  }

  /** An execution that waits for an answer. */
  private String asked(String mark) {
    String id = api.start("answered", "{\"mark\": \"" + mark + "\"}");
    await().until(() -> url(mark) != null);
    await().until(() -> "waiting".equals(api.execution(id).get("status")));
    return id;
  }

  private String url(String mark) {
    return service.calls().stream()
        .filter(call -> mark.equals(call.body().get("mark")))
        .map(call -> (String) call.body().get("url"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
