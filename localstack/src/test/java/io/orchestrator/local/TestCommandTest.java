package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.rehearsal.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCommandTest {
  private static final String PATIENT =
      """
      flow: patient
      steps:
        - cool_down: {wait: 3d}
        - pay:
            adapter: bank
            retry: {attempts: 2, delay: 60s, backoff: constant, jitter: none}
        - decide:
            if: $pay.ok
            then:
              - send_email
      """;

  private static final String PASSES =
      """
      tests:
        - name: pays at the second attempt
          mocks: {pay: [{error: timeout}, {ok: true}]}
          expect: {status: completed, duration: P3DT1M, path: [cool_down, pay, send_email]}
      """;

  private static final String FAILS =
      """
      tests:
        - name: pays at once
          mocks: {pay: [{error: timeout}, {ok: true}]}
          expect:
            status: failed
            path: [cool_down, pay]
            output: {to: "<no>"}
      """;

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static int run(Object... arguments) {
    String[] texts = new String[arguments.length + 1];
    texts[0] = "test";
    for (int i = 0; i < arguments.length; i++) {
      texts[i + 1] = arguments[i].toString();
    }
    return Main.commandLine().execute(texts);
  }

  private static String shown(Path file) {
    TestFile read = TestFile.read(file);
    Report report = read.valid() ? Report.of(read.stage(), read.tests()) : null;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TestText text = new TestText(new PrintStream(out, true, StandardCharsets.UTF_8));
    TestCommand.Ran ran = new TestCommand.Ran(read, report, 0);
    text.print(ran);
    text.sum(List.of(ran));
    return out.toString(StandardCharsets.UTF_8).replace(file.getParent() + "/", "");
  }

  @Test
  void tests_that_pass_are_0_one_that_fails_is_1_and_what_cannot_run_is_2() throws IOException {
    Path passes = write("a/flow.yaml", PATIENT + PASSES);
    Path fails = write("b/flow.yaml", PATIENT + FAILS);
    Path broken = write("c/flow.yaml", "flow: broken\nsteps: [{x: {adapter: 1}}]\n");
    Path none = write("d/flow.yaml", "flow: none\nsteps: [send_email]\n");
    assertThat(run(passes)).isZero();
    assertThat(run(passes, fails)).isEqualTo(1);
    assertThat(run(passes, fails, broken)).isEqualTo(2);
    assertThat(run(none)).isEqualTo(2);
    assertThat(run(none, passes)).isZero();
    assertThat(run(folder.resolve("nothing.yaml"))).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(run("--format", "xml", passes)).isEqualTo(2);
    assertThat(run(folder.resolve("a"))).isZero();
    assertThat(run("--format", "json", fails)).isEqualTo(1);
  }

  @Test
  void a_test_that_fails_is_shown_with_the_difference_and_the_lines() throws IOException {
    assertThat(shown(write("flow.yaml", PATIENT + FAILS)))
        .isEqualTo(
            """
            flow.yaml:5:16 unknown_adapter there is no adapter 'bank' (warning)
                5 |       adapter: bank
                  |                ^
            patient  flow.yaml
              \u2718 pays at once  (completed after 3d 1m)
                  flow.yaml:15  status: expected failed, was completed
                  flow.yaml:16  the path is another  [send_email at flow.yaml:10]
                        cool_down
                        pay
                      + send_email
                  flow.yaml:17  output.to: expected "<no>", is missing
                      output.to: expected "<no>", is missing
                      output.sent: not expected, was true
                      output.message_id: not expected, was "mail-1"
              branches: 1 of 2 taken (50 %), never taken:
                  decide else  flow.yaml:7
            1 test, 0 passed, 1 failed
            """);
  }

  @Test
  void tests_may_stand_in_a_file_beside_the_flow() throws IOException {
    Path flow = write("flow.yaml", PATIENT);
    Path tests = write("flow.test.yaml", "flow: patient\n" + PASSES);
    assertThat(run(flow)).isZero();
    assertThat(run(tests)).isZero();
    assertThat(TestFile.read(flow).tests()).hasSize(1);
    write("flow.test.yaml", "tests: [{mocks: {pya: 1}, expect: {status: completed}}]");
    assertThat(run(flow)).isEqualTo(2);
    assertThat(shown(flow)).contains("flow.test.yaml:1:18 unknown_step", "did you mean 'pay'?");
  }

  @Test
  void an_adapter_that_is_not_at_hand_must_be_mocked() throws IOException {
    Path flow =
        write(
            "flow.yaml",
            PATIENT
                + """
                tests:
                  - name: forgets to mock
                    expect: {status: completed}
                """);
    assertThat(run(flow)).isEqualTo(2);
    assertThat(shown(flow)).contains("unknown_adapter").doesNotContain("(warning)");
  }

  @Test
  void adapters_beside_the_flow_are_known_but_not_called() throws IOException {
    write(
        "adapters/bank.yaml",
        """
        adapter: bank
        type: http
        base_url: https://bank.test
        default_action: transfer
        actions: {transfer: {path: /t}}
        """);
    Path flow = write("flow.yaml", PATIENT + PASSES);
    assertThat(run(flow)).isZero();
    assertThat(TestFile.read(flow).warnings()).isEmpty();
  }

  @Test
  void a_report_for_build_servers_is_well_formed() throws Exception {
    Path passes = write("a/flow.yaml", PATIENT + PASSES);
    Path fails = write("b/flow.yaml", PATIENT + FAILS);
    Path xml = folder.resolve("reports/flows.xml");
    assertThat(run("--junit-xml", xml, passes, fails)).isEqualTo(1);
    var factory = javax.xml.parsers.DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    var root = factory.newDocumentBuilder().parse(xml.toFile()).getDocumentElement();
    assertThat(root.getElementsByTagName("testsuite").getLength()).isEqualTo(2);
    assertThat(root.getElementsByTagName("testcase").getLength()).isEqualTo(2);
    assertThat(root.getElementsByTagName("failure").getLength()).isEqualTo(3);
    assertThat(root.getElementsByTagName("failure").item(2).getTextContent()).contains("\"<no>\"");
  }

  @Test
  void three_days_and_a_minute_take_less_than_a_second() throws IOException {
    Path flow = write("flow.yaml", PATIENT + PASSES);
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long begun = System.nanoTime();
      assertThat(run(flow)).isZero();
      shortest = Math.min(shortest, System.nanoTime() - begun);
    }
    assertThat(Duration.ofNanos(shortest)).isLessThan(Duration.ofSeconds(1));
  }
}
