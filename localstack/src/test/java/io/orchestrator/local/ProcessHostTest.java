package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.local.sample.BatchFunction;
import io.orchestrator.local.sample.EchoFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessHostTest {
  @TempDir Path folder;

  private ProcessHost host(Class<?> handler, Duration timeout) {
    return ProcessHost.start(
        new FunctionSpec(
            "Sample",
            handler.getName() + "::handleRequest",
            256,
            timeout,
            Map.of("GREETING", "from afar"),
            List.of(),
            List.of(),
            List.of()),
        new Home(folder),
        2);
  }

  private static APIGatewayV2HTTPEvent request(Map<String, String> query) {
    return APIGatewayV2HTTPEvent.builder()
        .withRouteKey("GET /x")
        .withRawPath("/x")
        .withHeaders(Map.of())
        .withQueryStringParameters(query)
        .withRequestContext(
            APIGatewayV2HTTPEvent.RequestContext.builder()
                .withHttp(
                    APIGatewayV2HTTPEvent.RequestContext.Http.builder().withMethod("GET").build())
                .build())
        .build();
  }

  @Test
  void a_process_answers_several_invocations_survives_an_exception_and_is_replaced_when_it_dies()
      throws Exception {
    try (ProcessHost host = host(EchoFunction.class, Duration.ofSeconds(20))) {
      assertThat(host.pids()).isEmpty();
      APIGatewayV2HTTPResponse first =
          host.invoke(request(Map.of()), APIGatewayV2HTTPResponse.class);
      long pid = host.pids().getFirst();
      assertThat(first.getStatusCode()).isEqualTo(202);
      assertThat(first.getBody()).contains("route=GET /x", "greeting=from afar", "pid=" + pid);

      assertThatThrownBy(
              () -> host.invoke(request(Map.of("fail", "true")), APIGatewayV2HTTPResponse.class))
          .isInstanceOf(FunctionException.class)
          .hasMessageContaining("asked to fail");
      assertThat(host.pids()).containsExactly(pid);

      assertThatThrownBy(
              () -> host.invoke(request(Map.of("die", "true")), APIGatewayV2HTTPResponse.class))
          .isInstanceOf(FunctionException.class)
          .hasMessageContaining("exit status 7");
      APIGatewayV2HTTPResponse next =
          host.invoke(request(Map.of()), APIGatewayV2HTTPResponse.class);
      assertThat(next.getBody()).contains("pid=" + host.pids().getFirst());
      assertThat(host.pids()).doesNotContain(pid);
    }
  }

  @Test
  void a_process_killed_in_its_work_or_over_its_time_fails_that_invocation() throws Exception {
    SQSEvent event = new SQSEvent();
    SQSEvent.SQSMessage message = new SQSEvent.SQSMessage();
    message.setMessageId("m1");
    message.setBody("hold");
    event.setRecords(List.of(message));
    ProcessHost host = host(BatchFunction.class, Duration.ofSeconds(1));
    try (host) {
      message.setBody("bad");
      SQSBatchResponse response = host.invoke(event, SQSBatchResponse.class);
      assertThat(response.getBatchItemFailures())
          .extracting(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
          .containsExactly("m1");

      message.setBody("hold");
      assertThatThrownBy(() -> host.invoke(event, SQSBatchResponse.class))
          .isInstanceOf(FunctionException.class)
          .hasMessageContaining("timed out");
      assertThat(host.pids()).isEmpty();

      CompletableFuture<Object> held =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return host.invoke(event, SQSBatchResponse.class);
                } catch (FunctionException e) {
                  throw new IllegalStateException(e);
                }
              });
      await().until(() -> host.pids().size() == 1);
      ProcessHandle.of(host.pids().getFirst()).orElseThrow().destroyForcibly();
      assertThatThrownBy(held::get)
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("exit status 137");
    }
    assertThat(host.pids()).isEmpty();
  }
}
