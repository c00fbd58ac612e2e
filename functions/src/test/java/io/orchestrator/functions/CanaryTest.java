package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.engine.Callbacks;
import io.orchestrator.expression.Json;
import io.orchestrator.functions.TestStack.Answer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

/**
 * Secrets and personal data that no author has masked: canaries are planted wherever data comes in,
 * and looked for wherever it could be left behind.
 */
class CanaryTest {
  private static final String PASSWORD = "canary-hunter2-pass";
  private static final String KEY = "canary-api-key-77341";
  private static final String CARD = "4929123456781236";
  private static final String MAIL = "canary.bird@example.org";
  private static final String COOKIE = "session-canary-9912";
  private static final List<String> CANARIES = List.of(PASSWORD, KEY, CARD, MAIL, COOKIE);

  private static TestRedis redis;
  private static Collector collector;
  private static Partner partner;
  private static TestStack stack;
  private static String execution;
  private static final List<String> messages = new ArrayList<>();
  private static String logged;
  private static String printed;

  @BeforeAll
  static void run() throws Exception {
    assertThat(isLuhn(CARD)).isTrue();
    redis = new TestRedis();
    collector = new Collector();
    partner =
        new Partner(
            call ->
                switch (call.path()) {
                  case "/api/login" ->
                      new Partner.Answer(
                          200,
                          Json.write(
                              Map.of(
                                  "api_key", KEY, "hello", "mail " + MAIL, "card", "no " + CARD)));
                  case "/api/refuse" ->
                      new Partner.Answer(422, Json.write(Map.of("why", MAIL + " has used " + KEY)));
                  default -> new Partner.Answer(202, "{\"later\": true}");
                });
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try (JsonLines log = new JsonLines()) {
      stack =
          new TestStack(
              Map.of(
                  "REDIS_URL", redis.url(),
                  "OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(),
                  "AWS_LAMBDA_FUNCTION_NAME", "canaries",
                  "MASK_TEXTS", "card, bearer, jwt, email",
                  "EGRESS_ALLOW", "127.0.0.0/8"));
      work();
      complain();
      logged = log.all();
    } finally {
      System.setOut(before);
    }
    printed = out.toString(StandardCharsets.UTF_8);
  }

  private static void work() {
    Answer adapter =
        stack.call(
            stack.admin(),
            "PUT",
            "/adapters/partner",
            partner.adapter(
                "partner",
                """
                login: {method: POST, path: /login}
                refuse:
                  method: POST
                  path: /refuse
                  errors: [{when: $response.status == 422, type: refused, message: "it said ${ $response.body.why }"}]
                ask: {method: POST, path: /ask}
                """),
            "content-type",
            "application/yaml");
    assertThat(adapter.status()).as(adapter.body()).isEqualTo(201);
    stack.publish(
        """
        flow: canaries
        triggers: [{webhook: {path: canaries, verify: none}}]
        search: {who: $input.mail}
        steps:
          - login: {adapter: partner, action: login, params: {password: $input.password, as: $input.mail}}
          - copied: {set: {note: "key ${ $login.api_key } of ${ $input.mail }, card ${ $input.note }", plain: $input.password}}
          - refused:
              adapter: partner
              action: refuse
              params: {key: $login.api_key}
              on_error: {then: continue, steps: [{seen: {set: {why: $error.message}}}]}
          - ask: {adapter: partner, action: ask, params: {x: 1}, await: {callback: true, timeout: 1h}}
          - told: {set: {heard: $ask.text}}
          - decide:
              approve: {title: "Let ${ $input.mail } in?", form: {password: string, remark: string}, timeout: 1h}
          - end: {raise: {type: odd, message: "odd ${ $vars.plain } ${ $vars.note }", data: {note: $vars.note}}}
        """);
    Answer hook =
        stack.post(
            true,
            null,
            "/hooks/acme/canaries",
            Json.write(Map.of("password", PASSWORD, "mail", MAIL, "note", CARD + " is paid")),
            "x-set-cookie",
            COOKIE,
            "set-cookie",
            COOKIE,
            "authorization",
            "Bearer " + stack.admin());
    assertThat(hook.status()).as(hook.body()).isEqualTo(202);
    execution = (String) hook.json().get("id");
    peek();
    stack.settle();
    byte[] key =
        stack.environment.get("ORCHESTRATOR_SECRET_CALLBACK").getBytes(StandardCharsets.UTF_8);
    String token = new Callbacks(key, "").token(UUID.fromString(execution), "ask");
    Answer called =
        stack.post(
            false,
            null,
            "/callbacks/" + token,
            Json.write(Map.of("text", "from " + MAIL, "client_secret", KEY)));
    assertThat(called.status()).as(called.body()).isEqualTo(200);
    peek();
    stack.settle();
    String approval = null;
    for (Object one :
        (List<?>) stack.call(stack.admin(), "GET", "/approvals", null).json().get("items")) {
      approval = (String) Template.map(one).get("id");
    }
    Answer decided =
        stack.post(
            false,
            stack.admin(),
            "/approvals/" + approval,
            Json.write(
                Map.of(
                    "decision", "approve", "form", Map.of("password", PASSWORD, "remark", MAIL))));
    assertThat(decided.status()).as(decided.body()).isEqualTo(200);
    stack.settle();
  }

