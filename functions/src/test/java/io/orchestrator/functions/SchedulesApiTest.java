package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.functions.TestStack.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Schedules from the publication over the sweeper's tick to the execution that they start. */
class SchedulesApiTest {
  private static TestStack stack;

  @BeforeAll
  static void open() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void close() {
    stack.close();
  }

  private static Map<String, Object> get(String token, String path) {
    Answer answer = stack.call(token, "GET", path, null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  @SuppressWarnings("unchecked") // the API's own shape
  private static List<Map<String, Object>> items(String token, String path) {
    return (List<Map<String, Object>>) get(token, path).get("items");
  }

  private static void publish(String flow) {
    stack.publish(
        """
        flow: %s
        triggers:
          - schedule: {cron: 0 0 1 1 *, timezone: Europe/Berlin, overlap: skip, input: {mode: $trigger.type}}
        steps: [{note: {set: {mode: $input.mode}}}]
        output: $vars.mode
        """
            .formatted(flow));
  }

  /** One look of the sweeper, by a process of its own. */
  private static void tick() {
    try (SweepFunction sweeper = new SweepFunction(stack.environment)) {
      SQSEvent tick = new SQSEvent();
      tick.setRecords(new ArrayList<>());
      sweeper.handleRequest(tick, TestStack.CALLED);
    }
  }

  @Test
  void a_tick_starts_what_is_due_once_and_the_api_tells_when() {
    publish("yearly");
    Map<String, Object> before = items(stack.admin(), "/schedules?flow=yearly").getFirst();
    assertThat(before)
        .containsEntry("flow", "yearly")
        .containsEntry("version", "1.0.0")
        .containsEntry("cron", "0 0 1 1 *")
        .containsEntry("timezone", "Europe/Berlin")
        .containsEntry("overlap", "skip")
        .containsEntry("catchup", "none")
        .containsEntry("waiting", 0L)
        .containsEntry("last_at", null);
    assertThat((String) before.get("next_at")).endsWith("-12-31T23:00:00Z");
    stack.database.execute(
        "update schedules set next_at = clock_timestamp() - interval '3 s', due_at ="
            + " clock_timestamp() where flow = 'yearly'");

    tick();
    tick();
    stack.settle();

    List<Map<String, Object>> started = items(stack.admin(), "/executions?flow=yearly");
    assertThat(started).hasSize(1);
    String id = (String) started.getFirst().get("id");
    assertThat(get(stack.admin(), "/executions/" + id))
        .containsEntry("status", "completed")
        .containsEntry("input", Map.of("mode", "schedule"))
        .containsEntry("output", "schedule");
    Map<String, Object> after = items(stack.admin(), "/schedules?flow=yearly").getFirst();
    assertThat(after)
        .containsEntry("last_execution", id)
        .containsEntry("next_at", before.get("next_at"));
    assertThat(get(stack.admin(), "/flows/yearly").get("schedules")).isEqualTo(List.of(after));
  }

  @Test
  void one_sees_the_schedules_of_flows_that_one_may_read() {
    publish("seen-one");
    publish("seen-two");
    publish("unseen");
    String token = stack.token("flow:read:seen-*");
    assertThat(items(token, "/schedules"))
        .extracting(item -> item.get("flow"))
        .containsExactly("seen-one", "seen-two");
    Map<String, Object> page = get(token, "/schedules?limit=1");
    assertThat(items(token, "/schedules?limit=1&cursor=" + page.get("next")))
        .extracting(item -> item.get("flow"))
        .containsExactly("seen-two");
    assertThat(stack.call(token, "GET", "/schedules?flow=unseen", null).status()).isEqualTo(403);
    assertThat(stack.call(token, "GET", "/schedules?cursor=YWJj", null).code())
        .isEqualTo("bad_parameter");
    assertThat(get(stack.admin(), "/flows/" + flowWithout()).get("schedules")).isEqualTo(List.of());
  }

  private static String flowWithout() {
    return stack.publish("flow: without\nsteps: [{a: {set: {x: 1}}}]\n");
  }
}
