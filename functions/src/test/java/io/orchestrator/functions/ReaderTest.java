package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import io.orchestrator.testing.TestDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * With a database to read from beside the one to write to: one that refuses every change, and is so
 * far behind that it has nothing.
 */
class ReaderTest {
  private static final String STEPS = "\nsteps:\n  - w: {await: {callback: true, timeout: 1h}}\n";
  private static TestStack stack;
  private static TestDatabase behind;
  private static ApiFunction api;

  @BeforeAll
  static void open() throws Exception {
    stack = new TestStack();
    behind = TestDatabase.create();
    Map<String, String> environment = new HashMap<>(stack.environment);
    environment.put(
        "DATABASE_READER_URL", behind.url() + "?options=-c%20default_transaction_read_only=on");
    api = new ApiFunction(environment);
  }

  @AfterAll
  static void close() {
    api.close();
    stack.close();
    behind.close();
  }

  private static Answer call(String method, String path, String body, String... headers) {
    return TestStack.callOn(api, stack.admin(), method, path, body, headers);
  }

  /** What a client has changed, and it is answered so. */
  private static Answer changed(String method, String path, String body, String... headers) {
    Answer answer = call(method, path, body, headers);
    assertThat(answer.status()).as(method + " " + path + ": " + answer.body()).isBetween(200, 204);
    return answer;
  }

  private static Map<String, Object> shown(String path) {
    Answer answer = call("GET", path, null);
    assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static Answer published(String name) {
    return changed("POST", "/flows", "flow: " + name + STEPS, "content-type", "application/yaml");
  }

  @Test
  void what_a_client_makes_it_finds_at_once() {
    String adapter = "{\"adapter\": \"own\", \"type\": \"sandbox\", \"actions\": {\"a\": {}}}";
    changed("PUT", "/adapters/own", adapter);
    shown("/adapters/own");
    changed("PUT", "/steps/greet", "{\"set\": {\"a\": 1}}");
    shown("/steps/greet");
    changed("DELETE", "/steps/greet", null, "if-match", "*");
    String template =
        "{\"template\": \"desk\", \"flow\": {\"steps\": [{\"a\": {\"set\": {\"x\": 1}}}]}}";
    changed("PUT", "/templates/desk", template);
    changed("POST", "/templates/desk/instantiate", "{\"name\": \"made\"}");
    shown("/flows/made");
    published("kept");
    String next = "flow: kept\ntitle: Next" + STEPS;
    changed("PUT", "/flows/kept", next, "if-match", "*", "content-type", "application/yaml");
    changed("POST", "/flows/kept/rollback", null);
    assertThat(shown("/flows/kept").get("version")).isEqualTo("1.0.0");
    changed("POST", "/flows/kept/clone", "{\"name\": \"again\"}");
    changed("DELETE", "/flows/again", null, "if-match", "*");
  }

  @Test
  void an_execution_is_shown_and_steered_as_it_is_now() {
    published("steered");
    Answer started = changed("POST", "/flows/steered/execute", "{}");
    String path = "/executions/" + started.json().get("id");
    stack.settle();
    assertThat(shown(path)).containsEntry("status", "waiting");
    assertThat((List<?>) shown(path + "/history").get("items")).isNotEmpty();
    assertThat(call("GET", path + "/events?wait=100ms", null).body()).contains("execution_started");
    changed("POST", path + "/pause", "{}");
    changed("POST", path + "/resume", "{}");
    changed("POST", path + "/cancel", "{}");
    assertThat(shown(path)).containsEntry("status", "cancelled");
    Answer order = changed("POST", "/executions/bulk", "{\"action\": \"rerun\", \"query\": {}}");
    shown("/executions/bulk/" + order.json().get("id"));
    assertThat(shown("/audit/verify")).containsEntry("valid", true);
  }

  @Test
  void lists_searches_and_figures_come_from_the_reader() {
    published("unseen");
    changed("POST", "/flows/unseen/execute", "{}");
    Stream.of("/flows", "/flows?q=unseen", "/executions", "/executions/failures", "/audit")
        .forEach(path -> assertThat((List<?>) shown(path).get("items")).as(path).isEmpty());
    assertThat(Template.map(shown("/flows/unseen/analytics").get("executions")))
        .containsEntry("total", 0L);
    Map<String, String> environment = new HashMap<>(stack.environment);
    environment.put("DATABASE_URL", behind.url());
    try (ApiFunction elsewhere = new ApiFunction(environment)) {
      String flow = "flow: replicated" + STEPS;
      TestStack.callOn(
          elsewhere, stack.admin(), "POST", "/flows", flow, "content-type", "application/yaml");
    }
    assertThat(shown("/flows").get("items").toString()).contains("replicated");
  }
}
