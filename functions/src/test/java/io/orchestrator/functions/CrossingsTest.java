package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signals, events, decisions and other flows, by the functions that take them. */
class CrossingsTest {
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Map<String, Object> execution(String id) {
    return stack.call(stack.admin(), "GET", "/executions/" + id, null).json();
  }

  private static Map<String, Object> ended(String id) {
    stack.settle();
    Map<String, Object> execution = execution(id);
    assertThat(execution).as(execution.toString()).containsEntry("status", "completed");
    return execution;
  }

  private static Map<String, Object> waiting(String id) {
    stack.settle();
    Map<String, Object> execution = execution(id);
    assertThat(execution).as(execution.toString()).containsEntry("status", "waiting");
    return Template.map(((List<?>) execution.get("waiting_for")).getFirst());
  }

  private static List<Map<String, Object>> executions(String flow) {
    List<?> items =
        (List<?>)
            stack.call(stack.admin(), "GET", "/executions?flow=" + flow, null).json().get("items");
    return items.stream().map(Template::map).toList();
  }

  private static Answer post(String path, String body, String... headers) {
    return stack.call(stack.admin(), "POST", path, body, headers);
  }

  private static <T> List<T> together(int times, Callable<T> work) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        futures.add(threads.submit(work));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  // -- signals

  @Test
  void a_signal_wakes_the_step_that_waits_for_it() {
    stack.publish("flow: sig\nsteps:\n  - go: {await: {signal: ready}}\n  - set: {got: $go.n}\n");
    String id = stack.execute("sig", "{}");
    assertThat(waiting(id)).containsEntry("kind", "signal").containsEntry("signal", "ready");
    Answer sent = post("/executions/" + id + "/signals/ready", "{\"n\": 7}");
    assertThat(sent.status()).as(sent.body()).isEqualTo(202);
    assertThat(ended(id)).containsEntry("output", Map.of("got", 7L));
    assertThat(post("/executions/" + id + "/signals/ready", "{\"n\": 7}").status()).isEqualTo(410);
  }

  @Test
  void an_early_signal_is_kept_and_each_is_taken_once() {
    stack.publish(
        "flow: sig-early\nsteps:\n  - first: {await: {signal: a}}\n"
            + "  - gate: {await: {signal: b}}\n  - second: {await: {signal: a}}\n"
            + "output: [$first, $second]\n");
    String id = stack.execute("sig-early", "{}");
    for (String body : List.of("1", "2")) {
      assertThat(post("/executions/" + id + "/signals/a", body).status()).isEqualTo(202);
    }
    assertThat(waiting(id)).containsEntry("signal", "b");
    assertThat(post("/executions/" + id + "/signals/b", null).status()).isEqualTo(202);
    assertThat(ended(id)).containsEntry("output", List.of(1L, 2L));
  }

