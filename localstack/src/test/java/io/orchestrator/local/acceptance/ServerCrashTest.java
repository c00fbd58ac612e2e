package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.local.StackOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Redis or PostgreSQL dies while executions are under way: nothing is lost, and the functions live
 * on.
 */
class ServerCrashTest {
  private static final int EXECUTIONS = 50;
  private static final Duration ALL_ENDED_MAX = Duration.ofSeconds(60);

  private EmbeddedTarget target;
  private Service service;
  private Api api;

  @BeforeEach
  void start(@TempDir Path folder) {
    target = new EmbeddedTarget(StackOptions.of(Project.template(), folder).onPort(0));
    service = new Service(call -> new Service.Answer(200, "{\"ok\": true}"));
    api = Api.of(target, "under-way");
    api.adapter("work", service.adapter("work", "first", "last"));
    api.publish(
        """
        flow: under-way
        input: {number: integer}
        steps:
          - first: {adapter: work, action: first, params: {number: $input.number}}
          - nap: {adapter: sandbox, params: {$sandbox: {delay: 700ms}}}
          - last: {adapter: work, action: last, params: {number: $input.number}}
        output: {number: $input.number}
        """);
  }

  @AfterEach
  void stop() {
    api.close();
    service.close();
    target.close();
  }

  private List<String> begin() {
    List<String> ids =
        IntStream.range(0, EXECUTIONS)
            .mapToObj(i -> api.start("under-way", "{\"number\": " + i + "}"))
            .toList();
    await().atMost(Duration.ofSeconds(20)).until(() -> service.calls().size() >= EXECUTIONS / 5);
    assertThat(service.calls()).as("some are still under way").hasSizeLessThan(2 * EXECUTIONS);
    return ids;
  }

  private void allEndWell(List<String> ids) {
    await()
        .atMost(ALL_ENDED_MAX)
        .ignoreExceptions()
        .until(
            () -> ids.stream().allMatch(id -> api.execution(id).get("status").equals("completed")));
    for (int i = 0; i < ids.size(); i++) {
      assertThat(api.execution(ids.get(i))).containsEntry("output", Map.of("number", (long) i));
      List<Map<String, Object>> history = api.history(ids.get(i));
      assertThat(history)
          .extracting(line -> line.get("revision"))
          .isEqualTo(IntStream.rangeClosed(1, history.size()).mapToObj(Long::valueOf).toList());
      assertThat(
              history.stream()
                  .filter(line -> line.get("event").equals("step_completed"))
                  .collect(Collectors.groupingBy(line -> line.get("step"), Collectors.counting())))
          .isEqualTo(Map.of("first", 1L, "nap", 1L, "last", 1L));
    }
    assertThat(
            service.calls().stream()
                .map(call -> call.path() + call.body().get("number"))
                .distinct())
        .hasSize(2 * EXECUTIONS);
    assertThat(service.calls().stream().map(Service.Call::key).distinct())
        .as("one key a call")
        .hasSize(2 * EXECUTIONS);
  }

  @Test
  void redis_killed_in_mid_run_costs_nothing() {
    List<String> ids = begin();
    assertThat(ProcessHandle.of(target.stack().redis().pid()).orElseThrow().destroyForcibly())
        .isTrue();
    allEndWell(ids);
    assertThat(service.calls()).as("no call was made twice").hasSize(2 * EXECUTIONS);
    api.ended(api.start("under-way", "{\"number\": 1000}"));
  }

  @Test
  void postgresql_stopped_as_by_a_crash_and_started_again_loses_nothing() {
    List<String> ids = begin();
    target.stack().postgres().stop("immediate");
    target.stack().postgres().start();
    allEndWell(ids);
    Map<String, Object> next = api.ended(api.start("under-way", "{\"number\": 1000}"));
    assertThat(next).containsEntry("status", "completed");
  }
}
