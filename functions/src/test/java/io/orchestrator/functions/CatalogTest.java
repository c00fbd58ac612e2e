package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.orchestrator.functions.TestStack.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows over time as a client sees them: found, compared, activated, copied, retired. */
class CatalogTest {
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  static String flow(String name, String rest) {
    return "flow: " + name + "\n" + rest;
  }

  private static String says(String name, String text) {
    return flow(name, "steps:\n  - say: {set: {text: \"" + text + "\"}}\noutput: " + text + "\n");
  }

  private static Answer yaml(String method, String path, String text, String... headers) {
    List<String> all = new ArrayList<>(List.of("content-type", "application/yaml"));
    all.addAll(Arrays.asList(headers));
    return stack.call(stack.admin(), method, path, text, all.toArray(String[]::new));
  }

  private static Answer call(String method, String path, String body, String... headers) {
    return stack.call(stack.admin(), method, path, body, headers);
  }

  private static Answer get(String path) {
    return call("GET", path, null);
  }

  private static void next(String name, String text) {
    Answer answer = yaml("PUT", "/flows/" + name, text, "if-match", "*");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static void isProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.code()).as(answer.body()).isEqualTo(code);
  }

  @SuppressWarnings("unchecked") // a list of objects, by the API's own shape
  private static List<Map<String, Object>> list(Object holder, String name) {
    return (List<Map<String, Object>>) ((Map<String, Object>) holder).get(name);
  }

  private static List<Object> names(String query) {
    Answer answer = get("/flows?limit=100&" + query);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return list(answer.json(), "items").stream().map(item -> item.get("flow")).toList();
  }

  // -- search and facets

  private static void filed(String name, String title, String category, String tags, String owner) {
    stack.publish(
        flow(
            name,
            "title: "
                + title
                + "\ncategory: "
                + category
                + "\ntags: ["
                + tags
                + "]\nowner: "
                + owner
                + "\nsteps:\n  - a: {set: {x: 1}}\n"));
  }

  @Test
  void flows_are_found_by_words_and_counted_by_facets() {
    filed("find-one", "Grüße an Kunden", "greeting", "mail, de", "ann");
    filed("find-two", "Greetings by voice", "greeting", "voice, de", "bob");
    filed("find-three", "Invoices", "finance", "mail", "ann");
    yaml("POST", "/flows?draft=true", flow("find-four", "category: finance\nsteps: []\n"));

    assertThat(names("q=find")).containsExactly("find-four", "find-one", "find-three", "find-two");
    assertThat(names("q=GRUSSE%20kun")).as("accents, case, beginnings").isEmpty();
    assertThat(names("q=GRU%C3%9FE%20kun")).containsExactly("find-one");
    assertThat(names("q=find-%20voice")).containsExactly("find-two");
    assertThat(names("q=find&tag=de&owner=ann")).containsExactly("find-one");
    assertThat(names("q=find&status=draft")).containsExactly("find-four");
    assertThat(names("q=find&status=active&category=finance")).containsExactly("find-three");

    Map<String, Object> facets =
        Template.map(get("/flows?q=find&facets=true&category=finance").json().get("facets"));
    assertThat(list(facets, "category"))
        .as("a facet is counted without its own condition")
        .extracting(c -> c.get("value") + " " + c.get("count"))
        .containsExactly("finance 2", "greeting 2");
    assertThat(list(facets, "tag"))
        .extracting(c -> c.get("value") + " " + c.get("count"))
        .containsExactly("mail 1");
    assertThat(list(facets, "status"))
        .extracting(c -> c.get("value") + " " + c.get("count"))
        .containsExactly("active 1", "draft 1");
    Map<String, Object> own = Template.map(get("/flows/find-one/facets").json().get("facets"));
    assertThat(list(own, "tag"))
        .extracting(c -> c.get("value") + " " + c.get("count"))
        .containsExactly("de 2", "mail 2");
    isProblem(get("/flows/nowhere/facets"), 404, "not_found");
    isProblem(get("/flows?status=asleep"), 400, "bad_parameter");
  }

  @Test
  void facets_count_only_what_the_caller_may_read() {
    filed("mine_a", "Secretive", "hidden", "x", "ann");
    filed("minexa", "Secretive", "hidden", "x", "ann");
    String some = stack.token("flow:read:mine_*", "flow:execute");
    Answer answer = stack.call(some, "GET", "/flows?q=secretive&facets=true", null);
    assertThat(list(answer.json(), "items"))
        .extracting(item -> item.get("flow"))
        .containsExactly("mine_a");
    assertThat(list(answer.json().get("facets"), "category"))
        .containsExactly(Map.of("value", "hidden", "count", 1L));
    assertThat(
            list(
                stack.call(some, "GET", "/flows/mine_a/facets", null).json().get("facets"),
                "category"))
        .containsExactly(Map.of("value", "hidden", "count", 1L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%25",
        "_",
        "'",
        "%27%20or%201%3D1%20--",
        "%3A*",
        "%26",
        "%5C",
        "!x%20%7C%20y%3A*",
        "((("
      })
  void whatever_is_searched_for_is_only_words(String q) {
    stack.publish(says("a" + Integer.toHexString(q.hashCode()), "hello"));
    Answer answer = get("/flows?q=" + q);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(list(answer.json(), "items")).isEmpty();
  }

  // -- versions

  @Test
  void versions_are_listed_newest_first_and_read_one_by_one() {
    stack.publish(says("history", "one"));
    next("history", says("history", "two"));
    next("history", says("history", "three"));

    Answer first = get("/flows/history/versions?limit=2");
    assertThat(list(first.json(), "items"))
        .extracting(v -> v.get("version") + " " + v.get("role"))
        .containsExactly("1.0.2 stable", "1.0.1 null");
    Answer rest = get("/flows/history/versions?limit=2&cursor=" + first.json().get("next"));
    assertThat(list(rest.json(), "items"))
        .extracting(v -> v.get("version"))
        .containsExactly("1.0.0");
    assertThat(rest.json()).containsEntry("next", null);

    Answer old = get("/flows/history/versions/1.0.0");
    assertThat(old.json())
        .containsEntry("source", says("history", "one"))
        .containsEntry("number", 1L)
        .containsKeys("published_at", "published_by", "hash", "names");
    assertThat(old.headers().get("etag")).isEqualTo("\"" + old.json().get("hash") + "\"");
    Answer text = call("GET", "/flows/history/versions/1.0.0", null, "accept", "application/yaml");
    assertThat(text.body()).isEqualTo(says("history", "one"));
    isProblem(get("/flows/history/versions/9.9.9"), 404, "not_found");
    isProblem(get("/flows/nowhere/versions"), 404, "not_found");
    isProblem(get("/flows/history/versions?cursor=eA"), 400, "bad_parameter");
  }

  @Test
  void a_published_version_is_immutable_in_the_database() {
    stack.publish(says("stone", "one"));
    for (String change :
        List.of(
            "update flow_versions set source = 'x' where flow = 'stone'",
            "delete from flow_versions where flow = 'stone'",
            "truncate flow_versions cascade")) {
      assertThatThrownBy(() -> stack.database.execute(change))
          .hasStackTraceContaining("a published version does not change");
    }
    assertThat(get("/flows/stone/versions/1.0.0").json())
        .containsEntry("source", says("stone", "one"));
  }

  @Test
  void a_diff_tells_what_changed_by_step_by_setting_and_as_text() {
    stack.publish(
        flow(
            "differs",
            """
            title: Before
            steps:
              - first: {set: {a: 1}}
              - check:
                  if: $input.x
                  then:
                    - inner: {set: {b: 1}}
              - gone: {set: {c: 1}}
              - last: {set: {d: 1}}
            """));
    next(
        "differs",
        flow(
            "differs",
            """
            title: After
            steps:
              - last: {set: {d: 1}}
              - first: {set: {a: 2}}
              - check:
                  if: $input.x
                  then:
                    - inner: {set: {b: 1}}
                    - fresh: {set: {e: 1}}
            """));
    Map<String, Object> diff = get("/flows/differs/diff?from=1.0.0&to=1.0.1").json();
    assertThat(diff).containsEntry("from", "1.0.0").containsEntry("to", "1.0.1");
    assertThat(list(diff, "steps"))
        .extracting(s -> s.get("change") + " " + s.get("id"))
        .containsExactlyInAnyOrder("moved last", "changed first", "added fresh", "removed gone");
    Map<String, Object> first =
        list(diff, "steps").stream().filter(s -> s.get("id").equals("first")).findFirst().get();
    assertThat(list(first, "fields"))
        .containsExactly(
            Map.of("path", "/first/set/a", "change", "changed", "before", 1L, "after", 2L));
    Map<String, Object> fresh =
        list(diff, "steps").stream().filter(s -> s.get("id").equals("fresh")).findFirst().get();
    assertThat(fresh).containsEntry("parent", "check");
    assertThat(list(diff, "settings"))
        .extracting(s -> s.get("path") + " " + s.get("before") + " " + s.get("after"))
        .containsExactly("/title Before After");
    assertThat((String) diff.get("text"))
        .startsWith("--- differs 1.0.0\n+++ differs 1.0.1\n@@ -1,")
        .contains("\n-title: Before\n+title: After\n");
    assertThat(get("/flows/differs/diff").body())
        .as("the latest against the one before")
        .isEqualTo(get("/flows/differs/diff?from=1.0.0&to=1.0.1").body());
    assertThat(list(get("/flows/differs/diff?from=1.0.1&to=1.0.1").json(), "steps")).isEmpty();

    yaml("PUT", "/flows/differs?draft=true", "flow: differs\nsteps: [oops", "if-match", "*");
    yaml("PUT", "/flows/differs?draft=true", "flow: differs\nsteps: {}\n", "if-match", "*");
    Answer draft = get("/flows/differs/diff?to=draft");
    assertThat(draft.json()).containsEntry("from", "1.0.1").containsEntry("to", "draft");
    isProblem(get("/flows/differs/diff?from=9.9.9"), 404, "not_found");
  }

  // -- activate and roll back

  private static Object output(String flow) {
    Answer answer = call("POST", "/flows/" + flow + "/execute", "{}");
    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
    stack.settle();
    return get("/executions/" + answer.json().get("id")).json().get("output");
  }

  @Test
  void a_version_is_activated_and_rolled_back_in_one_call() {
    stack.publish(says("back", "one"));
    next("back", says("back", "two"));
    Answer kept =
        yaml("PUT", "/flows/back?activate=false", says("back", "three"), "if-match", "\"2\"");
    assertThat(kept.json()).containsEntry("version", "1.0.2");
    assertThat(output("back")).isEqualTo("two");

    Answer active = call("POST", "/flows/back/activate", "{\"version\": \"1.0.2\"}");
    assertThat(active.status()).as(active.body()).isEqualTo(200);
    assertThat(active.json()).containsEntry("previous", "1.0.1");
    assertThat(active.headers()).containsEntry("etag", "\"4\"");
    assertThat(output("back")).isEqualTo("three");

    assertThat(call("POST", "/flows/back/rollback", "{\"version\": \"1.0.0\"}").status())
        .isEqualTo(200);
    assertThat(output("back")).isEqualTo("one");
    assertThat(call("POST", "/flows/back/rollback", null).status()).isEqualTo(200);
    assertThat(output("back")).as("to what was there before").isEqualTo("three");

    isProblem(call("POST", "/flows/back/activate", "{\"version\": \"7.0.0\"}"), 404, "not_found");
    isProblem(call("POST", "/flows/back/activate", "{}"), 400, "missing_key");
    isProblem(call("POST", "/flows/back/activate", "{\"version\": 1}"), 400, "wrong_type");
    isProblem(
        call("POST", "/flows/back/rollback", "{\"versoin\": \"1.0.0\"}"), 400, "unknown_field");
    isProblem(
        call("POST", "/flows/back/rollback", "{}", "if-match", "\"1\""),
        412,
        "precondition_failed");
    isProblem(call("POST", "/flows/nowhere/rollback", "{}"), 404, "not_found");
    stack.publish(says("back-first", "one"));
    isProblem(call("POST", "/flows/back-first/rollback", "{}"), 409, "nothing_before");
  }

  @Test
  void an_execution_under_way_stays_on_its_version() {
    stack.publish(
        flow(
            "stays",
            "steps:\n  - q: {await: {signal: go}}\n  - say: {set: {x: 1}}\noutput: old\n"));
    String id = stack.execute("stays", "{}");
    stack.settle();
    next("stays", flow("stays", "steps:\n  - other: {set: {x: 2}}\noutput: new\n"));
    stack.call(stack.admin(), "POST", "/executions/" + id + "/signals/go", "{}");
    stack.settle();
    assertThat(get("/executions/" + id).json())
        .containsEntry("version", "1.0.0")
        .containsEntry("output", "old");
  }

  @Test
  void an_old_version_takes_its_webhook_path_back() {
    stack.publish(
        flow("hooked", "trigger: webhook.received\nsteps:\n  - a: {set: {x: 1}}\noutput: one\n"));
    next(
        "hooked",
        flow(
            "hooked",
            "triggers:\n"
                + "  - webhook: {path: elsewhere}\n"
                + "steps:\n"
                + "  - a: {set: {x: 1}}\n"
                + "output: two\n"));
    awaitHook("elsewhere", 202);
    awaitHook("hooked", 404);
    call("POST", "/flows/hooked/rollback", "{\"version\": \"1.0.0\"}");
    awaitHook("elsewhere", 404);
    awaitHook("hooked", 202);
  }

  /** Within the second that a process may believe what it knew. */
  private static void awaitHook(String path, int status) {
    await()
        .atMost(Duration.ofMillis(1_500))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> stack.post(true, stack.admin(), "/hooks/acme/" + path, "{}").status() == status);
  }

  // -- retiring

  @Test
  void a_flow_is_retired_unless_another_one_uses_it() {
    stack.publish(says("used", "inner"));
    stack.publish(flow("user-one", "steps:\n  - sub: {flow: used}\n"));
    isProblem(call("DELETE", "/flows/used", null), 428, "precondition_required");
    isProblem(call("DELETE", "/flows/used", null, "if-match", "\"9\""), 412, "precondition_failed");
    Answer refused = call("DELETE", "/flows/used", null, "if-match", "\"1\"");
    isProblem(refused, 409, "in_use");
    assertThat(refused.json()).containsEntry("used_by", List.of("user-one"));

    next("user-one", flow("user-one", "steps:\n  - sub: {set: {x: 1}}\n"));
    Answer done = call("DELETE", "/flows/used", null, "if-match", "\"1\"");
    assertThat(done.status()).as(done.body()).isEqualTo(204);
    isProblem(get("/flows/used"), 404, "not_found");
    isProblem(call("POST", "/flows/used/execute", "{}"), 404, "not_found");
    isProblem(call("DELETE", "/flows/used", null, "if-match", "*"), 404, "not_found");
    assertThat(names("status=retired")).contains("used");
    assertThat(names("q=used")).doesNotContain("used");
    assertThat(get("/flows/used/versions").status()).as("its history stays").isEqualTo(200);
    Answer unknown = yaml("POST", "/flows", flow("user-two", "steps:\n  - sub: {flow: used}\n"));
    assertThat(unknown.body()).contains("unknown_flow");

    Answer back = yaml("PUT", "/flows/used", says("used", "again"));
    assertThat(back.status()).as(back.body()).isEqualTo(201);
    assertThat(back.json()).containsEntry("version", "1.0.1");
    assertThat(output("used")).isEqualTo("again");
  }

  @Test
  void executions_of_a_retired_flow_finish() {
    stack.publish(flow("retiring", "steps:\n  - q: {await: {signal: go}}\noutput: done\n"));
    String id = stack.execute("retiring", "{}");
    stack.settle();
    call("DELETE", "/flows/retiring", null, "if-match", "*");
    call("POST", "/executions/" + id + "/signals/go", "{}");
    stack.settle();
    assertThat(get("/executions/" + id).json())
        .containsEntry("status", "completed")
        .containsEntry("output", "done");
  }

  // -- clone

  @Test
  void a_clone_keeps_comments_and_begins_its_own_history() {
    String source =
        "# what it does\nflow:   'origin'  # its name\ntrigger: webhook.received\nsteps:\n"
            + "  - a: {set: {x: origin}}\n";
    stack.publish(source);
    Answer clone = call("POST", "/flows/origin/clone", "{\"name\": \"copy-of-it\"}");
    assertThat(clone.status()).as(clone.body()).isEqualTo(201);
    assertThat(clone.headers()).containsEntry("location", "/flows/copy-of-it");
    assertThat(clone.json()).containsEntry("version", "1.0.0");
    assertThat(get("/flows/copy-of-it").json())
        .containsEntry("source", source.replace("'origin'", "'copy-of-it'"));
    isProblem(call("POST", "/flows/origin/clone", "{\"name\": \"copy-of-it\"}"), 409, "name_taken");
    isProblem(call("POST", "/flows/origin/clone", "{\"name\": \"Bad Name\"}"), 400, "bad_name");
    isProblem(call("POST", "/flows/origin/clone", "{}"), 400, "missing_key");
    isProblem(
        call("POST", "/flows/origin/clone", "{\"name\": \"x\", \"version\": \"3.0.0\"}"),
        404,
        "not_found");
    isProblem(call("POST", "/flows/nowhere/clone", "{\"name\": \"x\"}"), 404, "not_found");
    isProblem(
        stack.call(
            stack.token("flow:create:origin"), "POST", "/flows/origin/clone", "{\"name\": \"x\"}"),
        403,
        "forbidden");
    Answer first =
        call("POST", "/flows/origin/clone", "{\"name\": \"k\"}", "idempotency-key", "clone-1");
    Answer again =
        call("POST", "/flows/origin/clone", "{\"name\": \"k\"}", "idempotency-key", "clone-1");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.body()).isEqualTo(first.body());
  }

  // -- the step library

  @Test
  void a_library_step_is_used_by_flows_and_kept_by_their_versions() {
    Answer put = yaml("PUT", "/steps/greet", "description: Says hello\nset: {text: $with.name}\n");
    assertThat(put.status()).as(put.body()).isEqualTo(201);
    assertThat(put.headers())
        .containsEntry("etag", "\"1\"")
        .containsEntry("location", "/steps/greet");
    stack.publish(
        flow("greets", "steps:\n  - hi: {use: greet, with: {name: Ada}}\noutput: $vars.text\n"));
    assertThat(output("greets")).isEqualTo("Ada");

    isProblem(yaml("PUT", "/steps/greet", "set: {text: changed}\n"), 428, "precondition_required");
    Answer changed = yaml("PUT", "/steps/greet", "set: {text: changed}\n", "if-match", "\"1\"");
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    assertThat(output("greets")).as("frozen in the version").isEqualTo("Ada");
    Answer fresh = call("POST", "/flows/greets/clone", "{\"name\": \"greets-later\"}");
    assertThat(fresh.status()).as(fresh.body()).isEqualTo(201);
    assertThat(output("greets-later")).isEqualTo("changed");

    Answer got = get("/steps/greet");
    assertThat(got.json())
        .containsEntry("definition", Map.of("set", Map.of("text", "changed")))
        .containsEntry("used_by", List.of("greets", "greets-later"));
    assertThat(list(get("/steps").json(), "items"))
        .extracting(s -> s.get("name"))
        .contains("greet");
    isProblem(call("DELETE", "/steps/greet", null), 428, "precondition_required");
    Answer used = call("DELETE", "/steps/greet", null, "if-match", "\"2\"");
    isProblem(used, 409, "in_use");
    assertThat(used.json()).containsEntry("used_by", List.of("greets", "greets-later"));
  }

  @Test
  void a_step_that_nobody_uses_can_go_and_come_back() {
    assertThat(yaml("PUT", "/steps/lonely", "set: {a: 1}\n").status()).isEqualTo(201);
    assertThat(yaml("PUT", "/steps/outer", "do:\n  - x: {use: lonely}\n").status()).isEqualTo(201);
    Answer used = call("DELETE", "/steps/lonely", null, "if-match", "*");
    isProblem(used, 409, "in_use");
    assertThat(used.json()).containsEntry("used_by_steps", List.of("outer"));
    assertThat(call("DELETE", "/steps/outer", null, "if-match", "*").status()).isEqualTo(204);
    assertThat(call("DELETE", "/steps/lonely", null, "if-match", "*").status()).isEqualTo(204);
    isProblem(get("/steps/lonely"), 404, "not_found");
    isProblem(call("DELETE", "/steps/lonely", null, "if-match", "*"), 404, "not_found");
    Answer back = yaml("PUT", "/steps/lonely", "set: {a: 1}\n");
    assertThat(back.status()).isEqualTo(201);
    assertThat(back.headers()).containsEntry("etag", "\"3\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "adapter: nowhere\n",
        "set: {a: $nothing}\n",
        "sett: {a: 1}\n",
        "set: {a: 1}\nwait: 5s\n",
        "use: bad-step\n",
        "[1, 2]\n",
        "set: {a: 1\n"
      })
  void a_wrong_step_is_refused_with_its_place(String text) {
    Answer answer = yaml("PUT", "/steps/bad-step", text);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(list(answer.json(), "errors").getFirst()).containsKeys("code", "path", "message");
    assertThat((Long) list(answer.json(), "errors").getFirst().get("line")).isPositive();
    isProblem(get("/steps/bad-step"), 404, "not_found");
  }

  @Test
  void a_step_needs_a_permission_for_all_flows() {
    isProblem(
        stack.call(stack.token("flow:update:one-*"), "PUT", "/steps/any", "{\"set\": {\"a\": 1}}"),
        403,
        "forbidden");
  }

  // -- templates

  private static final String TEMPLATE =
      """
      template: desk
      title: A desk of a team
      parameters:
        team: string
        limit: integer
        note?: string
      flow:
        title: The desk of {{team}}
        tags: ["{{team}}"]
        description: "{{note}}"
        steps:
          - look: {set: {big: "$input.total == {{limit}}", limit: "{{limit}}"}}
        output: "{{name}}"
      """;

  @Test
  void a_template_makes_flows() {
    Answer put = yaml("PUT", "/templates/desk", TEMPLATE);
    assertThat(put.status()).as(put.body()).isEqualTo(201);
    assertThat(list(get("/templates").json(), "items"))
        .extracting(t -> t.get("name") + ": " + t.get("title"))
        .contains("desk: A desk of a team");
    Answer made =
        call(
            "POST",
            "/templates/desk/instantiate",
            "{\"name\": \"desk-red\", \"parameters\": {\"team\": \"red\", \"limit\": 5}}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.headers()).containsEntry("location", "/flows/desk-red");
    assertThat(get("/flows/desk-red").json())
        .containsEntry("title", "The desk of red")
        .containsEntry("tags", List.of("red"))
        .containsEntry("description", "");
    assertThat(output("desk-red")).isEqualTo("desk-red");
    assertThat((String) get("/flows/desk-red").json().get("source")).contains("\"limit\":5");

    Answer twice =
        call(
            "POST",
            "/templates/desk/instantiate",
            "{\"name\": \"desk-red\", \"parameters\": {\"team\": \"red\", \"limit\": 5}}");
    isProblem(twice, 409, "name_taken");
    Answer wrong =
        call(
            "POST",
            "/templates/desk/instantiate",
            "{\"name\": \"desk-blue\", \"parameters\": {\"team\": \"blue\", \"limti\": 5}}");
    isProblem(wrong, 400, "unknown_parameter");
    assertThat(wrong.body()).contains("/parameters/limti").contains("did you mean 'limit'");
    Answer type =
        call(
            "POST",
            "/templates/desk/instantiate",
            "{\"name\": \"desk-blue\", \"parameters\": {\"team\": 1, \"limit\": 5}}");
    isProblem(type, 400, "bad_parameters");
    assertThat(type.body()).contains("\"/parameters/team\"");
    isProblem(
        call("POST", "/templates/desk/instantiate", "{\"name\": \"desk-blue\"}"), 400, "invalid");
    isProblem(
        call("POST", "/templates/nowhere/instantiate", "{\"name\": \"x\"}"), 404, "not_found");
    isProblem(get("/flows/desk-blue"), 404, "not_found");

    isProblem(yaml("PUT", "/templates/desk", TEMPLATE), 428, "precondition_required");
    assertThat(yaml("PUT", "/templates/desk", TEMPLATE, "if-match", "\"1\"").status())
        .isEqualTo(200);
    assertThat(call("DELETE", "/templates/desk", null, "if-match", "\"2\"").status())
        .isEqualTo(204);
    isProblem(get("/templates/desk"), 404, "not_found");
    assertThat(get("/flows/desk-red").status()).as("what was made stays").isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "template: bad\nflow: {steps: [{a: {set: {x: \"{{nope}}\"}}}]}\n",
        "template: bad\nflow: {flow: x, steps: []}\n",
        "template: bad\n",
        "template: other\nflow: {steps: [{a: {set: {x: 1}}}]}\n",
        "template: bad\nparameters: {x: strin}\nflow: {steps: [{a: {set: {x: 1}}}]}\n",
        "template: bad\nparameters: {name: string}\nflow: {steps: [{a: {set: {x: 1}}}]}\n",
        "template: bad\nflow: {steps: [{a: {nothing: 1}}]}\n",
        "template: bad\nfow: {}\nflow: {steps: [{a: {set: {x: 1}}}]}\n",
        "[]\n"
      })
  void a_wrong_template_is_refused(String text) {
    Answer answer = yaml("PUT", "/templates/bad", text);
    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    isProblem(get("/templates/bad"), 404, "not_found");
  }
}
