package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.engine.Sweeper;
import io.orchestrator.functions.TestStack.Answer;
import io.orchestrator.queue.Hints;
import io.orchestrator.queue.Outgoing;
import io.orchestrator.store.Sweeps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders about many executions, from the request over the sweeper to the step runner. */
class BulkTest {
  private static TestStack stack;

  @BeforeAll
  static void open() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void close() {
    stack.close();
  }

  private static Answer post(String path, String body, String... headers) {
    return stack.call(stack.admin(), "POST", path, body, headers);
  }

  private static Map<String, Object> get(String path) {
    return stack.call(stack.admin(), "GET", path, null).json();
  }

  /** Executions of a flow of that name that have failed, and would not if they ran again. */
  private static List<String> failed(String flow, int count) {
    stack.publish(
        "flow: "
            + flow
            + "\nversion: 1.0.0\nsteps:\n  - w: {await: {callback: true, timeout: 1h}}\n"
            + "  - after: {set: {got: $w}}\n");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(stack.execute(flow, "{}"));
    }
    stack.settle();
    for (String id : ids) {
      post("/executions/" + id + "/steps/w/fail", "{}");
    }
    stack.settle();
    return ids;
  }

  /** What a tick would do: the sweeper's hints come to the step runners. */
  private static void tick() {
    List<Outgoing> hints = new ArrayList<>();
    try (Hints collecting = new Collecting(hints)) {
      new Sweeper(new Sweeps(stack.database.engine()), collecting).sweep();
    }
    stack.hand(hints);
    stack.settle();
  }

  private record Collecting(List<Outgoing> hints) implements Hints {
    @Override
    public int send(List<Outgoing> outgoing) {
      hints.addAll(outgoing);
      return outgoing.size();
    }

    @Override
    public void close() {}
  }

  private static void untilIt(String order, String status) {
    Awaitility.await()
        .until(
            () -> {
              tick();
              return status.equals(get("/executions/bulk/" + order).get("status"));
            });
  }

  @Test
  void a_dry_run_only_counts() {
    List<String> ids = failed("dry", 3);
    Answer answer =
        post(
            "/executions/bulk",
            "{\"action\": \"retry\", \"query\": {\"flow\": \"dry\"}, \"dry_run\": true}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json()).containsEntry("matched", 3L);
    for (String id : ids) {
      assertThat(get("/executions/" + id)).containsEntry("status", "failed");
    }
  }

  @Test
  void a_canary_comes_first_and_the_rest_when_somebody_has_looked() {
    List<String> ids = failed("birds", 5);
    Answer answer =
        post(
            "/executions/bulk",
            "{\"action\": \"retry\", \"query\": {\"flow\": \"birds\"}, \"canary\": 2, \"rate\":"
                + " 100}",
            "idempotency-key",
            "birds-1");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    String order = (String) answer.json().get("id");
    untilIt(order, "canary");
    assertThat(get("/executions/bulk/" + order))
        .containsEntry("done", 2L)
        .containsEntry("matched", 5L)
        .containsEntry("refused", 0L);
    assertThat(ids.stream().filter(id -> get("/executions/" + id).get("status").equals("waiting")))
        .containsExactlyInAnyOrder(ids.get(3), ids.get(4));

    assertThat(post("/executions/bulk/" + order + "/continue", null).status()).isEqualTo(202);
    untilIt(order, "completed");

    assertThat(get("/executions/bulk/" + order)).containsEntry("done", 5L);
    for (String id : ids) {
      assertThat(get("/executions/" + id)).containsEntry("status", "waiting");
    }
    assertThat(post("/executions/bulk/" + order + "/stop", null).status()).isEqualTo(409);
    assertThat(
            post(
                    "/executions/bulk",
                    "{\"action\": \"retry\", \"query\": {\"flow\": \"birds\"}, \"canary\": 2,"
                        + " \"rate\": 100}",
                    "idempotency-key",
                    "birds-1")
                .json())
        .containsEntry("id", order);
  }

  @Test
  void a_rerun_starts_each_once_and_a_cancel_tells_what_it_could_not_do() {
    List<String> ids = failed("again", 3);
    String rerun =
        (String)
            post("/executions/bulk", "{\"action\": \"rerun\", \"query\": {\"flow\": \"again\"}}")
                .json()
                .get("id");
    untilIt(rerun, "completed");
    assertThat(stack.count("executions where flow = 'again'")).isEqualTo(6);
    String cancel =
        (String)
            post(
                    "/executions/bulk",
                    "{\"action\": \"cancel\", \"query\": {\"flow\": \"again\", \"status\":"
                        + " [\"waiting\", \"failed\"]}}")
                .json()
                .get("id");
    untilIt(cancel, "completed");
    assertThat(get("/executions/bulk/" + cancel))
        .containsEntry("done", 3L)
        .containsEntry("refused", 3L);
    for (String id : ids) {
      assertThat(get("/executions/" + id)).containsEntry("status", "failed");
    }
  }

  @Test
  void what_is_wrong_is_told_and_nothing_is_ordered() {
    long before = stack.count("bulk_orders");
    assertThat(post("/executions/bulk", "{}").status()).isEqualTo(400);
    assertThat(post("/executions/bulk", "{\"action\": \"retri\", \"query\": {}}").body())
        .contains("retry");
    assertThat(
            post("/executions/bulk", "{\"action\": \"retry\", \"query\": {\"flov\": \"x\"}}")
                .body())
        .contains("unknown_field", "flow");
    assertThat(
            post("/executions/bulk", "{\"action\": \"retry\", \"query\": {}, \"rate\": 1000}")
                .status())
        .isEqualTo(400);
    assertThat(
            stack
                .call(
                    stack.token("flow:execute:other"),
                    "POST",
                    "/executions/bulk",
                    "{\"action\": \"retry\", \"query\": {}}")
                .status())
        .isEqualTo(403);
    assertThat(stack.count("bulk_orders")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'query': {'flow': null}",
        "'query': {'version': null}",
        "'query': {'status': null}",
        "'query': {'status': [null]}",
        "'query': {'from': null}",
        "'query': {'to': '+1000000000-01-01T00:00:00Z'}",
        "'query': {'search': null}",
        "'query': {'search': {'n': 1}}",
        "'query': {}, 'canary': null",
        "'query': {}, 'rate': null",
        "'query': {}, 'dry_run': null",
        "'query': null"
      })
  void a_query_that_says_something_else_than_it_may_is_refused(String fields) {
    long before = stack.count("bulk_orders");
    String body = "{'action': 'retry', " + fields + "}";
    Answer answer = post("/executions/bulk", body.replace('\'', '"'));
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(stack.count("bulk_orders")).isEqualTo(before);
  }

  @Test
  void a_key_gives_the_order_of_before_and_none_for_another_wish() {
    String body = "{\"action\": \"retry\", \"query\": {\"flow\": \"nowhere\"}}";
    Answer first = post("/executions/bulk", body, "idempotency-key", "night");
    Answer again = post("/executions/bulk", body, "idempotency-key", "night");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json()).containsEntry("id", first.json().get("id"));
    Answer other =
        post("/executions/bulk", body.replace("retry", "cancel"), "idempotency-key", "night");
    assertThat(other.status()).as(other.body()).isEqualTo(422);
    assertThat(stack.count("bulk_orders where key = 'night'")).isEqualTo(1);
  }
}
