package io.orchestrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import io.orchestrator.flow.FlowTest;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DryRunTest {
  private static final Stage STAGE =
      Rehearsed.stage(
          """
          flow: pay
          steps:
            - look: {adapter: bank, action: balance, params: {who: $input.who}}
            - decide:
                if: $look.amount > 10
                then:
                  - pay: {adapter: bank, params: {amount: $look.amount}}
                else:
                  - mail: {adapter: send_email, params: {text: "Sorry, ${ $input.who }"}}
          """);

  private static Map<String, Object> run(String body) {
    Problems problems = new Problems();
    FlowTest script = DryRun.script(STAGE, Json.read(body), problems);
    assertThat(problems.errors()).isEmpty();
    return DryRun.of(STAGE, script, Duration.ofMinutes(1));
  }

  @Test
  void it_gives_the_path_and_every_parameter() {
    Map<String, Object> run =
        run("{\"input\": {\"who\": \"Ada\"}, \"mocks\": {\"look\": {\"amount\": 12}}}");
    assertThat(run).containsEntry("status", "completed");
    assertThat(run).containsEntry("path", List.of("look", "decide/pay"));
    assertThat(run).containsEntry("unknown", List.of("decide/pay"));
    List<?> calls = (List<?>) run.get("calls");
    assertThat(calls)
        .extracting("adapter", "action", "params", "answer")
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("bank", "balance", Map.of("who", "Ada"), "mock"),
            org.assertj.core.groups.Tuple.tuple(
                "bank", "transfer", Map.of("amount", 12L), "unknown"));
  }

  @Test
  void what_nobody_answers_is_null_and_a_sandbox_is_nobody() {
    Map<String, Object> run = run("{\"input\": {\"who\": \"Ada\"}}");
    assertThat(run).containsEntry("status", "failed");
    assertThat(run).containsEntry("unknown", List.of("look"));
    assertThat(Json.write(run.get("error"))).contains("expression");
  }

  @Test
  void a_mock_of_nothing_is_told() {
    Problems problems = new Problems();
    assertThat(DryRun.script(STAGE, Json.read("{\"mocks\": {\"lok\": 1}}"), problems)).isNull();
    assertThat(problems.errors())
        .extracting(Problem::path, Problem::hint)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("/mocks/lok", "did you mean 'look'?"));
  }
}
