package io.orchestrator.local.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} as a process of its own: what it prints, and how it ends and begins again. */
class UpTest {
  private static final Pattern READY = Pattern.compile("Ready http://localhost:(\\d+)");
  private static final Duration START_MAX = Duration.ofSeconds(90);
  private static final Duration STOP_MAX = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private Process up;
  private Path said;
  private int starts;
  private final List<ProcessHandle> begun = new ArrayList<>();

  private int start() throws IOException {
    starts++;
    said = folder.resolve("said-" + starts);
    up =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorchestrator.home=" + Project.ROOT,
                "-cp",
                System.getProperty("java.class.path"),
                "io.orchestrator.local.Main",
                "up",
                "--port",
                "0",
                "--data",
                folder.resolve("data").toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    await()
        .atMost(START_MAX)
        .until(() -> READY.matcher(Files.readString(said)).find() || !up.isAlive());
    Matcher ready = READY.matcher(Files.readString(said));
    assertThat(ready.find()).as(Files.readString(said)).isTrue();
    begun.add(up.toHandle());
    up.descendants().forEach(begun::add);
    return Integer.parseInt(ready.group(1));
  }

  private static int health(int port) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI health = URI.create("http://localhost:" + port + "/health");
      return client
          .send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  private void stops() throws InterruptedException, IOException {
    List<ProcessHandle> children = up.descendants().toList();
    assertThat(children).as("servers of the stack").isNotEmpty();
    up.destroy(); // SIGTERM; Ctrl-C takes the same way
    assertThat(up.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)).as("it has ended").isTrue();
    assertThat(Files.readString(said)).endsWith("Stopped.\n");
    assertThat(children.stream().filter(ProcessHandle::isAlive)).as("left behind").isEmpty();
  }

  @AfterEach
  void end() {
    begun.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void it_stops_when_told_leaves_nothing_at_work_and_starts_again_even_after_it_was_killed()
      throws Exception {
    assertThat(health(start())).isEqualTo(200);
    stops();
    assertThat(health(start())).isEqualTo(200);
    up.destroyForcibly().waitFor();
    assertThat(health(start())).isEqualTo(200);
    stops();
  }
}
