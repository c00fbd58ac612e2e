package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.engine.Callbacks;
import io.orchestrator.functions.TestStack.Answer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What is promised to happen once happens once, whoever else wants it at the same moment. */
class OnceTest {
  private static final int ROUNDS = Boolean.getBoolean("orchestrator.long") ? 200 : 15;
  private static final int KEYS = Boolean.getBoolean("orchestrator.long") ? 200 : 5;

  private static TestRedis redis;
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    redis = new TestRedis();
    stack = new TestStack(Map.of("REDIS_URL", redis.url()));
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
    redis.close();
  }

  private static Map<String, Object> execution(String id) {
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  private static String token(String id, String path) {
    byte[] key =
        stack.environment.get("ORCHESTRATOR_SECRET_CALLBACK").getBytes(StandardCharsets.UTF_8);
    return new Callbacks(key, "").token(UUID.fromString(id), path);
  }

  private static List<Answer> together(List<Callable<Answer>> all) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(all).stream().map(Future::resultNow).toList();
    }
  }

  private static String text(String sql) throws SQLException {
    try (Connection connection = stack.database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Promise P17. */
  @Test
  void of_two_answers_and_a_cancel_at_the_same_moment_exactly_one_ends_the_wait() throws Exception {
    stack.publish(
        "flow: contested\nsteps:\n  - ask: {await: {callback: true, timeout: 1h}}\noutput: $ask\n");
    String admin = stack.admin();
    int cancelled = 0;
    for (int round = 0; round < ROUNDS; round++) {
      String id = stack.execute("contested", "{}");
      stack.settle();
      String path = "/callbacks/" + token(id, "ask");
      List<Answer> answers =
          together(
              List.of(
                  () -> stack.post(false, null, path, "{\"by\": 1}"),
                  () -> stack.post(false, null, path, "{\"by\": 2}"),
                  () -> stack.call(admin, "POST", "/executions/" + id + "/cancel", null)));
      stack.settle();
      Map<String, Object> ended = execution(id);
      List<Integer> won = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i).status() < 300) {
          won.add(i);
        }
      }
      assertThat(won).as("round %d: %s", round, answers).hasSize(1);
      if (won.getFirst() == 2) {
        cancelled++;
        assertThat(ended).containsEntry("status", "cancelled");
      } else {
        assertThat(ended)
            .containsEntry("status", "completed")
            .containsEntry("output", Map.of("by", won.getFirst() + 1L));
      }
      assertThat(
              text(
                  "select count(*) from transitions where execution = '"
                      + id
                      + "' and event in ('step_completed', 'execution_cancelled')"))
          .isEqualTo("1");
    }
    assertThat(cancelled).isLessThan(ROUNDS);
  }

  /** Promise P16. */
  @Test
  void a_webhook_event_starts_its_flow_once_for_seven_days_whatever_redis_remembers()
      throws Exception {
    stack.publish(
        """
        flow: hooked-once
        triggers:
          - webhook: {path: once, verify: none, dedupe: "$trigger.headers['x-event-id']"}
        steps:
          - a: {set: {x: 1}}
        """);
    Callable<Answer> event =
        () -> stack.post(true, null, "/hooks/acme/once", "{\"n\": 1}", "x-event-id", "e-7");
    List<Answer> answers = new ArrayList<>(together(Collections.nCopies(20, event)));
    try (Jedis inside = redis.open()) {
      inside.flushAll();
    }
    answers.addAll(together(Collections.nCopies(20, event)));
    assertThat(answers).allMatch(answer -> answer.status() == 202);
    assertThat(answers.stream().map(answer -> answer.json().get("id")).distinct()).hasSize(1);
    assertThat(stack.count("executions where flow = 'hooked-once'")).isEqualTo(1);
    assertThat(
            text(
                "select string_agg((expires - now())::text, ',') from idempotency_keys where source"
                    + " = 'webhook:once'"))
        .startsWith("6 days 23:59");
  }

  /** Promise P15; how it fares when processes are killed is in EntranceCrashTest. */
  @Test
  void fifty_equal_starts_under_each_of_many_keys_are_one_execution_a_key() throws Exception {
    stack.publish("flow: keyed\nsteps:\n  - a: {set: {x: 1}}\n");
    String admin = stack.admin();
    for (int key = 0; key < KEYS; key++) {
      String name = "many-" + key;
      List<Answer> answers =
          together(
              Collections.nCopies(
                  50,
                  () ->
                      stack.call(
                          admin, "POST", "/flows/keyed/execute", "{}", "idempotency-key", name)));
      assertThat(answers).allMatch(answer -> answer.status() == 202);
      assertThat(answers.stream().map(answer -> answer.json().get("id")).distinct()).hasSize(1);
    }
    assertThat(stack.count("executions where flow = 'keyed'")).isEqualTo(KEYS);
  }

  /** Promise P18. */
  @Test
  void twenty_branches_that_end_at_the_same_moment_are_joined_once() throws SQLException {
    String branches =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    "        - b"
                        + i
                        + ": {adapter: sandbox, params: {$sandbox: {delay: 200ms}}}\n")
            .collect(Collectors.joining());
    stack.publish(
        "flow: joined\nsteps:\n  - all:\n      parallel:\n"
            + branches
            + "  - after: {set: {x: 1}}\n");
    String id = stack.execute("joined", "{}");
    stack.settle();
    assertThat(execution(id)).containsEntry("status", "completed");
    String ended =
        "select count(*) || ' ' || count(distinct step) from transitions where execution = '"
            + id
            + "' and event = 'step_completed' and step ";
    assertThat(text(ended + "like 'all/b%'")).isEqualTo("20 20");
    assertThat(text(ended + "in ('all', 'after')")).isEqualTo("2 2");
  }

  /** Promise P21. */
  @Test
  void an_execution_follows_the_version_that_it_began_with_whatever_is_published_meanwhile() {
    String first =
        """
        flow: moving
        version: 1.0.0
        steps:
          - ask: {await: {signal: go}}
          - work: {adapter: sandbox, params: {from: one}}
        output: $work
        """;
    stack.publish(first);
    String one = stack.execute("moving", "{}");
    stack.settle();
    publishNext(
        first
            .replace("1.0.0", "2.0.0")
            .replace("from: one", "from: two")
            .replace("- work", "- other: {set: {y: 1}}\n  - work"));
    String two = stack.execute("moving", "{}");
    stack.settle();
    publishNext("flow: moving\nversion: 3.0.0\nsteps:\n  - nothing: {set: {x: 3}}\noutput: gone\n");
    String three = stack.execute("moving", "{}");
    for (String id : List.of(one, two)) {
      assertThat(
              stack.call(stack.admin(), "POST", "/executions/" + id + "/signals/go", "{}").status())
          .isEqualTo(202);
    }
    stack.settle();
    assertThat(execution(one))
        .containsEntry("version", "1.0.0")
        .containsEntry("status", "completed")
        .containsEntry("output", Map.of("from", "one"));
    assertThat(execution(two))
        .containsEntry("version", "2.0.0")
        .containsEntry("output", Map.of("from", "two"));
    assertThat(execution(three)).containsEntry("version", "3.0.0").containsEntry("output", "gone");
  }

  private static void publishNext(String yaml) {
    String etag = stack.call(stack.admin(), "GET", "/flows/moving", null).headers().get("etag");
    Answer answer =
        stack.call(
            stack.admin(),
            "PUT",
            "/flows/moving",
            yaml,
            "content-type",
            "application/yaml",
            "if-match",
            etag);
    assertThat(answer.status()).as(answer.body()).isLessThan(300);
  }
}
