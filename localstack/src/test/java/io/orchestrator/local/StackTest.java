package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.orchestrator.local.sample.BatchFunction;
import io.orchestrator.local.sample.TickFunction;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackTest {
  @TempDir Path folder;

  @Test
  void the_stack_of_a_template_serves_delivers_and_ticks_says_where_and_stops() throws Exception {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    StackOptions options = StackOptions.of(TemplateTest.SAMPLE, folder).onPort(0);
    BatchFunction.SEEN.clear();
    TickFunction.TICKS.clear();
    Stack stack =
        Stack.start(options, new Console(new PrintStream(shown, true, StandardCharsets.UTF_8)));
    long postgres = stack.postgres().pid();
    try (stack;
        HttpClient client = HttpClient.newHttpClient()) {
      String url = stack.url();
      assertThat(shown.toString(StandardCharsets.UTF_8))
          .endsWith("Ready " + url + System.lineSeparator());
      var health =
          client.send(
              HttpRequest.newBuilder(URI.create(url + "/health")).build(), BodyHandlers.ofString());
      assertThat(health.body()).contains("greeting=hello from dev in eu-central-1");

      stack
          .queues()
          .client()
          .sendMessage(m -> m.queueUrl(stack.queues().url("StepQueue")).messageBody("go"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> BatchFunction.SEEN.size() == 1 && !TickFunction.TICKS.isEmpty());

      assertThatThrownBy(() -> Stack.start(options, Console.silent()))
          .isInstanceOf(StackException.class)
          .hasMessageContaining("already runs")
          .hasMessageContaining(url);
      assertThat(
              client
                  .send(
                      HttpRequest.newBuilder(URI.create(url + "/health")).build(),
                      BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(202);
    }
    assertThat(ProcessHandle.of(postgres).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(StackLock.running(new Home(folder))).isEmpty();
  }
}
