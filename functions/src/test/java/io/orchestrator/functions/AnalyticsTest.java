package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.functions.TestStack.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a flow does, over the API, from what the sweeper has counted. */
class AnalyticsTest {
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
    stack.publish(
        """
        flow: measured
        input: {ok: boolean}
        steps:
          - call: {adapter: sandbox, action: echo, params: {x: 1}}
          - check: {assert: $input.ok, message: "not ok"}
        """);
    for (String body : List.of("{\"input\": {\"ok\": true}}", "{\"input\": {\"ok\": false}}")) {
      stack.execute("measured", body);
    }
    stack.execute("measured", "{\"input\": {\"ok\": true}}");
    stack.settle();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Map<String, Object> figures(String query) {
    Answer answer =
        stack.call(stack.token("flow:read"), "GET", "/flows/measured/analytics" + query, null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static Map<String, Object> counted() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              try (SweepFunction sweep = new SweepFunction(stack.environment)) {
                SQSEvent tick = new SQSEvent();
                tick.setRecords(List.of());
                sweep.handleRequest(tick, TestStack.CALLED);
              }
              return Template.map(figures("").get("executions")).get("total").equals(3L);
            });
    return figures("");
  }

  @Test
  void ends_calls_and_failures_are_told() {
    Map<String, Object> figures = counted();
    Map<String, Object> executions = Template.map(figures.get("executions"));
    assertThat(executions.get("by_status")).isEqualTo(Map.of("completed", 2L, "failed", 1L));
    assertThat(executions.get("success_rate")).hasToString("0.6667");
    assertThat(Template.map(executions.get("duration_ms")).keySet())
        .containsExactly("p50", "p95", "p99");
    Map<String, Object> step = Template.map(((List<?>) figures.get("steps")).getFirst());
    assertThat(step)
        .containsEntry("adapter", "sandbox")
        .containsEntry("calls", 3L)
        .containsEntry("failed", 0L)
        .containsEntry("attempts", 3L);
    assertThat(figures.get("retry_rate")).hasToString("0.0000");
    assertThat(((List<?>) figures.get("failures")))
        .hasSize(1)
        .first()
        .satisfies(
            failure ->
                assertThat(Template.map(failure))
                    .containsEntry("step", "check")
                    .containsEntry("count", 1L));
    assertThat(Template.map(((List<?>) figures.get("versions")).getFirst()))
        .containsEntry("version", "1.0.0")
        .containsEntry("total", 3L);
  }

  @Test
  void the_hours_that_are_meant_are_told_and_others_do_not_count() {
    counted();
    Map<String, Object> before =
        figures("?from=2020-01-01T00:30:00Z&to=2020-01-02T00:00:00.000001Z");
    assertThat(before)
        .containsEntry("from", "2020-01-01T00:00:00Z")
        .containsEntry("to", "2020-01-02T01:00:00Z");
    assertThat(Template.map(before.get("executions")))
        .containsEntry("total", 0L)
        .containsEntry("success_rate", null);
    assertThat(before.get("steps")).isEqualTo(List.of());
    Map<String, Object> day = figures("?from=" + Instant.now().minusSeconds(80_000));
    assertThat(Template.map(day.get("executions"))).containsEntry("total", 3L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
        "from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
        "from=soon",
        "to=%2B1000000000-01-01T00:00:00Z",
        "hours=3"
      })
  void a_bad_span_is_refused(String query) {
    Answer answer = stack.call(stack.admin(), "GET", "/flows/measured/analytics?" + query, null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
  }

  @Test
  void only_readers_of_the_flow_see_it_and_no_other_tenant() {
    Answer answer =
        stack.call(stack.token("flow:read:other"), "GET", "/flows/measured/analytics", null);
    assertThat(answer.status()).isEqualTo(403);
    String theirs = stack.issuer.token("rival", "flow:admin");
    assertThat(stack.call(theirs, "GET", "/flows/measured/analytics", null).status())
        .isEqualTo(404);
    assertThat(stack.call(stack.admin(), "GET", "/flows/nothing/analytics", null).status())
        .isEqualTo(404);
  }
}
