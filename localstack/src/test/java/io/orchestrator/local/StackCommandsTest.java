package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
    try (Client client = Client.of(new Home(folder.resolve("data")), "local")) {
      return Data.maps(client.get("/executions?flow=recorded", Client.JSON).json().get("items"));
    }
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
}
