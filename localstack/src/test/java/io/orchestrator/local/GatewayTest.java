package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.expression.Json;
import io.orchestrator.local.FunctionSpec.Route;
import io.orchestrator.local.sample.EchoFunction;
import io.orchestrator.local.sample.EventsFunction;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GatewayTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private Gateway gateway;

  @BeforeEach
  void serve() {
    FunctionSpec echo =
        new FunctionSpec(
            "Echo",
            EchoFunction.class.getName() + "::handleRequest",
            128,
            Duration.ofSeconds(3),
            Map.of("GREETING", "hi"),
            List.of(new Route("POST", "/flows/{flow}", false), new Route("GET", "/flows", false)),
            List.of(),
            List.of());
    FunctionSpec events =
        new FunctionSpec(
            "Events",
            EventsFunction.class.getName() + "::handleRequest",
            128,
            Duration.ofSeconds(3),
            Map.of(),
            List.of(new Route("GET", "/events", false)),
            List.of(),
            List.of());
    gateway = Gateway.bind(0, "{\"keys\":[]}", Clock.systemUTC());
    gateway.serve(
        new Routes(List.of(echo, events)),
        Map.of("Echo", InProcessHost.start(echo), "Events", InProcessHost.start(events)));
  }

  @AfterEach
  void stop() {
    gateway.close();
    client.close();
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(gateway.url() + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void a_request_becomes_an_event_of_payload_format_2_and_the_answer_a_response() throws Exception {
    HttpResponse<String> response =
        send(
            to("/flows/a%20b?x=1&x=2&y=%C3%A9")
                .header("X-Many", "1")
                .header("X-Many", "2")
                .header("Cookie", "c=1; d=2")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString("{\"é\":1}")));
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.headers().firstValue("location")).contains("/somewhere");
    assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
    assertThat(response.body().lines())
        .contains(
            "route=POST /flows/{flow}",
            "path=/flows/a%20b",
            "raw-query=x=1&x=2&y=%C3%A9",
            "query={x=1,2, y=é}",
            "parameters={flow=a b}",
            "x-many=1,2",
            "cookies=[c=1, d=2]",
            "base64=false",
            "body={\"é\":1}",
            "method=POST",
            "greeting=hi");
  }

  @Test
  void a_body_that_is_no_text_is_sent_in_base64() throws Exception {
    HttpResponse<String> yaml =
        send(
            to("/flows/x")
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString("a: 1")));
    assertThat(yaml.body().lines()).contains("base64=true", "body=YTogMQ==");
    HttpResponse<String> broken =
        send(
            to("/flows/x")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(new byte[] {(byte) 0xC0, (byte) 0x80})));
    assertThat(broken.body().lines()).contains("base64=true", "body=wIA=");
    assertThat(send(to("/flows").GET()).body().lines())
        .contains("base64=false", "body=null", "parameters=null");
  }

  @Test
  void an_unknown_path_another_method_and_a_body_over_ten_megabytes_are_problems()
      throws Exception {
    HttpResponse<String> unknown = send(to("/nowhere").GET());
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(unknown.body()).contains("\"type\":\"urn:orchestrator:problem:not_found\"");
    HttpResponse<String> method = send(to("/flows").DELETE());
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("allow")).contains("GET");
    HttpResponse<String> large =
        send(to("/flows/x").POST(BodyPublishers.ofByteArray(new byte[12 * 1024 * 1024])));
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(large.body()).contains("\"code\":\"too_large\"");
  }

  @Test
  void a_problem_of_the_gateway_looks_like_one_of_the_functions() throws Exception {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    HttpResponse<String> unknown = send(to("/nowhere").header("traceparent", trace).GET());
    Map<?, ?> problem = (Map<?, ?>) Json.read(unknown.body());
    assertThat(problem.keySet().stream().map(Object::toString))
        .containsExactly("type", "title", "status", "detail", "code", "errors");
    assertThat(problem.get("type")).isEqualTo("urn:orchestrator:problem:not_found");
    assertThat(problem.get("title")).isEqualTo("Not Found");
    assertThat(problem.get("status")).isEqualTo(404L);
    assertThat(unknown.headers().firstValue("traceparent")).contains(trace);
    assertThat(unknown.headers().firstValue("cache-control")).contains("no-store");
    assertThat(send(to("/nowhere").GET()).headers().firstValue("traceparent").orElseThrow())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @Test
  void a_failing_function_is_an_internal_error_that_tells_nothing() throws Exception {
    HttpResponse<String> response = send(to("/flows/x?fail=true").POST(BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("asked to fail").contains("\"code\":\"internal\"");
  }

  @Test
  void the_keys_of_the_issuer_are_served() throws Exception {
    assertThat(send(to("/.well-known/jwks.json").GET()).body()).isEqualTo("{\"keys\":[]}");
  }

  @Test
  void a_taken_port_is_refused_with_its_holder() {
    assertThatThrownBy(() -> Gateway.bind(gateway.port(), "", Clock.systemUTC()))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(
            "Port " + gateway.port() + " is taken by process " + ProcessHandle.current().pid());
  }

  @Test
  void a_stream_of_events_stays_open_for_who_accepts_one_until_there_are_no_more()
      throws Exception {
    HttpResponse<String> stream = send(to("/events").header("Accept", "text/event-stream"));
    assertThat(stream.statusCode()).isEqualTo(200);
    assertThat(stream.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(stream.body().lines().filter(line -> line.startsWith("data")))
        .containsExactly("data: event 1", "data: event 2", "data: event 3");

    HttpResponse<String> rest =
        send(to("/events").header("Accept", "text/event-stream").header("Last-Event-ID", "2"));
    assertThat(rest.body()).isEqualTo("id: 3\ndata: event 3\n\n");

    HttpResponse<String> piece = send(to("/events"));
    assertThat(piece.body()).isEqualTo("id: 1\ndata: event 1\n\n");
    assertThat(send(to("/events").header("Last-Event-ID", "3")).statusCode()).isEqualTo(204);
  }
}
