package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A value that is masked is used, and found nowhere: canaries that are planted are looked for. */
class MaskTest {
  private static final String CARD = "4929-canary-0001";
  private static final String NUMBER = "77310042";
  private static final String MAIL = "canary@example.org";
  private static final String REPLY = "canary-reply-55";
  private static final List<String> CANARIES = List.of(CARD, NUMBER, MAIL, REPLY);

  private static TestStack stack;
  private static String execution;
  private static String written;

  @BeforeAll
  static void run() throws Exception {
    try (Heard heard = new Heard()) {
      stack = new TestStack();
      publish();
      execution =
          stack.execute(
              "canaries",
              """
              {"input": {"order": "o-1", "card": {"number": "%s", "cvc": 7}, "account": %s,
                         "people": [{"mail": "%s"}, {"mail": "bob@example.org"}]}}
              """
                  .formatted(CARD, NUMBER, MAIL));
      stack.settle();
      Answer told =
          stack.call(
              stack.admin(),
              "POST",
              "/executions/" + execution + "/signals/reply",
              "{\"text\": \"%s\"}".formatted(REPLY));
      assertThat(told.status()).isEqualTo(202);
      stack.settle();
      written = heard.all();
    }
  }

  private static void publish() {
    stack.publish(
        """
        flow: canaries
        input: {order: string, card: {number: string, cvc: integer}, account: integer, people: [{mail: string}]}
        vars: {copy: $input.card.number}
        mask: [input.card, input.account, input.people.mail, output.approved]
        search: {card: $input.card.number, order: $input.order}
        idempotency: {key: $input.card.number}
        concurrency: {limit: 1, key: $input.account}
        steps:
          - charge:
              adapter: sandbox
              action: echo
              params: {number: $input.card.number, nested: [{account: $input.account}], say: "card ${ $input.card.number }"}
              mask: [number]
          - true_value_is_seen: {assert: $charge.number == $input.card.number and $input.account > 77310041}
          - copied: {set: {note: "of ${ $charge.number }, ${ $input.account }, order ${ $input.order }"}}
          - refused:
              adapter: sandbox
              action: echo
              params:
                to: $input.people[0].mail
                $sandbox: {fail: {type: bounced, message: 'no mailbox ${ $input.people[0].mail }', data: {to: "$input.people[0].mail"}}}
              on_error: {then: continue, steps: [{seen: {set: {why: $error.message}}}]}
          - each:
              foreach: $input.people
              do:
                - mailed: {adapter: sandbox, params: {to: $item.mail}}
          - reply: {await: {signal: reply}, mask: [text]}
          - answered: {set: {said: "they said ${ $reply.text }"}}
          - ask:
              approve: {title: "Pay ${ $input.card.number } for ${ $input.order }?", timeout: 1h}
          - raised:
              raise: {type: odd, message: "odd card ${ $vars.copy }", data: {card: $vars.copy}}
        """);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Answer get(String path) {
    Answer answer = stack.call(stack.admin(), "GET", path, null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  private static void isClean(String what, String text) {
    for (String canary : CANARIES) {
      assertThat(text).as(what).doesNotContain(canary);
    }
  }

  private static Map<String, Object> step(String id) {
    return ((List<?>) get("/executions/" + execution).json().get("steps"))
        .stream()
            .map(Template::map)
            .filter(step -> id.equals(step.get("id")))
            .findFirst()
            .orElseThrow();
  }

  @Test
  void the_execution_shows_marks_and_keeps_all_that_is_not_masked() {
    Answer shown = get("/executions/" + execution);
    isClean("the execution", shown.body());
    assertThat(Template.map(shown.json().get("input")))
        .containsEntry("card", "***")
        .containsEntry("account", "***")
        .containsEntry("order", "o-1")
        .containsEntry("people", List.of(Map.of("mail", "***"), Map.of("mail", "***")));
    assertThat(Template.map(step("charge").get("output")))
        .containsEntry("number", "***")
        .containsEntry("nested", List.of(Map.of("account", "***")))
        .containsEntry("say", "card ***");
    assertThat(shown.json()).containsEntry("search", Map.of("card", "***", "order", "o-1"));
    assertThat(Template.map(step("refused").get("error")))
        .containsEntry("message", "no mailbox ***");
  }

  @Test
  void expressions_and_calls_have_seen_the_true_values() {
    assertThat(step("true_value_is_seen")).containsEntry("status", "completed");
    assertThat(step("ask")).containsEntry("status", "waiting");
  }

  @Test
  void the_history_and_the_inbox_show_nothing_of_it() {
    Answer history = get("/executions/" + execution + "/history?limit=100");
    isClean("the history", history.body());
    assertThat(history.body())
        .contains("of ***, ***, order o-1", "they said ***")
        .doesNotContain("sealed");
    Answer inbox = get("/approvals");
    isClean("the inbox", inbox.body());
    assertThat(inbox.body()).contains("Pay *** for o-1?");
  }

  @Test
  void explain_knows_no_more_than_what_is_shown() {
    Answer answer =
        stack.call(
            stack.admin(),
            "POST",
            "/executions/" + execution + "/explain",
            Json.write(Map.of("expression", "$input.account == " + NUMBER)));
    assertThat(answer.json()).containsEntry("value", false);
    isClean(
        "explain",
        stack
            .call(
                stack.admin(),
                "POST",
                "/executions/" + execution + "/explain",
                "{\"expression\": \"string($charge) + $vars.note + $steps.refused.error.message\"}")
            .body());
  }

  private static Answer reveal(String token, String body) {
    return stack.call(token, "POST", "/executions/" + execution + "/reveal", body);
  }

  @Test
  void an_admin_sees_a_line_in_clear_and_the_trail_says_who_did_and_why() {
    String asked = "{\"revision\": 1, \"reason\": \"the customer asks\"}";
    Answer shown = reveal(stack.admin(), asked);
    assertThat(shown.status()).as(shown.body()).isEqualTo(200);
    assertThat(shown.json()).containsEntry("event", "execution_started");
    assertThat(shown.body()).contains(CARD, NUMBER, MAIL).doesNotContain("***", "sealed");
    Answer trail = get("/audit?object=execution:" + execution);
    Map<String, Object> told = Template.map(((List<?>) trail.json().get("items")).getFirst());
    assertThat(told).containsEntry("action", "execution.reveal").containsEntry("outcome", "done");
    assertThat(Template.map(told.get("details")))
        .containsEntry("revision", 1L)
        .containsEntry("reason", "the customer asks");
    isClean("the trail", trail.body());
  }

  @Test
  void nobody_else_does_and_nobody_without_a_reason() {
    String asked = "{\"revision\": 1, \"reason\": \"curious\"}";
    Answer denied = reveal(stack.token("flow:read", "flow:execute"), asked);
    assertThat(denied.status()).isEqualTo(403);
    assertThat(reveal(stack.issuer.token("rival", "flow:admin"), asked).status()).isEqualTo(404);
    assertThat(reveal(stack.admin(), asked.replace("1", "100000")).status()).isEqualTo(404);
    for (String body :
        List.of(
            "{}",
            "{\"revision\": 1}",
            "{\"revision\": 1, \"reason\": \"  \"}",
            "{\"revision\": 0, \"reason\": \"x\"}",
            "{\"reason\": \"x\"}")) {
      Answer answer = reveal(stack.admin(), body);
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      isClean("a refusal", answer.body());
    }
  }

  @Test
  void a_dry_run_covers_its_parameters() {
    Answer answer =
        stack.call(
            stack.admin(),
            "POST",
            "/flows/canaries/dry-run",
            """
            {"input": {"order": "o-1", "card": {"number": "%s", "cvc": 7}, "account": %s, "people": [{"mail": "%s"}]},
             "mocks": {"charge": {"number": "%s"}, "refused": {"ok": true}}}
            """
                .formatted(CARD, NUMBER, MAIL, CARD));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    isClean("the dry run", answer.body());
    assertThat(answer.body()).contains("card ***");
  }

  @Test
  void nothing_of_it_is_in_the_logs() {
    assertThat(written).contains("execution_started", "step_completed");
    isClean("the log", written);
  }

  @Test
  void nothing_of_it_stands_anywhere_in_the_database() throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = stack.database.owner().getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet row =
          statement.executeQuery(
              "select table_name from information_schema.tables where table_schema = 'public'"
                  + " and table_type = 'BASE TABLE'")) {
        while (row.next()) {
          tables.add(row.getString(1));
        }
      }
      assertThat(tables).contains("executions", "transitions", "waits");
      for (String table : tables) {
        try (ResultSet row = statement.executeQuery("select t::text from " + table + " t")) {
          while (row.next()) {
            isClean("the table " + table, row.getString(1));
          }
        }
      }
    }
  }
}
