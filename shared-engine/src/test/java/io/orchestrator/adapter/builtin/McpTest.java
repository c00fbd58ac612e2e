package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The wire format of https://modelcontextprotocol.io/specification/2025-11-25/basic/transports and
 * of its tools.
 */
class McpTest {
  private static final String SESSION = "1868a90c-7e1f-4a5b";

  private Bound mcp;

  @BeforeEach
  void bind() throws IOException {
    mcp = new Bound("{adapter: docs, type: mcp, auth: {bearer: {secret: mcp_token}}}");
  }

  @AfterEach
  void close() throws IOException {
    mcp.close();
  }

  /** A server that opens a session, and answers the requests after it so. */
  private void serves(String version, Told answer) {
    mcp.server.answers(
        asked -> {
          if (asked.method().equals("DELETE")) {
            return Told.empty(200);
          }
          return switch ((String) ((Map<?, ?>) asked.json()).get("method")) {
            case "initialize" ->
                Told.json(
                        200,
                        """
                        {'jsonrpc': '2.0', 'id': 1, 'result': {'protocolVersion': '%s',
                         'capabilities': {'tools': {'listChanged': true}},
                         'serverInfo': {'name': 'docs', 'version': '1.0.0'}}}
                        """
                            .formatted(version))
                    .with("Mcp-Session-Id", SESSION);
            case "notifications/initialized" -> Told.empty(202);
            default -> answer;
          };
        });
  }

  private void serves(Told answer) {
    serves("2025-11-25", answer);
  }

  private static Told result(String json) {
    return Told.json(200, "{'jsonrpc': '2.0', 'id': 2, 'result': " + json + "}");
  }

  private static Told events(String text) {
    return new Told(
        200, Map.of("Content-Type", "text/event-stream; charset=utf-8"), text.replace('\'', '"'));
  }

  private static final String FOUND =
      "{'content': [{'type': 'text', 'text': 'one'}, {'type': 'text', 'text': 'two'}],"
          + " 'structuredContent': {'hits': 2}, 'isError': false}";

  @Test
  void a_tool_is_called_in_a_session_of_its_own() {
    serves("2025-06-18", result(FOUND));
    assertThat(mcp.result(null, "{'tool': 'search', 'arguments': {'q': 'refund'}}"))
        .isEqualTo(
            Calling.data(
                """
                {'text': 'one\\ntwo', 'data': {'hits': 2},
                 'content': [{'type': 'text', 'text': 'one'}, {'type': 'text', 'text': 'two'}]}
                """));
    assertThat(mcp.server.asked())
        .extracting(Asked::method)
        .containsExactly("POST", "POST", "POST", "DELETE");
    assertThat(mcp.server.asked())
        .allSatisfy(
            asked ->
                assertThat(asked.headers()).containsEntry("authorization", "Bearer the-mcp_token"));
    Asked opened = mcp.server.asked().get(0);
    assertThat(opened.headers())
        .containsEntry("accept", "application/json, text/event-stream")
        .containsEntry("content-type", "application/json")
        .doesNotContainKey("mcp-session-id");
    assertThat(opened.json())
        .isEqualTo(
            Calling.data(
                """
                {'jsonrpc': '2.0', 'id': 1, 'method': 'initialize', 'params': {
                  'protocolVersion': '2025-11-25', 'capabilities': {},
                  'clientInfo': {'name': 'orchestrator', 'version': '1'}}}
                """));
    assertThat(mcp.server.asked().get(1).json())
        .isEqualTo(Calling.data("{'jsonrpc': '2.0', 'method': 'notifications/initialized'}"));
    Asked called = mcp.server.asked().get(2);
    assertThat(called.json())
        .isEqualTo(
            Calling.data(
                """
                {'jsonrpc': '2.0', 'id': 2, 'method': 'tools/call',
                 'params': {'name': 'search', 'arguments': {'q': 'refund'}}}
                """));
    assertThat(mcp.server.asked().subList(1, 4))
        .allSatisfy(
            asked ->
                assertThat(asked.headers())
                    .containsEntry("mcp-session-id", SESSION)
                    .containsEntry("mcp-protocol-version", "2025-06-18"));
  }

