package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.orchestrator.functions.TestStack.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The registry of adapters over the API, and calls without a flow, against a service that is real.
 */
class AdaptersTest {
  private static final String DOCUMENT =
      """
      {"openapi": "3.1.0", "paths": {
        "/customers/{id}": {"get": {"operationId": "getCustomer",
          "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
          "responses": {"200": {"description": "x", "content": {"application/json": {"schema":
            {"type": "object", "properties": {"name": {"type": "string"}}}}}}}}},
        "/files": {"post": {"operationId": "upload", "requestBody": {"content": {"text/csv": {}}},
          "responses": {}}}}}
      """;

  private static TestStack stack;
  private static Partner crm;

  @BeforeAll
  static void start() throws Exception {
    crm =
        new Partner(
            call ->
                switch (call.path()) {
                  case "/api/customers/c-7" -> new Partner.Answer(200, "{\"name\": \"Ann\"}");
                  case "/openapi.json" -> new Partner.Answer(200, DOCUMENT);
                  case "/api/echo" ->
                      new Partner.Answer(
                          200, "{\"sent\": \"" + call.headers().get("authorization") + "\"}");
                  default -> new Partner.Answer(404, "{\"error\": \"no such customer\"}");
                });
    stack =
        new TestStack(
            Map.of(
                "EGRESS_ALLOW", "127.0.0.0/8",
                "ENVIRONMENT", "test",
                "ORCHESTRATOR_SECRET_CRM_TOKEN", "token-of-the-crm"));
  }

  @AfterAll
  static void stop() {
    stack.close();
    crm.close();
  }

  private static Answer put(String name, String yaml, String... headers) {
    List<String> all = new java.util.ArrayList<>(List.of("content-type", "application/yaml"));
    all.addAll(List.of(headers));
    return stack.call(stack.admin(), "PUT", "/adapters/" + name, yaml, all.toArray(String[]::new));
  }

  private static Answer get(String path, String... headers) {
    return stack.call(stack.token("flow:read"), "GET", path, null, headers);
  }

  private static Answer call(String name, String body) {
    return stack.call(stack.admin(), "POST", "/adapters/" + name + "/call", body);
  }

