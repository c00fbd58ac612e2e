package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every route promises: once for a key, pages that lead on, nothing sent twice for nothing.
 */
class PromisesTest {
  private static final String STEPS = "\nsteps:\n  - a: {set: {x: 1}}\n";
  private static TestStack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  /** The answers to fifty equal requests that come at the same time. */
  private static List<Answer> fifty(Callable<Answer> request) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> all = threads.invokeAll(Collections.nCopies(50, request));
      return all.stream().map(Future::resultNow).toList();
    }
  }

  @Test
  void fifty_equal_starts_with_one_key_are_one_execution() throws Exception {
    String flow = stack.publish("flow: once" + STEPS);
    String path = "/flows/" + flow + "/execute";
    String admin = stack.admin();
    List<Answer> answers =
        fifty(
            () ->
                stack.call(
                    admin, "POST", path, "{\"input\": {\"n\": 1}}", "idempotency-key", "k-50"));
    assertThat(answers).allMatch(answer -> answer.status() == 202);
    Set<Object> ids = answers.stream().map(a -> a.json().get("id")).collect(Collectors.toSet());
    assertThat(ids).hasSize(1);
    assertThat(stack.count("executions where flow = 'once'")).isEqualTo(1);
    Answer other =
        stack.call(admin, "POST", path, "{\"input\": {\"n\": 2}}", "idempotency-key", "k-50");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("idempotency_key_reused");
    String globex = stack.issuer.token("globex", "flow:admin");
    assertThat(stack.call(globex, "POST", path, "{}", "idempotency-key", "k-50").status())
        .isEqualTo(404);
  }

  @Test
  void fifty_equal_publications_with_one_key_are_one_flow() throws Exception {
    String admin = stack.admin();
    List<Answer> answers =
        fifty(
            () ->
                stack.call(
                    admin,
                    "POST",
                    "/flows",
                    "flow: published-once" + STEPS,
                    "content-type",
                    "application/yaml",
                    "idempotency-key",
                    "p-50"));
    assertThat(answers).allMatch(answer -> answer.status() == 201, "201");
    assertThat(answers.stream().map(Answer::body).distinct()).hasSize(1);
    assertThat(stack.count("flow_versions where flow = 'published-once'")).isEqualTo(1);
  }

  @Test
  void a_page_names_the_one_that_follows_in_a_link_that_keeps_the_question() {
    for (String name : List.of("link-a", "link-b", "link-c")) {
      stack.publish("category: links\ntitle: Pages that follow\nflow: " + name + STEPS);
    }
    Set<Object> found = new TreeSet<>();
    String path = "/flows?category=links&limit=1&q=Pages%20that";
    int pages = 0;
    while (path != null) {
      Answer page = stack.call(stack.admin(), "GET", path, null);
      ((List<?>) page.json().get("items")).forEach(i -> found.add(Template.map(i).get("flow")));
      String link = page.headers().get("link");
      String next = (String) page.json().get("next");
      assertThat(link)
          .isEqualTo(
              next == null
                  ? null
                  : "</flows?category=links&limit=1&q=Pages%20that&cursor="
                      + next
                      + ">; rel=\"next\"");
      path = link == null ? null : link.substring(1, link.indexOf('>'));
      pages++;
    }
    assertThat(found).containsExactly("link-a", "link-b", "link-c");
    assertThat(pages).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/flows/known", "/flows/known?version=1.0.0", "/executions/ID"})
  void what_a_client_has_already_is_not_sent_again(String template) {
    if (stack.call(stack.admin(), "GET", "/flows/known", null).status() == 404) {
      stack.publish("flow: known\nsteps:\n  - w: {await: {signal: go}}\n");
    }
    String path = template.replace("ID", stack.execute("known", "{}"));
    Answer first = stack.call(stack.admin(), "GET", path, null);
    String etag = first.headers().get("etag");
    for (String condition : List.of(etag, "W/" + etag, "\"x\", " + etag, "*")) {
      Answer again = stack.call(stack.admin(), "GET", path, null, "if-none-match", condition);
      assertThat(again.status()).as(condition).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.headers()).containsEntry("etag", etag).doesNotContainKey("content-type");
    }
    assertThat(stack.call(stack.admin(), "GET", path, null, "if-none-match", "\"x\"").status())
        .isEqualTo(200);
  }

  @Test
  void the_caller_is_told_who_the_token_says_it_is() {
    String token =
        stack.issuer.token(
            "acme", "eve", List.of("boss"), "flow:read", "flow:execute:support-*", "openid");
    assertThat(stack.call(token, "GET", "/me", null).json())
        .isEqualTo(
            Map.of(
                "tenant",
                "acme",
                "subject",
                "eve",
                "roles",
                List.of("boss"),
                "permissions",
                List.of("flow:execute:support-*", "flow:read")));
    assertThat(stack.call(stack.token(), "GET", "/me", null).json())
        .containsEntry("permissions", List.of());
  }

  @Test
  void a_star_lets_a_change_through_whatever_the_revision() {
    stack.publish("flow: starred" + STEPS);
    Answer changed =
        stack.call(
            stack.admin(),
            "PUT",
            "/flows/starred",
            "title: Two\nflow: starred" + STEPS,
            "content-type",
            "application/yaml",
            "if-match",
            "*");
    assertThat(changed.status()).isEqualTo(200);
    Answer listed =
        stack.call(
            stack.admin(),
            "PUT",
            "/flows/starred",
            "title: Three\nflow: starred" + STEPS,
            "content-type",
            "application/yaml",
            "if-match",
            "\"99\", " + changed.headers().get("etag"));
    assertThat(listed.status()).isEqualTo(200);
  }
}
