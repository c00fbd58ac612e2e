package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.execution.Descent;
import io.orchestrator.functions.TestStack.Answer;
import io.orchestrator.queue.Hint;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Flows that are started by events and by the ends of others, one after the other. */
class ChainsTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String HEADER = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void an_event_of_eventbridge_starts_every_flow_that_listens_once() throws Exception {
    listening("first-listener", "event: {type: order.placed, filter: $event.data.total > 3}");
    listening("second-listener", "event: {type: order.placed, input: $event}");
    Map<String, Object> event =
        Map.of(
            "tenant", "acme",
            "type", "order.placed",
            "key", "o-1",
            "data", Map.of("total", 5L),
            "id", "eb-1");
    Map<String, Object> kept = TestStack.stream(stack.trigger, event);
    assertThat(TestStack.stream(stack.trigger, event)).isEqualTo(kept);
    stack.settle();
    assertThat(started("first-listener")).isEqualTo(1);
    assertThat(started("second-listener")).isEqualTo(1);
    assertThat(
            text(
                "select string_agg(t.data::text, '') from transitions t join executions e on e.id ="
                    + " t.execution where e.flow = 'second-listener'"))
        .contains("\"key\":\"o-1\"", "\"type\":\"event\"");
    Map<String, Object> other = new java.util.HashMap<>(event);
    other.put("data", Map.of("total", 6L));
    assertThatThrownBy(() -> TestStack.stream(stack.trigger, other)).hasMessageContaining("eb-1");
    for (Map<String, Object> wrong :
        List.<Map<String, Object>>of(
            Map.of("type", "order.placed"),
            Map.of("tenant", "acme"),
            Map.of("tenant", "acme", "type", "$ended"),
            Map.of("tenant", "acme", "type", "a", "input", Map.of()))) {
      assertThatThrownBy(() -> TestStack.stream(stack.trigger, wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void the_end_of_a_flow_starts_another_once_although_the_process_that_told_it_died()
      throws Exception {
    listening("after", "completed: {flow: before}");
    stack.publish("flow: before\nsteps:\n  - a: {set: {x: 1}}\n");
    String id = stack.execute("before", "{}");
    String row =
        text("select row_to_json(e)::text from buffered_events e where e.key = '" + id + "'");
    assertThat(row).as("the end is told by the commit that ends it").contains("$ended");
    stack.settle();
    assertThat(started("after")).isEqualTo(1);
    assertThat(stack.count("buffered_events where key = '" + id + "'")).isZero();
    // It died before it could say that it was done.
    change(
        "insert into buffered_events select * from json_populate_record(null::buffered_events, '"
            + row
            + "')");
    deliver(text("select id from buffered_events where key = '" + id + "'"));
    stack.settle();
    assertThat(started("after")).isEqualTo(1);
    assertThat(stack.count("buffered_events where key = '" + id + "'")).isZero();
  }

  @Test
  void flows_that_start_each_other_in_a_circle_come_to_an_end() throws Exception {
    String text = "flow: %s\ntriggers: [{completed: {flow: %s}}]\nsteps:\n  - a: {set: {x: 1}}\n";
    stack.publish(text.formatted("ping", "pong"));
    stack.publish(text.formatted("pong", "ping"));
    stack.execute("ping", "{}");
    stack.settle();
    assertThat(started("ping") + started("pong")).isEqualTo(1 + Descent.GENERATIONS_MAX);
  }

  @Test
  void a_flow_that_emits_what_starts_it_comes_to_an_end_also_by_way_of_another() throws Exception {
    stack.publish("flow: echo\nsteps:\n  - emit: {type: call.again, data: {}}\n");
    stack.publish(
        "flow: caller\n"
            + "triggers: [{event: {type: call.again}}]\n"
            + "steps:\n  - sub: {flow: echo}\n");
    stack.execute("caller", "{}");
    stack.settle();
    assertThat(started("caller")).isEqualTo(1 + Descent.GENERATIONS_MAX);
  }

  @Test
  void what_an_event_or_an_end_starts_belongs_to_the_same_trace() throws Exception {
    stack.publish(
        "flow: origin\n"
            + "triggers: [{webhook: {verify: none}}]\n"
            + "steps:\n  - emit: {type: origin.told, data: {}}\n");
    listening("by-event", "event: {type: origin.told}");
    listening("by-end", "completed: {flow: by-event}");
    Answer answer = stack.post(true, null, "/hooks/acme/origin", "{}", "traceparent", HEADER);
    assertThat(answer.status()).isEqualTo(202);
    stack.settle();
    listening("by-posted", "event: {type: posted}");
    Answer posted =
        stack.call(
            stack.admin(), "POST", "/events", "{\"type\": \"posted\"}", "traceparent", HEADER);
    assertThat(posted.status()).isEqualTo(202);
    stack.settle();
    for (String flow : List.of("origin", "by-event", "by-end", "by-posted")) {
      assertThat(text("select traceparent from executions where flow = '" + flow + "'"))
          .as(flow)
          .startsWith("00-" + TRACE + "-");
    }
  }

  // -- helpers

  private static void listening(String flow, String trigger) {
    stack.publish(
        "flow: " + flow + "\ntriggers:\n  - " + trigger + "\nsteps:\n  - a: {set: {in: $input}}\n");
  }

  private static long started(String flow) {
    return stack.count("executions where flow = '" + flow + "'");
  }

  /** Sends the hint for an event, as the sweeper does for one that nobody has delivered. */
  private static void deliver(String event) {
    String message = new Hint("acme", UUID.fromString(event), 0, Hint.Kind.EVENT).json();
    stack.sqs.sendMessage(
        request ->
            request.queueUrl(stack.environment.get("RESUME_QUEUE_URL")).messageBody(message));
  }

  private static String text(String sql) throws SQLException {
    try (Connection connection = stack.database.owner().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).as(sql).isTrue();
      return rows.getString(1);
    }
  }

  private static void change(String sql) throws SQLException {
    try (Connection connection = stack.database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
