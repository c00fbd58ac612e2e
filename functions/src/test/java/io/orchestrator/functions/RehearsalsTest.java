package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Flow tests, the gate before a publish, and dry runs, over the API. */
class RehearsalsTest {
  private static final String YAML = "application/yaml";
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static String routing(String name, String expected) {
    return """
    flow: %s
    steps:
      - classify: {adapter: ai, params: {text: $input.text}}
      - decide:
          if: $classify.category == 'billing'
          then: [route_to_finance]
          else: [route_to_support]
    tests:
      - name: billing goes to finance
        input: {text: x}
        mocks: {classify: {category: billing}, route_to_finance: {ok: true}}
        expect: {status: completed, path: [classify, %s]}
    """
        .formatted(name, expected);
  }

  private static Answer post(String path, String body) {
    return stack.call(stack.admin(), "POST", path, body);
  }

  private static Answer publish(String path, String text) {
    return stack.call(stack.admin(), "POST", path, text, "content-type", YAML);
  }

  @Test
  void the_tests_of_a_published_flow_run_without_calling_anybody() {
    stack.publish(routing("tested", "route_to_support"));
    long before = stack.count("executions");
    Answer answer = post("/flows/tested/test", null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json())
        .containsEntry("flow", "tested")
        .containsEntry("version", "1.0.0")
        .containsEntry("passed", 0L)
        .containsEntry("failed", 1L);
    Map<String, Object> test = Template.map(((List<?>) answer.json().get("tests")).getFirst());
    Map<String, Object> failure = Template.map(((List<?>) test.get("failures")).getFirst());
    assertThat(failure)
        .containsEntry("expectation", "path")
        .containsEntry("expected", List.of("classify", "route_to_support"))
        .containsEntry("actual", List.of("classify", "route_to_finance"))
        .containsEntry("line", 12L);
    assertThat(stack.count("executions")).isEqualTo(before);
  }

  @Test
  void tests_may_come_with_the_request() {
    stack.publish(routing("tested-else", "route_to_finance"));
    Answer answer =
        post(
            "/flows/tested-else/test",
            "{\"tests\": [{\"mocks\": {\"classify\": {\"category\": \"x\"}}, \"expect\":"
                + " {\"status\": \"completed\", \"never\": [\"route_to_finance\"]}}]}");
    assertThat(answer.json()).containsEntry("passed", 1L).containsEntry("failed", 0L);
    Answer wrong =
        post(
            "/flows/tested-else/test",
            "{\"tests\": [{\"mocks\": {\"clasify\": 1}, \"expect\": {\"status\":"
                + " \"completed\"}}]}");
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.body()).contains("/tests/0/mocks/clasify", "did you mean 'classify'?");
    assertThat(post("/flows/nothing/test", null).status()).isEqualTo(404);
    assertThat(post("/flows/tested-else/test?version=9.9.9", null).status()).isEqualTo(404);
    assertThat(post("/flows/tested-else/test?draft=true", null).status()).isEqualTo(404);
  }

  @Test
  void a_publish_may_require_that_tests_pass() {
    Answer failed = publish("/flows?require_tests=true", routing("gated", "route_to_support"));
    assertThat(failed.status()).as(failed.body()).isEqualTo(422);
    assertThat(failed.json()).containsEntry("code", "tests_failed");
    Map<String, Object> error = Template.map(((List<?>) failed.json().get("errors")).getFirst());
    assertThat(error)
        .containsEntry("code", "test_failed")
        .containsEntry("path", "/tests/0/expect/path/0")
        .containsEntry("line", 12L);
    assertThat(stack.call(stack.admin(), "GET", "/flows/gated", null).status()).isEqualTo(404);

    Answer none = publish("/flows?require_tests=true", "flow: gated\nsteps: [send_email]\n");
    assertThat(none.status()).isEqualTo(422);
    assertThat(none.json()).containsEntry("code", "no_tests");

    Answer good = publish("/flows?require_tests=true", routing("gated", "route_to_finance"));
    assertThat(good.status()).as(good.body()).isEqualTo(201);

    Answer change =
        stack.call(
            stack.admin(),
            "PUT",
            "/flows/gated?require_tests=true",
            routing("gated", "route_to_support"),
            "content-type",
            YAML,
            "if-match",
            "*");
    assertThat(change.status()).isEqualTo(422);
    assertThat(stack.call(stack.admin(), "GET", "/flows/gated", null).json())
        .containsEntry("version", "1.0.0");
  }

  @Test
  void a_dry_run_gives_the_path_and_every_parameter() {
    stack.publish(routing("dry", "route_to_finance"));
    long before = stack.count("executions");
    Answer answer =
        post(
            "/flows/dry/dry-run",
            "{\"input\": {\"text\": \"hello\"}, \"mocks\": {\"classify\": {\"category\":"
                + " \"billing\"}}}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json())
        .containsEntry("status", "completed")
        .containsEntry("path", List.of("classify", "decide/route_to_finance"))
        .containsEntry("unknown", List.of("decide/route_to_finance"));
    Map<String, Object> call = Template.map(((List<?>) answer.json().get("calls")).getFirst());
    assertThat(call)
        .containsEntry("adapter", "ai")
        .containsEntry("params", Map.of("text", "hello"))
        .containsEntry("answer", "mock");
    assertThat(stack.count("executions")).isEqualTo(before);
    assertThat(post("/flows/dry/dry-run", "{\"inputs\": 1}").status()).isEqualTo(400);
    assertThat(post("/flows/dry/dry-run", null).status()).isEqualTo(200);
  }
}
