package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that speak to a running stack. */
class StackCommandsTest {
  private static final String FLOW =
      """
      flow: recorded
      steps:
        - look:
            adapter: sandbox
            params: {$sandbox: {fail: {type: adapter_unavailable, times: 1}, answer: {amount: 12, list: [1]}}}
            retry: {attempts: 3, delay: 10ms, jitter: none}
            output: {amount: $result.amount}
        - both:
            parallel:
              - slow: {adapter: sandbox, params: {$sandbox: {delay: 300ms, answer: [1, 2]}}}
              - quick:
                  do:
                    - one: {adapter: sandbox, params: {error: x}}
                    - two: send_email
        - decide:
            if: $look.amount > $input.limit
            then:
              - raise: {type: too_much, message: "${ $look.amount } is too much"}
      """;

  @TempDir static Path folder;
  private static Stack stack;

  @BeforeAll
  static void start() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("examples"))) {
      here = here.getParent();
    }
    StackOptions options =
        StackOptions.of(here.resolve("template.yaml"), folder.resolve("data")).onPort(0);
    stack = Stack.start(options, Console.silent());
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  private static int run(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      texts[i] = arguments[i].toString();
    }
    return Main.commandLine().execute(texts);
  }

  private static Object data() {
    return folder.resolve("data");
  }

  /** The executions of the flow, the newest first. */
  private static List<Map<String, Object>> executions() {
    return executions("recorded");
  }

  private static List<Map<String, Object>> executions(String flow) {
    return Data.maps(got("/executions?flow=" + flow).get("items"));
  }

  private static Map<String, Object> got(String path) {
    try (Client client = Client.of(new Home(folder.resolve("data")), "local")) {
      return client.get(path, Client.JSON).json();
    }
  }

  private static Object status(Object execution) {
    return got("/executions/" + execution).get("status");
  }

  /** A command about executions. */
  private static int executions(String verb, Object... more) {
    List<Object> all = new ArrayList<>(List.of("executions", verb, "--data", data()));
    all.addAll(List.of(more));
    return run(all.toArray());
  }

  @Test
  void run_is_0_for_completed_and_1_for_any_other_end_and_both_become_tests_that_pass()
      throws IOException {
    Path flow = Files.writeString(folder.resolve("recorded.yaml"), FLOW);
    assertThat(run("run", "--data", data(), flow, "--input", "limit=20")).isZero();
    Path input = Files.writeString(folder.resolve("input.json"), "{\"limit\": 5}");
    assertThat(run("run", "--data", data(), "recorded", "--input", "@" + input, "--watch"))
        .isEqualTo(1);
    assertThat(run("run", "--data", data(), "no-such-flow")).isEqualTo(1);

    Path tests = folder.resolve("recorded.test.yaml");
    for (Map<String, Object> execution : executions()) {
      assertThat(run("record", "--data", data(), execution.get("id"), "--to", tests)).isZero();
    }
    String text = Files.readString(tests);
    assertThat(text).contains("$output", "adapter_unavailable", "too_much");
    assertThat(run("test", tests)).as(text).isZero();
    assertThat(TestFile.read(flow).tests()).hasSize(2);

    assertThat(run("record", "--data", data(), executions().getFirst().get("id"))).isZero();
    assertThat(run("record", "--data", data(), "00000000-0000-7000-8000-000000000000"))
        .isEqualTo(1);
    Files.writeString(folder.resolve("odd.yaml"), "tests:\n  - {expect: {}}\nmore: 1\n");
    assertThat(
            run(
                "record",
                "--data",
                data(),
                executions().getFirst().get("id"),
                "--to",
                folder.resolve("odd.yaml")))
        .isEqualTo(1);
  }

  @Test
  void the_page_of_docs_adds_a_service_tries_it_and_uses_it() throws Exception {
    try (AdapterPage page = new AdapterPage(folder, folder.resolve("data"))) {
      page.follow();
      assertThat(page.calls()).contains("GET /api/customers/c-7", "POST /api/customers/c-7/notes");
    }
  }

  @Test
  void an_expression_is_explained_over_an_execution_also_from_one_of_its_steps()
      throws IOException {
    Path flow =
        Files.writeString(
            folder.resolve("explained.yaml"),
            """
            flow: explained
            steps:
              - each:
                  foreach: $input.orders
                  do: [{large: {when: $item > 100, set: {seen: $item}}}]
              - last: {set: {n: 1}}
            """);
    assertThat(run("run", "--data", data(), flow, "--input", "orders=[50, 500]")).isZero();
    Object id;
    try (Client client = Client.of(new Home(folder.resolve("data")), "local")) {
      Object items = client.get("/executions?flow=explained", Client.JSON).json().get("items");
      id = Data.maps(items).getFirst().get("id");
    }
    assertThat(run("explain", "--data", data(), id, "$vars.n + 1")).isZero();
    assertThat(run("explain", "--data", data(), id, "$item > 100"))
        .as("there is no item at the end")
        .isEqualTo(1);
    assertThat(run("explain", "--data", data(), id, "$item > 100", "--step", "each[1]/large"))
        .isZero();
    assertThat(run("explain", "--data", data(), id, "$item > 100", "--step", "each[7]/large"))
        .isEqualTo(1);
    assertThat(run("explain", "--data", data(), id, "$vars.n >")).isEqualTo(1);
    assertThat(run("explain", "--data", data(), id)).isEqualTo(2);
  }

  @Test
  void flows_are_published_compared_rolled_back_and_retired() throws IOException {
    Path file = folder.resolve("catalogued.yaml");
    for (int version = 0; version < 2; version++) {
      Files.writeString(
          file, "flow: catalogued\nsteps:\n  - a: {set: {x: %d}}\n".formatted(version));
      assertThat(run("flows", "publish", "--data", data(), file)).isZero();
    }
    assertThat(run("flows", "list", "--data", data(), "cata")).isZero();
    assertThat(run("flows", "versions", "--data", data(), "catalogued")).isZero();
    assertThat(run("flows", "diff", "--data", data(), "catalogued", "1.0.0", "1.0.1")).isZero();
    assertThat(stable()).isEqualTo("1.0.1");
    assertThat(run("flows", "rollback", "--data", data(), "catalogued")).isZero();
    assertThat(stable()).isEqualTo("1.0.0");
    assertThat(run("flows", "activate", "--data", data(), "catalogued", "1.0.1")).isZero();
    assertThat(stable()).isEqualTo("1.0.1");
    assertThat(run("flows", "activate", "--data", data(), "catalogued", "9.0.0")).isEqualTo(1);
    assertThat(run("flows", "retire", "--data", data(), "catalogued")).isZero();
    assertThat(stable()).isNull();
    assertThat(run("flows", "diff", "--data", data(), "nowhere")).isEqualTo(1);
    assertThat(run("flows")).isEqualTo(2);
  }

  private static Object stable() {
    try (Client client = Client.of(new Home(folder.resolve("data")), "local")) {
      Client.Answer answer = client.get("/flows/catalogued", Client.JSON);
      return Data.map(answer.json().get("route")).get("stable");
    }
  }

  @Test
  void an_operator_finds_a_failed_execution_looks_at_it_and_mends_it() throws IOException {
    Path flow = folder.resolve("fragile.yaml");
    Files.writeString(
        flow,
        """
        flow: fragile
        search: {n: $input.n}
        steps:
          - first: {set: {seen: $input.n}}
          - check: {assert: $input.n > 10, message: too few}
        """);
    assertThat(run("run", "--data", data(), flow, "--input", "n=1")).isEqualTo(1);
    Object id = executions("fragile").getFirst().get("id");
    Object[] filters = {"--flow", "fragile", "--status", "failed", "--since", "1h"};
    assertThat(executions("list", filters)).isZero();
    assertThat(executions("list", "--search", "n=1", "--limit", "1")).isZero();
    assertThat(executions("list", "--status", "fialed")).isEqualTo(1);
    assertThat(executions("list", "--since", "soon")).isEqualTo(2);
    assertThat(run("failures", "--data", data(), "--flow", "fragile")).isZero();
    assertThat(executions("show", id)).isZero();
    assertThat(executions("show", id, "--history")).isZero();
    assertThat(executions("show", id, "--json")).isZero();
    assertThat(executions("show", "00000000-0000-7000-8000-000000000000")).isEqualTo(1);

    assertThat(executions("retry", id, "--watch")).as("fails again").isEqualTo(1);
    assertThat(executions("retry", id, "--input", "n=20", "--reason", "a typo", "--watch"))
        .isZero();
    assertThat(got("/executions/" + id).get("input")).isEqualTo(Map.of("n", 20L));
    assertThat(executions("rollback", id, "--to", "check", "--watch")).isZero();
    assertThat(executions("rollback", id, "--revision", "1000000")).isEqualTo(1);
    assertThat(executions("rerun", id, "--input", "n=30", "--key", "again", "--watch")).isZero();
    assertThat(executions("rerun", id, "--input", "n=30", "--key", "again")).isZero();
    assertThat(executions("fragile")).as("the second key was the first's").hasSize(2);
    assertThat(executions("cancel", id, "--reason", "too late")).isEqualTo(1);
    assertThat(executions("watch", id)).isZero();
    assertThat(run("executions")).isEqualTo(2);
  }

  @Test
  void an_operator_steers_what_waits() throws IOException {
    Path flow = folder.resolve("patient.yaml");
    Files.writeString(
        flow,
        """
        flow: patient
        steps:
          - w: {await: {signal: go, timeout: 1h}}
          - after: {set: {got: $w}}
        """);
    assertThat(run("flows", "publish", "--data", data(), flow)).isZero();
    Object signalled = started("patient");
    assertThat(executions("pause", signalled, "--reason", "look first")).isZero();
    assertThat(executions("resume", signalled)).isZero();
    assertThat(executions("resume", signalled, "--budget", "steps")).isEqualTo(2);
    assertThat(executions("signal", signalled, "nobody")).isEqualTo(1);
    assertThat(executions("signal", signalled, "go", "--with", "{\"amount\": 20}")).isZero();
    assertThat(executions("watch", signalled)).isZero();
    assertThat(got("/executions/" + signalled).toString()).contains("amount=20");

    Object completed = started("patient");
    assertThat(executions("complete", completed, "w", "--output", "5")).isZero();
    assertThat(executions("watch", completed)).isZero();
    Object failed = started("patient");
    assertThat(executions("fail", failed, "w", "--message", "nobody answers")).isZero();
    assertThat(executions("watch", failed)).isEqualTo(1);
    assertThat(executions("skip", failed, "w")).isEqualTo(1);
    Object skipped = started("patient");
    assertThat(executions("skip", skipped, "w")).isZero();
    assertThat(executions("watch", skipped)).isZero();
    Object cancelled = started("patient");
    assertThat(executions("cancel", cancelled)).isZero();
    assertThat(status(cancelled)).isEqualTo("cancelled");

    Object[] bulk = {"bulk", "rerun", "--data", data(), "--flow", "patient"};
    assertThat(run(bulk)).isZero();
    assertThat(executions("patient")).as("only counted").hasSize(5);
    Object[] order = Arrays.copyOf(bulk, bulk.length + 4);
    System.arraycopy(new Object[] {"--yes", "--watch", "--key", "night"}, 0, order, bulk.length, 4);
    assertThat(run(order)).isZero();
    assertThat(executions("patient")).as("the failed one again").hasSize(6);
    assertThat(run("bulk", "show", "--data", data(), "no-such-order")).isEqualTo(1);
    assertThat(run("bulk")).isEqualTo(2);
  }

  /** An execution of the flow that waits. */
  private static Object started(String flow) {
    try (Client client = Client.of(new Home(folder.resolve("data")), "local")) {
      byte[] nothing = "{}".getBytes(StandardCharsets.UTF_8);
      Object id =
          client.send("POST", "/flows/" + flow + "/execute", Client.JSON, nothing).json().get("id");
      Awaitility.await().until(() -> "waiting".equals(status(id)));
      return id;
    }
  }

  @Test
  void a_stack_elsewhere_is_named_by_its_address_and_a_token() {
    Whose whose = new Whose();
    String url = stack.url();
    String token =
        Issuer.of(new Home(folder.resolve("data")))
            .token("elsewhere", List.of("flow:read"), "ann", Clock.systemUTC());
    Map<String, String> environment = Map.of("ORCHESTRATOR_URL", url, "ORCHESTRATOR_TOKEN", token);
    try (Client client = whose.client(environment)) {
      assertThat(client.get("/me", Client.JSON).json()).containsEntry("tenant", "elsewhere");
    }
    assertThatThrownBy(() -> whose.client(Map.of("ORCHESTRATOR_URL", url)))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("ORCHESTRATOR_TOKEN");
  }
}