  @Test
  void the_answer_is_found_in_a_stream_of_events() {
    serves(
        events(
            ": hello\r\n\r\n"
                + "id: 1\r\n"
                + "event: message\r\n"
                + "data: {'jsonrpc': '2.0', 'method': 'notifications/progress', 'params':"
                + " {}}\r\n\r\n"
                + "data: {'jsonrpc': '2.0', 'id': 2,\r\n"
                + "data:  'result': "
                + FOUND
                + "}\r\n\r\n"));
    assertThat(mcp.map("call_tool", "{'tool': 'search'}")).containsEntry("text", "one\ntwo");
    serves(events("data: {'jsonrpc': '2.0', 'id': 2, 'result': " + FOUND + "}\n"));
    assertThat(mcp.map("call_tool", "{'tool': 'search'}"))
        .as("without the empty line at the end")
        .containsEntry("text", "one\ntwo");
  }

  @Test
  void a_tool_that_fails_and_a_server_that_refuses_are_failures() {
    serves(result("{'content': [{'type': 'text', 'text': 'no such order'}], 'isError': true}"));
    Failure failed = mcp.failure("call_tool", "{'tool': 'cancel'}");
    assertThat(failed.type()).isEqualTo("docs.tool_error");
    assertThat(failed.message()).isEqualTo("the tool cancel failed: no such order");
    assertThat(failed.retryable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "-32602, validation, false",
    "-32601, not_found, false",
    "-32603, adapter_error, true",
    "-32000, adapter_error, false"
  })
  void an_error_of_the_protocol_is_what_its_code_means(int code, String type, boolean retryable) {
    serves(
        Told.json(
            200,
            "{'jsonrpc': '2.0', 'id': 2, 'error': {'code': %d, 'message': 'Unknown tool: x'}}"
                .formatted(code)));
    Failure failure = mcp.failure("call_tool", "{'tool': 'x'}");
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.message()).contains("Unknown tool: x");
  }

  @Test
  void what_the_way_to_a_server_says_is_told_as_of_any_service() {
    mcp.server.answers(Told.empty(401));
    assertThat(mcp.failure("call_tool", "{'tool': 'x'}").type()).isEqualTo("authentication");
    mcp.server.answers(Told.empty(503));
    assertThat(mcp.failure("call_tool", "{'tool': 'x'}").type()).isEqualTo("adapter_unavailable");
    serves(Told.empty(404));
    Failure forgotten = mcp.failure("call_tool", "{'tool': 'x'}");
    assertThat(forgotten.type()).isEqualTo("adapter_unavailable");
    assertThat(forgotten.retryable()).isTrue();
    serves(events("data: {'jsonrpc': '2.0', 'id': 99, 'result': {}}\n\n"));
    assertThat(mcp.failure("call_tool", "{'tool': 'x'}").message()).contains("gave no answer");
    serves("2031-01-01", result(FOUND));
    assertThat(mcp.failure("call_tool", "{'tool': 'x'}").message()).contains("another version");
  }

  @Test
  void the_tools_of_all_pages_are_listed() {
    mcp.server.answers(
        asked -> {
          if (asked.method().equals("DELETE")) {
            return Told.empty(405);
          }
          Map<?, ?> message = (Map<?, ?>) asked.json();
          Map<?, ?> params = message.get("params") instanceof Map<?, ?> map ? map : Map.of();
          return switch ((String) message.get("method")) {
            case "initialize" ->
                Told.json(
                    200,
                    "{'jsonrpc': '2.0', 'id': 1, 'result': {'protocolVersion': '2025-11-25',"
                        + " 'capabilities': {}, 'serverInfo': {}}}");
            case "notifications/initialized" -> Told.empty(202);
            default ->
                params.get("cursor") == null
                    ? result("{'tools': [{'name': 'a'}], 'nextCursor': 'p2'}")
                    : Told.json(
                        200, "{'jsonrpc': '2.0', 'id': 3, 'result': {'tools': [{'name': 'b'}]}}");
          };
        });
    assertThat(mcp.result("list_tools", "{}"))
        .isEqualTo(Calling.data("{'tools': [{'name': 'a'}, {'name': 'b'}]}"));
    assertThat(mcp.server.last().headers())
        .as("a server without sessions is not told good-bye")
        .doesNotContainKey("mcp-session-id");
    assertThat(mcp.server.last().method()).isEqualTo("POST");
  }
}