  private static Answer ok(Answer answer, int status) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    return answer;
  }

  private static List<Map<String, Object>> list(Answer answer, String field) {
    return ((List<?>) answer.json().get(field)).stream().map(Template::map).toList();
  }

  private static String crm(String name) {
    return crm.adapter(
        name,
        """
        find: {method: GET, path: "/customers/{id}", input: {id: string}, output: {who: $response.body.name},
          errors: [{when: $response.status == 404, type: nobody}]}
        echo: {method: GET, path: /echo}
        """);
  }

  @Test
  void an_adapter_is_tried_without_a_flow() {
    ok(put("tried", crm("tried") + "auth: {bearer: {secret: crm_token}}\n"), 201);
    Answer found = ok(call("tried", "{\"action\": \"find\", \"params\": {\"id\": \"c-7\"}}"), 200);
    assertThat(found.json())
        .containsEntry("status", "done")
        .containsEntry("result", Map.of("who", "Ann"))
        .containsEntry("served_by", "tried")
        .containsEntry("error", null);
    Answer nobody = ok(call("tried", "{\"action\": \"find\", \"params\": {\"id\": \"x\"}}"), 200);
    assertThat(nobody.json()).containsEntry("status", "failed").containsEntry("result", null);
    assertThat(Template.map(nobody.json().get("error")))
        .containsEntry("type", "tried.nobody")
        .containsEntry("status", 404L)
        .containsEntry("data", Map.of("error", "no such customer"));
    assertThat(ok(call("tried", "{\"action\": \"echo\"}"), 200).json())
        .containsEntry("result", Map.of("sent", "Bearer ***"));
    List<Map<String, Object>> told =
        list(
            stack.call(stack.admin(), "GET", "/audit?object=adapter:tried&limit=100", null),
            "items");
    assertThat(told)
        .extracting(line -> line.get("action"), line -> line.get("outcome"))
        .containsExactlyInAnyOrder(
            tuple("adapter.put", "done"),
            tuple("adapter.call", "done"),
            tuple("adapter.call", "done"),
            tuple("adapter.call", "done"));
  }

  @Test
  void a_call_that_cannot_be_made_is_refused_in_the_one_shape_of_errors() {
    ok(put("strict", crm("strict")), 201);
    int before = crm.calls().size();
    Answer wrong = ok(call("strict", "{\"action\": \"find\", \"params\": {\"id\": 7}}"), 400);
    assertThat(list(wrong, "errors"))
        .extracting(error -> error.get("code"), error -> error.get("path"))
        .containsExactly(tuple("bad_params", "/params/id"));
    assertThat(ok(call("strict", "{\"action\": \"fnid\"}"), 400).body())
        .contains("unknown_action", "did you mean 'find'?");
    assertThat(ok(call("strict", "{}"), 400).code()).isEqualTo("no_default_action");
    assertThat(ok(call("strict", "{\"action\": \"find\", \"params\": []}"), 400).code())
        .isEqualTo("wrong_type");
    assertThat(ok(call("strict", "{\"actoin\": \"find\"}"), 400).code()).isEqualTo("unknown_field");
    ok(call("nowhere", "{\"action\": \"find\"}"), 404);
    assertThat(crm.calls()).hasSize(before);
    Answer reader =
        stack.call(stack.token("flow:read", "flow:execute"), "POST", "/adapters/strict/call", "{}");
    assertThat(ok(reader, 403).json()).containsEntry("permission", "flow:admin");
  }

  @Test
  void every_revision_is_kept_listed_and_shown() {
    ok(put("kept", "adapter: kept\ntype: sandbox\nactions: {one: {}}\n"), 201);
    ok(put("kept", "adapter: kept\ntype: sandbox\nactions: {two: {}}\n", "if-match", "\"1\""), 200);
    ok(delete("kept", "\"2\""), 204);
    ok(get("/adapters/kept"), 404);
    ok(put("kept", "adapter: kept\ntype: sandbox\nactions: {four: {}}\n"), 201);
    Answer first = ok(get("/adapters/kept/revisions?limit=2"), 200);
    assertThat(list(first, "items"))
        .extracting(item -> item.get("revision"), item -> item.get("deleted"))
        .containsExactly(tuple(4L, false), tuple(3L, true));
    Answer rest = get("/adapters/kept/revisions?limit=2&cursor=" + first.json().get("next"));
    assertThat(list(rest, "items"))
        .extracting(item -> item.get("revision"), item -> item.get("updated_by"))
        .containsExactly(tuple(2L, "ann"), tuple(1L, "ann"));
    assertThat(rest.json().get("next")).isNull();
    assertThat(ok(get("/adapters/kept?revision=1"), 200).json())
        .containsEntry("actions", List.of("one"));
    assertThat(get("/adapters/kept?revision=2", "accept", "application/yaml").body())
        .contains("two: {}");
    ok(get("/adapters/kept?revision=3"), 404);
    ok(get("/adapters/kept?revision=9"), 404);
    ok(get("/adapters/kept?revision=x"), 400);
    ok(get("/adapters/nowhere/revisions"), 404);
    ok(
        stack.call(
            stack.issuer.token("globex", "flow:admin"), "GET", "/adapters/kept/revisions", null),
        404);
  }

  private static Answer delete(String name, String match) {
    return match == null
        ? stack.call(stack.admin(), "DELETE", "/adapters/" + name, null)
        : stack.call(stack.admin(), "DELETE", "/adapters/" + name, null, "if-match", match);
  }

  @Test
  void an_adapter_that_somebody_uses_is_not_deleted() {
    ok(put("used", "adapter: used\ntype: sandbox\nactions: {go: {}, stop: {}}\n"), 201);
    ok(put("spare", "adapter: spare\ntype: sandbox\nactions: {go: {}}\n"), 201);
    stack.publish(
        "flow: using\n"
            + "steps:\n"
            + "  - a: {adapter: used, action: go, fallback: [spare]}\n"
            + "  - used.stop\n");
    Answer refused = ok(delete("used", "\"1\""), 409);
    assertThat(refused.json())
        .containsEntry("code", "in_use")
        .containsEntry("used_by", List.of("using"));
    ok(delete("spare", "\"1\""), 409);
    Answer less =
        ok(put("used", "adapter: used\ntype: sandbox\nactions: {go: {}}\n", "if-match", "*"), 200);
    assertThat(list(less, "warnings"))
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning)
                    .containsEntry("message", "the flow 'using' calls used.stop, which is gone")
                    .containsEntry("line", 3L));
    ok(delete("used", null), 428);
    ok(delete("used", "\"1\""), 412);
    ok(
        stack.call(
            stack.admin(),
            "PUT",
            "/flows/using",
            "flow: using\nsteps: [sandbox.echo]\n",
            "content-type",
            "application/yaml",
            "if-match",
            "*"),
        200);
    ok(delete("used", "\"2\""), 204);
    ok(delete("used", "\"3\""), 404);
    ok(put("above", "adapter: above\ntype: sandbox\nfallback: [spare]\nactions: {go: {}}\n"), 201);
    assertThat(ok(delete("spare", "\"1\""), 409).json())
        .containsEntry("used_by_adapters", List.of("above"));
  }

  @Test
  void a_document_is_fetched_when_the_definition_is_put_and_its_actions_are_called() {
    String text =
        """
        adapter: described
        base_url: http://127.0.0.1:%1$d/api
        allow: ["127.0.0.1:%1$d"]
        openapi: http://127.0.0.1:%1$d/openapi.json
        """
            .formatted(crm.port());
    Answer made = ok(put("described", text), 201);
    assertThat(made.json()).containsEntry("actions", List.of("get_customer"));
    assertThat(list(made, "warnings"))
        .singleElement()
        .satisfies(
            warning ->
                assertThat(warning.get("message"))
                    .asString()
                    .contains("upload is left out: it takes no JSON", "line "));
    long fetched = fetched();
    assertThat(
            ok(
                    call(
                        "described",
                        "{\"action\": \"get_customer\", \"params\": {\"id\": \"c-7\"}}"),
                    200)
                .json())
        .containsEntry("result", Map.of("name", "Ann"));
    assertThat(fetched()).as("not at the call").isEqualTo(fetched);
    Answer shown = get("/adapters/described");
    assertThat(Template.map(shown.json().get("definition"))).doesNotContainKey("$openapi");
    assertThat(Template.map(Template.map(shown.json().get("inputs")).get("get_customer")))
        .containsEntry("required", List.of("id"));
    Answer misfit =
        stack.call(
            stack.admin(),
            "POST",
            "/flows/validate",
            "flow: f\nsteps:\n  - a: {adapter: described, action: get_customer, params: {di: x}}\n",
            "content-type",
            "application/yaml");
    assertThat(misfit.body()).contains("bad_params");
    ok(put("described", text.replace("/openapi.json", "/nowhere.json"), "if-match", "*"), 400);
    assertThat(get("/adapters/described").json()).containsEntry("revision", 1L);
  }

  private static long fetched() {
    return crm.calls().stream().filter(call -> call.path().equals("/openapi.json")).count();
  }

  @Test
  void the_deployments_environment_chooses_its_part() {
    String text =
        """
        adapter: placed
        base_url: https://placed.example.com/api
        environments:
          test: {base_url: "http://127.0.0.1:%1$d/api", allow: ["127.0.0.1:%1$d"]}
          prod: {base_url: https://prod.example.com}
        default_action: echo
        actions: {echo: {method: GET, path: /echo}}
        """
            .formatted(crm.port());
    ok(put("placed", text), 201);
    assertThat(ok(call("placed", "{}"), 200).json()).containsEntry("status", "done");
    assertThat(
            list(
                ok(put("placed", text.replace("https://prod.", "ftp://"), "if-match", "*"), 400),
                "errors"))
        .extracting(error -> error.get("path"), error -> error.get("line"))
        .containsExactly(tuple("/environments/prod/base_url", 5L));
  }

  @Test
  void all_mistakes_are_told_at_once_by_line_and_column() {
    Answer wrong =
        ok(
            put(
                "crm",
                """
                adapter: crm
                tilte: CRM
                base_url: https://127.1
                default_action: fidn
                actions:
                  find:
                    methd: GET
                    errors: [{when: $response.status == 404, type: x, retry: true}]
                """),
            400);
    assertThat(list(wrong, "errors"))
        .extracting(
            error -> error.get("path"), error -> error.get("line"), error -> error.get("column"))
        .containsExactly(
            tuple("/tilte", 2L, 1L),
            tuple("/base_url", 3L, 1L),
            tuple("/default_action", 4L, 1L),
            tuple("/actions/find/methd", 7L, 5L),
            tuple("/actions/find/errors/0/retry", 8L, 55L));
    assertThat(wrong.body())
        .contains("did you mean 'title'?", "did you mean 'find'?", "did you mean 'method'?");
  }
}
