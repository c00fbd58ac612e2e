package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit codes of commands that need no stack, or find none. */
class CommandLineTest {
  @TempDir Path folder;

  private static int run(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      texts[i] = arguments[i].toString();
    }
    return Main.commandLine().execute(texts);
  }

  @Test
  void nothing_or_an_unknown_command_is_wrong_usage() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("runn")).isEqualTo(2);
    assertThat(run("--help")).isZero();
  }

  @Test
  void validate_is_0_for_a_valid_flow_1_for_errors_and_2_for_wrong_usage() throws IOException {
    Path good = Files.writeString(folder.resolve("good.yaml"), "flow: good\nsteps: [send_email]\n");
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "flow: bad\nsteps: [send_emial]\n");
    assertThat(run("validate", good)).isZero();
    assertThat(run("validate", "--format", "json", good)).isZero();
    assertThat(run("validate", bad)).isEqualTo(1);
    assertThat(run("validate", good, bad)).isEqualTo(1);
    assertThat(run("validate", folder.resolve("missing.yaml"))).isEqualTo(1);
    assertThat(run("validate")).isEqualTo(2);
    assertThat(run("validate", "--format", "xml", good)).isEqualTo(2);
  }

  @Test
  void run_is_1_without_a_stack_and_2_for_wrong_usage() throws IOException {
    Path input = Files.writeString(folder.resolve("input.json"), "[1]");
    assertThat(run("run", "--data", folder, "hello")).isEqualTo(1);
    assertThat(run("run", "--data", folder)).isEqualTo(2);
    assertThat(run("run", "--data", folder, "--input", "nothing", "hello")).isEqualTo(2);
    assertThat(run("run", "--data", folder, "--input", "@" + input, "hello")).isEqualTo(2);
    assertThat(run("run", "--data", folder, "--input", "@" + folder.resolve("no.json"), "hello"))
        .isEqualTo(2);
  }
}