  /** What is in the queues, and stays there. */
  private static void peek() {
    for (String queue : List.of("STEP", "SLOW", "RESUME")) {
      stack
          .sqs
          .receiveMessage(
              request ->
                  request
                      .queueUrl(stack.environment.get(queue + "_QUEUE_URL"))
                      .maxNumberOfMessages(10)
                      .messageAttributeNames("All")
                      .visibilityTimeout(0))
          .messages()
          .forEach(message -> messages.add(message.toString()));
    }
  }

  /** A library that quotes what it was given, in its message and in that of its cause. */
  private static void complain() {
    Logger log = LoggerFactory.getLogger("io.orchestrator.engine.Engine");
    log.error(
        "could not log in with password={} as {}",
        PASSWORD,
        MAIL,
        new IllegalStateException(
            "{\"api_key\": \"" + KEY + "\"}", new IllegalArgumentException("card " + CARD)));
    log.warn("Cookie: {}", COOKIE);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
    collector.close();
    partner.close();
    redis.close();
  }

  private static boolean isLuhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = 2 * digit;
      sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
  }

  private static void isClean(String where, String text) {
    for (String canary : CANARIES) {
      assertThat(text).as(where).doesNotContain(canary);
      String base64 = Base64.getEncoder().encodeToString(canary.getBytes(StandardCharsets.UTF_8));
      assertThat(text).as(where + ", in Base64").doesNotContain(base64.substring(0, 12));
    }
  }

  private static Map<String, Object> shown() {
    Answer answer = stack.call(stack.admin(), "GET", "/executions/" + execution, null);
    isClean("the execution", answer.body());
    return answer.json();
  }

  @Test
  void the_flow_has_worked_with_the_true_values() {
    Map<String, Object> shown = shown();
    assertThat(shown).containsEntry("status", "failed");
    assertThat(Template.map(shown.get("error")))
        .containsEntry("type", "odd")
        .containsEntry("message", "odd *** key *** of ***, card *** is paid");
    assertThat(call("/api/login").json())
        .containsEntry("password", PASSWORD)
        .containsEntry("as", MAIL);
    assertThat(call("/api/refuse").json()).containsEntry("key", KEY);
  }

  private static Partner.Call call(String path) {
    return partner.calls().stream().filter(c -> c.path().equals(path)).findFirst().orElseThrow();
  }

  @Test
  void history_and_inbox_show_marks() {
    Answer history =
        stack.call(stack.admin(), "GET", "/executions/" + execution + "/history?limit=100", null);
    isClean("the history", history.body());
    assertThat(history.body())
        .contains("it said *** has used ***", "from ***")
        .doesNotContain("sealed");
    isClean("the inbox", stack.call(stack.admin(), "GET", "/approvals", null).body());
  }

  @Test
  void nothing_of_them_is_in_any_table() throws SQLException {
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
      assertThat(tables).contains("executions", "transitions", "waits", "search_attributes");
      for (String table : tables) {
        try (ResultSet row = statement.executeQuery("select t::text from " + table + " t")) {
          while (row.next()) {
            isClean("the table " + table, row.getString(1));
          }
        }
      }
    }
  }

  @Test
  void nothing_of_them_is_in_the_log() {
    assertThat(logged)
        .contains(
            "execution_started", "could not log in with password=***", "IllegalStateException");
    isClean("the log", logged);
  }

  @Test
  void nothing_of_them_is_in_spans_metrics_or_messages() {
    assertThat(collector.spans()).hasSizeGreaterThan(8);
    isClean("the spans", collector.raw());
    assertThat(printed).contains("\"_aws\"");
    isClean("the standard output", printed);
    assertThat(messages).isNotEmpty();
    isClean("the messages", String.join("\n", messages));
  }

  @Test
  void nothing_of_them_is_in_redis() {
    try (Jedis jedis = redis.open()) {
      List<String> keys = new ArrayList<>(jedis.keys("*"));
      assertThat(keys).isNotEmpty();
      for (String key : keys) {
        String value =
            switch (jedis.type(key)) {
              case "string" ->
                  new String(
                      jedis.get(key.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1);
              case "hash" -> jedis.hgetAll(key).toString();
              default -> jedis.type(key);
            };
        isClean("the key " + key + " of Redis", key + " " + value);
      }
    }
  }
}
