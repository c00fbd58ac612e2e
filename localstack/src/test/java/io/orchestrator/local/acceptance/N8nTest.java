package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.expression.Json;
import io.orchestrator.local.StackOptions;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flows that hand work to workflows of a real n8n, and the other way round, on the stack that
 * {@code up} starts: {@code ./mvnw verify -Pn8n}.
 */
@Tag("n8n")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class N8nTest {
  private EmbeddedTarget target;
  private N8n n8n;
  private Api api;
  private Path secrets;

  @BeforeAll
  void start(@TempDir Path data, @TempDir Path home) throws Exception {
    String lacking = N8n.lacking();
    Assumptions.assumeTrue(lacking == null, lacking);
    target = new EmbeddedTarget(StackOptions.of(Project.template(), data).onPort(0));
    String user = target.stack().databaseOwner();
    URI database = URI.create(target.stack().databaseUrl().substring("jdbc:".length()));
    try (Connection connection =
            DriverManager.getConnection(target.stack().databaseUrl(), user, "");
        Statement statement = connection.createStatement()) {
      statement.execute("create database n8n");
    }
    String workflows;
    try (InputStream bundled = N8nTest.class.getResourceAsStream("/n8n/workflows.json")) {
      workflows = new String(bundled.readAllBytes(), StandardCharsets.UTF_8);
    }
    n8n = N8n.start(database.getHost() + ":" + database.getPort(), user, workflows, home);
    secrets = data.resolve("secrets/acme");
    api = Api.of(target, "acme");
    api.adapter(
        "automation",
        """
        adapter: automation
        type: n8n
        base_url: %s
        allow: ["127.0.0.1"]
        """
            .formatted(n8n.url()));
  }

  @AfterAll
  void stop() {
    if (api != null) {
      api.close();
    }
    if (n8n != null) {
      n8n.close();
    }
    if (target != null) {
      target.close();
    }
  }

  private static void has(Map<String, Object> execution, String status) {
    assertThat(execution).as(Json.write(execution)).containsEntry("status", status);
  }

  @Test
  void work_that_is_answered_at_once_is_the_steps_output() {
    api.publish(
        """
        flow: priced
        steps:
          - price:
              adapter: automation
              params: {path: orders/price, body: {amount: $input.amount}, mode: sync}
        output: {total: $price.total, run: $price.run}
        """);
    Map<String, Object> ended = api.ended(api.start("priced", "{\"amount\": 21}"));
    has(ended, "completed");
    Map<String, Object> output = Api.map(ended.get("output"));
    assertThat(output).containsEntry("total", 42L);
    assertThat((String) output.get("run")).isNotEmpty();
  }

  @Test
  void work_that_is_answered_later_holds_no_worker_meanwhile() {
    try (Service listener = new Service(call -> new Service.Answer(200, "{}"))) {
      api.publish(
          """
          flow: approved
          steps:
            - ask:
                adapter: automation
                params: {path: later, body: {who: Ada, tell: $input.tell}, mode: wait}
                await: {callback: true}
                timeout: 30s
          output: {approved: $ask.approved, by: $ask.by}
          """);
      String id = api.start("approved", Json.write(Map.of("tell", listener.url() + "/waiting")));
      await().atMost(Duration.ofSeconds(30)).until(() -> !listener.calls().isEmpty());
      await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> has(api.execution(id), "waiting"));
      assertThat(target.rows("executions where id = '" + id + "' and lease_owner is null"))
          .as("executions that nobody holds")
          .isEqualTo(1);
      String resume = (String) listener.calls().getFirst().body().get("resume");
      // n8n may need a moment after its last node to notice that it waits.
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> n8n.post(resume, "{}").statusCode() == 200);
      Map<String, Object> ended = api.ended(id);
      has(ended, "completed");
      assertThat(ended.get("output")).isEqualTo(Map.of("approved", true, "by", "Ada"));
    }
  }

  @Test
  void an_error_of_a_workflow_is_caught_by_its_name() {
    api.publish(
        """
        flow: reserved
        steps:
          - reserve:
              adapter: automation
              params: {path: refuses, body: {item: lamp}}
              on_error:
                - catch: n8n.out_of_stock
                  steps:
                    - apologise: {set: {said: $error.message, code: $error.type}}
                  then: continue
        output: {said: $vars.said, code: $vars.code}
        """);
    Map<String, Object> ended = api.ended(api.start("reserved", "{}"));
    has(ended, "completed");
    assertThat(ended.get("output"))
        .isEqualTo(
            Map.of(
                "said",
                "n8n answered out_of_stock: none of lamp left",
                "code",
                "n8n.out_of_stock"));
  }

  @Test
  void a_workflow_that_breaks_is_an_error_of_n8n() {
    api.publish(
        """
        flow: broken
        steps:
          - break: {adapter: automation, params: {path: breaks}, retry: {attempts: 1}}
        """);
    Map<String, Object> ended = api.ended(api.start("broken", "{}"));
    has(ended, "failed");
    assertThat(Api.map(ended.get("error")))
        .containsEntry("type", "n8n.500")
        .containsEntry("adapter", "automation");
  }

  @Test
  void an_error_that_is_called_back_is_caught_by_its_name() {
    api.publish(
        """
        flow: sold
        steps:
          - ask:
              adapter: automation
              params: {path: later-fails}
              await: {callback: true}
              timeout: 30s
              on_error:
                - catch: n8n.out_of_stock
                  steps:
                    - apologise: {set: {said: $error.message}}
                  then: continue
        output: $vars.said
        """);
    Map<String, Object> ended = api.ended(api.start("sold", "{}"));
    has(ended, "completed");
    assertThat(ended.get("output")).isEqualTo("sold meanwhile");
  }

  @Test
  void work_that_is_never_answered_ends_by_its_timeout() {
    api.publish(
        """
        flow: unanswered
        steps:
          - ask:
              adapter: automation
              params: {path: never}
              await: {callback: true, timeout: 2s}
              on_error:
                - note: {set: {why: $error.type}}
        """);
    Map<String, Object> ended = api.ended(api.start("unanswered", "{}"));
    has(ended, "failed");
    assertThat(ended).containsEntry("handled", true);
    assertThat(Api.map(ended.get("error"))).containsEntry("type", "timeout");
  }

  @Test
  void a_workflow_starts_a_flow_by_webhook_and_gets_its_result() {
    api.publish(
        """
        flow: greeting
        trigger: webhook.received
        steps:
          - greet: {set: {greeting: "Hello ${ $input.name }"}}
        output: {greeting: $vars.greeting}
        """);
    HttpResponse<String> answer =
        n8n.post(
            "/webhook/starts",
            Json.write(
                Map.of(
                    "hook",
                    target.url() + "/hooks/acme/greeting",
                    "executions",
                    target.url() + "/executions",
                    "token",
                    target.token("acme", "flow:execute", "flow:read"),
                    "name",
                    "n8n")));
    assertThat(answer.statusCode()).as(answer.body() + n8n.log("server.log")).isEqualTo(200);
    assertThat(Json.readStored(answer.body()))
        .isEqualTo(Map.of("status", "completed", "greeting", "Hello n8n"));
  }

  @Test
  void executions_of_workflows_are_looked_at_and_repeated_by_the_public_api() throws Exception {
    Files.createDirectories(secrets);
    Files.write(secrets.resolve("n8n_api_key"), n8n.apiKey().getBytes(StandardCharsets.US_ASCII));
    api.publish(
        """
        flow: watched
        steps:
          - price: {adapter: automation, params: {path: orders/price, body: {amount: 1}}}
          - status: {adapter: automation, action: status, params: {execution_id: $price.run}}
          - again:
              adapter: automation
              action: retry
              params: {execution_id: $price.run}
              on_error:
                - catch: "*"
                  steps:
                    - refused: {set: {refused: $error.status}}
                  then: continue
        output: {status: $status.status, refused: $vars.refused}
        """);
    Map<String, Object> ended = api.ended(api.start("watched", "{}"));
    has(ended, "completed");
    assertThat(Api.map(ended.get("output")))
        .as("a success is not run again: n8n refuses")
        .containsEntry("status", "success");
    assertThat(List.of(400L, 409L)).contains((Long) Api.map(ended.get("output")).get("refused"));
  }
}