  @Test
  void ten_equal_signals_at_once_are_one() throws Exception {
    stack.publish(
        "flow: sig-equal\nsteps:\n  - one: {await: {signal: s}}\n"
            + "  - two: {await: {signal: s}}\n");
    String id = stack.execute("sig-equal", "{}");
    waiting(id);
    List<Answer> answers =
        together(
            10,
            () -> post("/executions/" + id + "/signals/s", "{\"x\": 1}", "idempotency-key", "k1"));
    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(202));
    assertThat(waiting(id)).containsEntry("step", "two");
    Answer other = post("/executions/" + id + "/signals/s", "5", "idempotency-key", "k1");
    assertThat(other.status()).isEqualTo(422);
    assertThat(post("/executions/" + id + "/signals/s", "5").status()).isEqualTo(202);
    ended(id);
  }

  @Test
  void a_signal_that_nobody_can_wait_for_is_refused() {
    stack.publish("flow: sig-none\nsteps:\n  - go: {await: {signal: ready}}\n");
    String id = stack.execute("sig-none", "{}");
    waiting(id);
    assertThat(post("/executions/" + id + "/signals/redy", "{}").status()).isEqualTo(404);
    assertThat(
            post("/executions/00000000-0000-7000-8000-000000000000/signals/ready", "{}").status())
        .isEqualTo(404);
    String other = stack.issuer.token("umbrella", "flow:admin");
    assertThat(stack.call(other, "POST", "/executions/" + id + "/signals/ready", "{}").status())
        .isEqualTo(404);
    assertThat(
            stack
                .call(
                    stack.token("flow:read"), "POST", "/executions/" + id + "/signals/ready", "{}")
                .status())
        .isEqualTo(403);
    assertThat(post("/executions/" + id + "/cancel", "{}").status()).isEqualTo(202);
    assertThat(post("/executions/" + id + "/signals/ready", "{}").status()).isEqualTo(410);
  }

  // -- events

  @Test
  void an_event_wakes_every_wait_with_its_key_whose_match_holds() {
    stack.publish(
        "flow: paid\nsteps:\n  - pay:\n      await: {event: payment.received, key: $input.order,"
            + " match: $event.data.amount >= $input.least}\n");
    String small = stack.execute("paid", "{\"input\": {\"order\": \"o1\", \"least\": 10}}");
    String large = stack.execute("paid", "{\"input\": {\"order\": \"o1\", \"least\": 1000}}");
    String other = stack.execute("paid", "{\"input\": {\"order\": \"o2\", \"least\": 1}}");
    assertThat(waiting(small)).containsEntry("kind", "event").containsEntry("key", "o1");
    waiting(large);
    waiting(other);
    Answer sent =
        post(
            "/events",
            "{\"type\": \"payment.received\", \"key\": \"o1\", \"data\": {\"amount\": 50}}");
    assertThat(sent.status()).as(sent.body()).isEqualTo(202);
    assertThat(ended(small)).containsEntry("output", Map.of("amount", 50L));
    waiting(large);
    waiting(other);
  }

  @Test
  void an_early_event_is_taken_once_and_the_same_event_twice_is_one() {
    stack.publish(
        "flow: early\nsteps:\n  - gate: {await: {signal: go}}\n"
            + "  - one: {await: {event: shipped, key: $input, buffer: 1h}}\n"
            + "  - two: {await: {event: shipped, key: $input, buffer: 1h}}\n"
            + "output: [$one, $two]\n");
    String id = stack.execute("early", "{\"input\": \"p1\"}");
    waiting(id);
    String body = "{\"type\": \"shipped\", \"key\": \"p1\", \"data\": 1}";
    Answer first = post("/events", body, "idempotency-key", "s1");
    Answer again = post("/events", body, "idempotency-key", "s1");
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(post("/events", "{\"type\": \"other\"}", "idempotency-key", "s1").status())
        .isEqualTo(422);
    stack.settle();
    post("/executions/" + id + "/signals/go", null);
    assertThat(waiting(id)).containsEntry("step", "two");
    post("/events", body.replace("1}", "2}"));
    assertThat(ended(id)).containsEntry("output", List.of(1L, 2L));
  }

  @Test
  void ten_equal_events_at_once_resume_once() throws Exception {
    stack.publish(
        "flow: ten\nsteps:\n  - one: {await: {event: tick, key: \"'t'\"}}\n"
            + "  - two: {await: {event: tick, key: \"'t'\"}}\n");
    stack.execute("ten", "{}");
    stack.settle();
    together(
        10, () -> post("/events", "{\"type\": \"tick\", \"key\": \"t\"}", "idempotency-key", "t1"));
    stack.settle();
    String id = (String) executions("ten").getFirst().get("id");
    assertThat(waiting(id)).containsEntry("step", "two");
  }

  @Test
  void an_emitted_event_starts_flows_once_each_and_wakes_waits() {
    stack.publish(
        "flow: on-order\n"
            + "triggers:\n"
            + "  - event: {type: order.imported, filter: $event.data.total > 0, input:"
            + " $event.data}\n"
            + "steps:\n"
            + "  - set: {total: $input.total}\n");
    stack.publish(
        "flow: importer\nsteps:\n"
            + "  - emit: {type: order.imported, key: $input.id, data: {total: $input.total}}\n");
    String big = stack.execute("importer", "{\"input\": {\"id\": \"x\", \"total\": 5}}");
    String none = stack.execute("importer", "{\"input\": {\"id\": \"y\", \"total\": 0}}");
    ended(big);
    ended(none);
    List<Map<String, Object>> started = executions("on-order");
    assertThat(started).hasSize(1);
    assertThat(ended((String) started.getFirst().get("id")))
        .containsEntry("output", Map.of("total", 5L));
  }

  @Test
  void a_bad_event_is_refused() {
    assertThat(post("/events", "{\"key\": \"x\"}").status()).isEqualTo(400);
    assertThat(post("/events", "{\"type\": \"$ended\"}").status()).isEqualTo(400);
    assertThat(post("/events", "{\"type\": \"approval.requested\"}").status()).isEqualTo(400);
    assertThat(post("/events", "{\"type\": \"a\", \"key\": [1]}").status()).isEqualTo(400);
    assertThat(stack.call(null, "POST", "/events", "{\"type\": \"a\"}").status()).isEqualTo(401);
    assertThat(
            stack
                .call(stack.token("flow:execute:support-*"), "POST", "/events", "{\"type\": \"a\"}")
                .status())
        .isEqualTo(403);
  }

  // -- other flows

  @Test
  void a_flow_runs_another_one_and_gets_its_output() {
    stack.publish("flow: child\nsteps:\n  - set: {doubled: $input.n * 2}\n");
    stack.publish(
        "flow: parent\nsteps:\n  - sub: {flow: child@^1.0, input: {n: $input.n}}\n"
            + "output: $sub.doubled\n");
    String id = stack.execute("parent", "{\"input\": {\"n\": 21}}");
    assertThat(ended(id)).containsEntry("output", 42L);
    assertThat(executions("child")).hasSize(1);
  }

  @Test
  void a_failing_child_fails_the_step_with_its_type() {
    stack.publish("flow: broken\nsteps:\n  - raise: {type: out_of_stock, message: none left}\n");
    stack.publish(
        "flow: careful\n"
            + "steps:\n"
            + "  - broken\n"
            + "on_error:\n"
            + "  steps: [{note: {set: {why: \"${ $error.type }: ${ $error.message }\"}}}]\n"
            + "  then: continue\n"
            + "output: $vars.why\n");
    assertThat(ended(stack.execute("careful", "{}")))
        .containsEntry("output", "out_of_stock: none left");
  }

  @Test
  void a_cancel_reaches_the_children_unless_they_are_left_alone() {
    stack.publish("flow: long\nsteps:\n  - go: {await: {signal: never}}\n");
    stack.publish("flow: boss\nsteps:\n  - sub: {flow: long}\n");
    stack.publish("flow: lax\nsteps:\n  - sub: {flow: long, on_cancel: leave}\n");
    String boss = stack.execute("boss", "{}");
    String cascaded = (String) waiting(boss).get("execution");
    waiting(cascaded);
    post("/executions/" + boss + "/cancel", "{}");
    stack.settle();
    assertThat(execution(cascaded)).containsEntry("status", "cancelled");
    String lax = stack.execute("lax", "{}");
    String left = (String) waiting(lax).get("execution");
    post("/executions/" + lax + "/cancel", "{}");
    waiting(left);
  }

  @Test
  void a_detached_child_goes_its_own_way() {
    stack.publish("flow: own-way\nsteps:\n  - go: {await: {signal: go}}\n");
    stack.publish("flow: starter\nsteps:\n  - sub: {flow: own-way, mode: detach}\n");
    Map<String, Object> parent = ended(stack.execute("starter", "{}"));
    waiting((String) Template.map(parent.get("output")).get("execution"));
  }

  @Test
  void recursion_and_unknown_flows_are_refused_when_a_version_is_published() {
    stack.publish("flow: ra\nsteps:\n  - set: {x: 1}\n");
    stack.publish("flow: rb\nsteps:\n  - sub: {flow: ra}\n");
    for (String text :
        List.of(
            "flow: ra\nsteps:\n  - sub: {flow: rb}\n",
            "flow: ra\nsteps:\n  - sub: {flow: ra}\n",
            "flow: ra\nsteps:\n  - rb\n")) {
      Answer answer =
          stack.call(
              stack.admin(),
              "PUT",
              "/flows/ra",
              text,
              "content-type",
              "application/yaml",
              "if-match",
              "*");
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("recursion");
    }
    for (String range : List.of("nobody", "ra@^7", "ra@1.0.9")) {
      Answer answer =
          stack.call(
              stack.admin(),
              "POST",
              "/flows",
              "flow: seeker\nsteps:\n  - sub: {flow: " + range + "}\n",
              "content-type",
              "application/yaml");
      assertThat(answer.code()).as(range).isEqualTo("unknown_flow");
    }
  }

  @Test
  void the_version_of_a_child_is_frozen_when_its_parent_is_published() {
    stack.publish("flow: frozen\nversion: 1.2.0\nsteps:\n  - set: {v: 1}\n");
    stack.publish("flow: holder\nsteps:\n  - sub: {flow: frozen@^1.2}\n");
    stack.call(
        stack.admin(),
        "PUT",
        "/flows/frozen",
        "flow: frozen\nversion: 1.3.0\nsteps:\n  - set: {v: 2}\n",
        "content-type",
        "application/yaml",
        "if-match",
        "*");
    assertThat(ended(stack.execute("holder", "{}"))).containsEntry("output", Map.of("v", 1L));
  }

  @Test
  void the_end_of_a_flow_starts_another_once() {
    stack.publish("flow: intake\nsteps:\n  - set: {n: 3}\n");
    stack.publish(
        "flow: after-intake\ntriggers:\n  - completed: {flow: intake, status: [completed],"
            + " input: $event.output}\nsteps:\n  - set: {n: $input.n}\n");
    ended(stack.execute("intake", "{}"));
    assertThat(executions("after-intake")).hasSize(1);
    assertThat(ended((String) executions("after-intake").getFirst().get("id")))
        .containsEntry("output", Map.of("n", 3L));
  }

  // -- the examples

  @Test
  void an_order_goes_by_a_decision_an_invoice_and_a_signal_to_its_parcel() throws Exception {
    for (String example : List.of("approval-mail", "invoice-customer", "order-fulfilment")) {
      stack.publish(example(example));
    }
    String id =
        stack.execute(
            "order-fulfilment",
            "{\"input\": {\"order\": \"o-7\", \"customer\": \"a@b.c\", \"total\": 2000}}");
    assertThat(waiting(id)).containsEntry("kind", "approval");
    assertThat(executions("approval-mail")).hasSize(1);
    ended((String) executions("approval-mail").getFirst().get("id"));
    String seller = stack.issuer.token("acme", "sue", List.of("sales"), "flow:execute");
    List<?> inbox = (List<?>) stack.call(seller, "GET", "/approvals", null).json().get("items");
    String approval =
        inbox.stream()
            .map(Template::map)
            .filter(item -> id.equals(item.get("execution")))
            .map(item -> (String) item.get("id"))
            .findFirst()
            .orElseThrow();
    assertThat(
            stack
                .post(
                    false,
                    seller,
                    "/approvals/" + approval,
                    "{\"decision\": \"approve\", \"form\": {}}")
                .status())
        .isEqualTo(200);
    assertThat(waiting(id)).containsEntry("kind", "flow").containsEntry("flow", "invoice-customer");
    post(
        "/events",
        "{\"type\": \"payment.received\", \"key\": \"o-7\", \"data\": {\"amount\": 2000}}");
    assertThat(waiting(id)).containsEntry("kind", "signal");
    post("/executions/" + id + "/signals/packed", "{\"parcel\": \"P1\"}");
    assertThat(ended(id))
        .containsEntry("output", Map.of("order", "o-7", "status", "sent", "parcel", "P1"));
  }

  private static String example(String name) throws java.io.IOException {
    java.nio.file.Path here = java.nio.file.Path.of("").toAbsolutePath();
    while (!java.nio.file.Files.isDirectory(here.resolve("examples"))) {
      here = here.getParent();
    }
    return java.nio.file.Files.readString(
        here.resolve("examples").resolve(name).resolve("flow.yaml"));
  }
}
