package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.functions.TestStack.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no request should be, case by case: the answer says what is wrong and where, nothing of it
 * is kept, and the next request is served.
 */
class BadInputTest {
  private static final String FLOW = "steady";

  /** Where the build runs: nobody outside is to learn that. */
  private static final String HERE = Path.of("").toAbsolutePath().toString();

  private static TestStack stack;

  /**
   * A request that must be refused.
   *
   * @param path of the request; with {@code FLOW} for a flow that exists
   * @param pointer of one of the errors; null if it has no place in the body
   */
  record Bad(
      String what,
      String method,
      String path,
      byte[] body,
      List<String> headers,
      int status,
      String code,
      String pointer) {
    @Override
    public String toString() {
      return what;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    stack = new TestStack();
    stack.publish("flow: " + FLOW + "\ninput: {n?: any}\nsteps:\n  - a: {set: {x: 1}}\n");
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static Map<String, Long> stored() {
    Map<String, Long> counts = new java.util.TreeMap<>();
    for (String table :
        List.of(
            "flows",
            "flow_versions",
            "executions",
            "transitions",
            "adapters",
            "steps",
            "idempotency_keys",
            "buffered_events",
            "waits",
            "schedules")) {
      counts.put(table, stack.count(table));
    }
    return counts;
  }

  @ParameterizedTest
  @MethodSource({"http", "json", "yaml", "query", "conditions", "injections"})
  void it_is_refused_and_leaves_nothing(Bad bad) {
    Map<String, Long> before = stored();
    Answer answer = stack.raw(stack.admin(), bad.method(), bad.path(), bad.body(), bad.headers());
    assertThat(answer.status()).as(answer.body()).isEqualTo(bad.status());
    assertThat(codes(answer)).as(answer.body()).contains(bad.code());
    assertThat(answer.headers()).containsEntry("content-type", "application/problem+json");
    if (bad.pointer() != null) {
      assertThat((List<?>) answer.json().get("errors"))
          .as(answer.body())
          .anyMatch(error -> Template.map(error).get("path").equals(bad.pointer()));
    }
    assertThat(answer.body())
        .doesNotContain("io.orchestrator", "Exception", "select ", "jdbc", HERE, "org.postgres");
    assertThat(stored()).isEqualTo(before);
    assertThat(stack.call(null, "GET", "/health", null).status()).isEqualTo(200);
    assertThat(stack.call(stack.admin(), "GET", "/flows/" + FLOW, null).status()).isEqualTo(200);
  }

  /** Several faults have a code each, under one for the whole. */
  private static List<Object> codes(Answer answer) {
    List<Object> codes = new ArrayList<>(List.of(answer.code()));
    ((List<?>) answer.json().get("errors")).forEach(e -> codes.add(Template.map(e).get("code")));
    return codes;
  }

  // -- HTTP

  static Stream<Bad> http() {
    String execute = "/flows/" + FLOW + "/execute";
    byte[] large = new byte[256 * 1024 + 1];
    Arrays.fill(large, (byte) '[');
    return Stream.of(
        bad("an unknown path", "GET", "/nowhere", "", 404, "not_found", null),
        bad("a path with a slash too many", "GET", "/flows/", "", 404, "not_found", null),
        bad("an unknown method", "DELETE", "/flows", "", 405, "method_not_allowed", null),
        bad("a method that nobody knows", "BREW", "/flows", "", 405, "method_not_allowed", null),
        bad("a half percent sign in the path", "GET", "/flows/%4", "", 404, "not_found", null),
        bad("a NUL in the path", "GET", "/flows/a%00b", "", 404, "not_found", null),
        bad("overlong UTF-8 in the path", "GET", "/flows/%C0%AF", "", 404, "not_found", null),
        bad("dots for another path", "GET", "/flows/..%2F..%2Fetc", "", 404, "not_found", null),
        new Bad(
            "a body that is too large", "POST", execute, large, List.of(), 413, "too_large", null),
        new Bad(
            "the same as a definition",
            "POST",
            "/flows",
            large,
            List.of("content-type", "application/yaml"),
            413,
            "too_large",
            null),
        typed("a form", "application/x-www-form-urlencoded", "a=1"),
        typed("a media type without sense", ";;;", "{}"),
        typed("a media type of JSON lines", "application/jsonl", "{}"),
        typed("another charset", "application/json; charset=utf-16", "{}"),
        new Bad(
            "a compressed body",
            "POST",
            execute,
            bytes("{}"),
            List.of("content-type", "application/json", "content-encoding", "gzip"),
            415,
            "unsupported_media_type",
            null));
  }

  private static Bad typed(String what, String type, String body) {
    return new Bad(
        what,
        "POST",
        "/flows/" + FLOW + "/execute",
        bytes(body),
        List.of("content-type", type),
        415,
        "unsupported_media_type",
        null);
  }

  // -- JSON

  static Stream<Bad> json() {
    List<Bad> all = new ArrayList<>();
    for (Map.Entry<String, byte[]> broken : brokenJson().entrySet()) {
      String what = broken.getKey();
      byte[] body = broken.getValue();
      List<String> json = List.of("content-type", "application/json");
      all.add(new Bad(what, "POST", "/flows/" + FLOW + "/execute", body, json, 400, "syntax", ""));
      all.add(new Bad(what + ", as a definition", "POST", "/flows", body, json, 400, "syntax", ""));
      all.add(new Bad(what + ", as an event", "POST", "/events", body, json, 400, "syntax", ""));
    }
    String execute = "/flows/" + FLOW + "/execute";
    all.add(bad("a list in place of an object", "POST", execute, "[]", 400, "wrong_type", ""));
    all.add(bad("a text in place of an object", "POST", execute, "\"x\"", 400, "wrong_type", ""));
    all.add(bad("null", "POST", execute, "null", 400, "wrong_type", ""));
    all.add(
        bad("an unknown field", "POST", execute, "{\"inptu\": 1}", 400, "unknown_field", "/inptu"));
    all.add(
        bad(
            "a field with a slash",
            "POST",
            execute,
            "{\"a/b~c\": 1}",
            400,
            "unknown_field",
            "/a~1b~0c"));
    all.add(
        bad(
            "an unknown field of an event",
            "POST",
            "/events",
            "{\"type\": \"a\", \"dta\": 1}",
            400,
            "unknown_field",
            "/dta"));
    all.add(bad("an event without a type", "POST", "/events", "{}", 400, "missing_field", "/type"));
    all.add(
        bad(
            "an event of a wrong type",
            "POST",
            "/events",
            "{\"type\": 7}",
            400,
            "bad_value",
            "/type"));
    return all.stream();
  }

  private static Map<String, byte[]> brokenJson() {
    Map<String, byte[]> broken = new java.util.LinkedHashMap<>();
    broken.put("nothing but a brace", bytes("{"));
    broken.put("a comma too many", bytes("{\"input\": {\"a\": 1,}}"));
    broken.put("a comment", bytes("{\"input\": 1} // so"));
    broken.put("two values", bytes("{} {}"));
    broken.put("single quotes", bytes("{'input': 1}"));
    broken.put("a key twice", bytes("{\"input\": {\"a\": 1, \"a\": 2}}"));
    broken.put("a key twice, once escaped", bytes("{\"input\": {\"a\": 1, \"\\u0061\": 2}}"));
    broken.put("not a number", bytes("{\"input\": {\"n\": NaN}}"));
    broken.put("infinity", bytes("{\"input\": {\"n\": 1e400}}"));
    broken.put("a huge exponent", bytes("{\"input\": {\"n\": 1e131071}}"));
    broken.put("a tiny exponent", bytes("{\"input\": {\"n\": 1e-999999999}}"));
    broken.put("an exponent that overflows", bytes("{\"input\": {\"n\": 1e99999999999999999999}}"));
    broken.put("forty-one digits", bytes("{\"input\": {\"n\": " + "7".repeat(41) + "}}"));
    broken.put("a leading zero", bytes("{\"input\": {\"n\": 010}}"));
    broken.put("an escaped NUL", bytes("{\"input\": {\"t\": \"a\\u0000b\"}}"));
    broken.put("a raw NUL", bytes("{\"input\": {\"t\": \"a\u0000b\"}}"));
    broken.put("a raw line feed in a text", bytes("{\"input\": {\"t\": \"a\nb\"}}"));
    broken.put("half a surrogate pair", bytes("{\"input\": {\"t\": \"\\ud83d\"}}"));
    broken.put("the wrong half first", bytes("{\"input\": {\"t\": \"\\ude00\\ud83d\"}}"));
    broken.put("half a pair as a key", bytes("{\"input\": {\"\\udc00\": 1}}"));
    broken.put("sixty-five levels", bytes("[".repeat(65) + "]".repeat(65)));
    broken.put("a hundred thousand levels", bytes("[".repeat(100_000)));
    broken.put("a byte order mark", bytes("\uFEFF{}"));
    broken.put("overlong UTF-8", with("{\"input\": {\"t\": \"", new int[] {0xC0, 0x80}, "\"}}"));
    broken.put(
        "an encoded surrogate",
        with("{\"input\": {\"t\": \"", new int[] {0xED, 0xA0, 0x80}, "\"}}"));
    broken.put("a cut character", with("{\"input\": {\"t\": \"", new int[] {0xF0, 0x9F}, "\"}}"));
    broken.put(
        "beyond Unicode",
        with("{\"input\": {\"t\": \"", new int[] {0xF4, 0x90, 0x80, 0x80}, "\"}}"));
    broken.put("Latin-1", with("{\"input\": {\"t\": \"", new int[] {0xE9}, "\"}}"));
    return broken;
  }

  // -- YAML

  static Stream<Bad> yaml() {
    String steps = "\nsteps:\n  - a: {set: {x: 1}}\n";
    return Stream.of(
        yaml("a tab", "flow: y\n\tsteps: 1", "syntax", null),
        yaml("nothing", " ", "empty", null),
        yaml("a text", "just words", "wrong_type", null),
        yaml("a key twice", "flow: y\nflow: z" + steps, "duplicate_key", null),
        yaml("a tag", "flow: !!java.net.URL [x]" + steps, "tag", null),
        yaml("an anchor", "flow: &a y\ntitle: *a" + steps, "anchor", null),
        yaml("a bomb of anchors", bomb(), "anchor", null),
        yaml("a merge key", "flow: y\nvars:\n  <<: {a: 1}" + steps, "merge_key", null),
        yaml("a second document", "flow: y" + steps + "---\nflow: z", "second_document", null),
        yaml("a directive", "%YAML 1.1\n---\nflow: y" + steps, "directive", null),
        yaml("a number as a key", "flow: y\nvars: {1: a}" + steps, "key_not_text", null),
        yaml(
            "thirty-three levels",
            "flow: y\nvars: " + "[".repeat(33) + "]".repeat(33) + steps,
            "too_deep",
            null),
        yaml("a thousand levels", "flow: y\nvars: " + "[".repeat(1_000), "too_deep", null),
        yaml("an unknown key", "flow: y\ntilte: x" + steps, "unknown_key", "/tilte"),
        yaml("no steps", "flow: y\nsteps: []\n", "empty", "/steps"),
        yaml("a name that is none", "flow: Über Flow" + steps, "bad_name", "/flow"),
        yaml("a name of 65 characters", "flow: " + "a".repeat(65) + steps, "bad_name", "/flow"),
        yaml(
            "a number of 41 digits",
            "flow: y\nvars: {n: " + "7".repeat(41) + "}" + steps,
            "number",
            "/vars/n"),
        yaml("infinity", "flow: y\nvars: {n: .inf}" + steps, "number", "/vars/n"),
        yaml("an escaped NUL", "flow: y\ntitle: \"a\\0b\"" + steps, "encoding", "/title"));
  }

  private static String bomb() {
    StringBuilder text = new StringBuilder("flow: y\na0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    return text.toString();
  }

  private static Bad yaml(String what, String text, String code, String pointer) {
    return new Bad(
        "YAML: " + what,
        "POST",
        "/flows",
        bytes(text),
        List.of("content-type", "application/yaml"),
        400,
        code,
        pointer);
  }

  // -- parameters, cursors, conditions, keys

  static Stream<Bad> query() {
    return Stream.of(
        bad("an unknown parameter", "GET", "/flows?catgory=x", "", 400, "unknown_parameter", null),
        bad("a parameter twice", "GET", "/flows?q=a&q=b", "", 400, "duplicate_parameter", null),
        bad("a parameter without a name", "GET", "/flows?=x", "", 400, "unknown_parameter", null),
        bad("a half percent sign", "GET", "/flows?q=%4", "", 400, "bad_parameter", null),
        bad("overlong UTF-8", "GET", "/flows?q=%C0%80", "", 400, "bad_parameter", null),
        bad("a NUL", "GET", "/flows?q=a%00b", "", 400, "bad_parameter", null),
        bad("a page of nothing", "GET", "/flows?limit=0", "", 400, "bad_parameter", null),
        bad("a page below nothing", "GET", "/flows?limit=-1", "", 400, "bad_parameter", null),
        bad("a page of 101", "GET", "/flows?limit=101", "", 400, "bad_parameter", null),
        bad("a page of text", "GET", "/flows?limit=ten", "", 400, "bad_parameter", null),
        bad("a page in other digits", "GET", "/flows?limit=%D9%A1", "", 400, "bad_parameter", null),
        bad(
            "a search of 201 characters",
            "GET",
            "/flows?q=" + "x".repeat(201),
            "",
            400,
            "bad_parameter",
            null),
        bad(
            "a cursor of one's own",
            "GET",
            "/executions?cursor=bm90LWFuLWlk",
            "",
            400,
            "bad_parameter",
            null),
        bad(
            "a cursor that is no base64",
            "GET",
            "/flows?cursor=%21%21",
            "",
            400,
            "bad_parameter",
            null),
        bad(
            "a long cursor",
            "GET",
            "/flows?cursor=" + "a".repeat(513),
            "",
            400,
            "bad_parameter",
            null),
        bad("a cursor with a NUL", "GET", "/flows?cursor=AAAA", "", 400, "bad_parameter", null),
        bad(
            "an unknown status",
            "GET",
            "/executions?status=runing",
            "",
            400,
            "bad_parameter",
            null),
        bad("no status", "GET", "/executions?status=,", "", 400, "bad_parameter", null),
        bad(
            "a day in place of a time",
            "GET",
            "/executions?from=2026-01-01",
            "",
            400,
            "bad_parameter",
            null),
        bad(
            "a year beyond all calendars",
            "GET",
            "/executions?from=%2B999999999-12-31T23:59:59Z",
            "",
            400,
            "bad_parameter",
            null),
        bad(
            "an attribute without a name",
            "GET",
            "/executions?search.=x",
            "",
            400,
            "unknown_parameter",
            null),
        bad(
            "a wait too long",
            "POST",
            "/flows/" + FLOW + "/execute?wait=26s",
            "{}",
            400,
            "bad_parameter",
            null),
        bad(
            "a wait without a unit",
            "POST",
            "/flows/" + FLOW + "/execute?wait=5",
            "{}",
            400,
            "bad_parameter",
            null),
        bad("a flag that is none", "POST", "/flows?draft=yes", "{}", 400, "bad_parameter", null));
  }

  static Stream<Bad> conditions() {
    String text = "{\"flow\": \"" + FLOW + "\", \"steps\": [{\"a\": {\"set\": {\"x\": 2}}}]}";
    String path = "/flows/" + FLOW;
    return Stream.of(
        with("a change without a condition", "PUT", path, text, 428, "precondition_required"),
        with(
            "a stale revision",
            "PUT",
            path,
            text,
            412,
            "precondition_failed",
            "if-match",
            "\"99\""),
        with("a weak tag", "PUT", path, text, 412, "precondition_failed", "if-match", "W/\"1\""),
        with(
            "a tag without quotes", "PUT", path, text, 412, "precondition_failed", "if-match", "1"),
        with(
            "a condition of nothing",
            "PUT",
            path,
            text,
            412,
            "precondition_failed",
            "if-match",
            ","),
        with(
            "an empty key",
            "POST",
            path + "/execute",
            "{}",
            400,
            "bad_idempotency_key",
            "idempotency-key",
            ""),
        with(
            "a long key",
            "POST",
            path + "/execute",
            "{}",
            400,
            "bad_idempotency_key",
            "idempotency-key",
            "k".repeat(201)),
        with(
            "a key of other letters",
            "POST",
            path + "/execute",
            "{}",
            400,
            "bad_idempotency_key",
            "idempotency-key",
            "ключ"));
  }

  // -- injections: they find nothing, or are told that they are no name

  static Stream<Bad> injections() {
    return Stream.of(
        bad("SQL in a name", "GET", "/flows/x'%20or%20'1'='1", "", 404, "not_found", null),
        bad(
            "SQL in an id",
            "GET",
            "/executions/1;drop%20table%20flows",
            "",
            404,
            "not_found",
            null),
        bad("SQL in an adapter", "GET", "/adapters/%27;--", "", 404, "not_found", null),
        bad(
            "SQL in a status",
            "GET",
            "/executions?status=queued')--",
            "",
            400,
            "bad_parameter",
            null),
        bad(
            "SQL in an attribute's name",
            "GET",
            "/executions?search.a'b=1",
            "",
            400,
            "unknown_parameter",
            null));
  }

  @ParameterizedTest
  @MethodSource("searches")
  void what_looks_like_a_query_is_only_text(String q) {
    Map<String, Long> before = stored();
    Answer answer = stack.call(stack.admin(), "GET", "/flows?q=" + q, null);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(stored()).isEqualTo(before);
  }

  static Stream<String> searches() {
    return Stream.of(
        "'",
        "%27%3B%20drop%20table%20flows%3B--",
        "%25",
        "%5C",
        "_",
        "a%20%26%20%7C%20!",
        "%22",
        "()",
        "%3A*",
        "a%3Cb%3E",
        "%F0%9F%98%80",
        "%24%24",
        "%7B%7D",
        "x".repeat(200));
  }

  // -- building them

  private static Bad bad(
      String what,
      String method,
      String path,
      String body,
      int status,
      String code,
      String pointer) {
    List<String> headers = body.isEmpty() ? List.of() : List.of("content-type", "application/json");
    return new Bad(what, method, path, bytes(body), headers, status, code, pointer);
  }

  private static Bad with(
      String what,
      String method,
      String path,
      String body,
      int status,
      String code,
      String... headers) {
    List<String> all = new ArrayList<>(List.of("content-type", "application/json"));
    all.addAll(Arrays.asList(headers));
    return new Bad(what, method, path, bytes(body), all, status, code, null);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] with(String begin, int[] octets, String end) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes(begin));
    for (int octet : octets) {
      out.write(octet);
    }
    out.writeBytes(bytes(end));
    return out.toByteArray();
  }
}
