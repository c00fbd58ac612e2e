package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Answer;
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

/** The wire format of https://docs.retellai.com/api-references. */
class RetellTest {
  private static final String CALL =
      """
      {'call_id': 'Jabr9TXYYJHfvl6Syypi88rdAHYHmcq6', 'call_type': 'phone_call',
       'agent_id': 'oBeDLoLOeuAbiuaMFXRtDOLriTJ5tSxD', 'agent_version': 1,
       'call_status': 'registered', 'direction': 'outbound',
       'from_number': '+14157774444', 'to_number': '+12137774445', 'metadata': {'order': 'o-1'}}
      """;

  private Bound retell;

  @BeforeEach
  void bind() throws IOException {
    retell =
        new Bound(
            """
            adapter: retell
            type: retell
            settings: {from_number: "+14157774444", agent_id: agent-1}
            """);
  }

  @AfterEach
  void close() {
    retell.close();
  }

  private void answers(int status, String json) {
    retell.server.answers(Told.json(status, json));
  }

  private void isAsked(String method, String path) {
    Asked asked = retell.server.last();
    assertThat(asked.method()).isEqualTo(method);
    assertThat(asked.path()).isEqualTo(path);
    assertThat(asked.query()).isNull();
    assertThat(asked.headers()).containsEntry("authorization", "Bearer the-retell_key");
  }

  private void isAsked(String method, String path, String json) {
    isAsked(method, path);
    assertThat(retell.server.last().headers()).containsEntry("content-type", "application/json");
    assertThat(retell.server.last().json()).isEqualTo(Calling.data(json));
  }

  @Test
  void start_call_creates_a_phone_call_and_gives_the_call_object() {
    answers(201, CALL);
    Object result =
        retell.result(
            null,
            """
            {'to_number': '+12137774445', 'override_agent_id': 'agent-2',
             'retell_llm_dynamic_variables': {'name': 'Ada'}, 'metadata': {'order': 'o-1'}}
            """);
    isAsked(
        "POST",
        "/v2/create-phone-call",
        """
        {'from_number': '+14157774444', 'to_number': '+12137774445', 'override_agent_id': 'agent-2',
         'retell_llm_dynamic_variables': {'name': 'Ada'}, 'metadata': {'order': 'o-1'}}
        """);
    assertThat(result).isEqualTo(Calling.data(CALL));
  }

  @Test
  void a_call_that_is_given_a_whole_input_sends_only_what_retell_knows() {
    answers(201, CALL);
    retell.result(
        "start_call", "{'to_number': '+1213', 'from_number': '+1415', 'token': 'private'}");
    isAsked("POST", "/v2/create-phone-call", "{'from_number': '+1415', 'to_number': '+1213'}");
  }

  @Test
  void a_number_is_needed_before_anybody_is_asked() {
    assertThat(retell.failure("start_call", "{'metadata': {}}").type()).isEqualTo("validation");
    assertThat(retell.server.asked()).isEmpty();
  }

  @Test
  void get_call_gives_the_call_with_its_transcript() {
    answers(200, "{'call_id': 'c/1', 'call_status': 'ended', 'transcript': 'Agent: hi'}");
    Object result = retell.result("get_call", "{'call_id': 'c/1'}");
    isAsked("GET", "/v2/get-call/c%2F1");
    assertThat(retell.server.last().body()).isEmpty();
    assertThat(result)
        .isEqualTo(Map.of("call_id", "c/1", "call_status", "ended", "transcript", "Agent: hi"));
  }

  @Test
  void create_web_call_gives_the_access_token_for_the_browser() {
    answers(201, "{'call_id': 'c1', 'call_type': 'web_call', 'access_token': 'eyJ'}");
    assertThat(retell.result("create_web_call", "{'metadata': {'order': 'o-1'}}"))
        .isEqualTo(Map.of("call_id", "c1", "call_type", "web_call", "access_token", "eyJ"));
    isAsked("POST", "/v2/create-web-call", "{'agent_id': 'agent-1', 'metadata': {'order': 'o-1'}}");
  }

  @Test
  void stop_call_is_answered_without_a_body() {
    retell.server.answers(Told.empty(204));
    assertThat(retell.result("stop_call", "{'call_id': 'c1'}"))
        .isEqualTo(Map.of("call_id", "c1", "stopped", true));
    isAsked("POST", "/v2/stop-call/c1", "{}");
  }

  @Test
  void a_chat_is_begun_spoken_in_read_and_ended() {
    answers(201, "{'chat_id': 'ch1', 'agent_id': 'agent-1', 'chat_status': 'ongoing'}");
    retell.result("create_chat", "{'retell_llm_dynamic_variables': {'name': 'Ada'}}");
    isAsked(
        "POST",
        "/create-chat",
        "{'agent_id': 'agent-1', 'retell_llm_dynamic_variables': {'name': 'Ada'}}");

    answers(201, "{'messages': [{'message_id': 'm1', 'role': 'agent', 'content': 'Hi Ada'}]}");
    assertThat(retell.result("create_chat_completion", "{'chat_id': 'ch1', 'content': 'Hello'}"))
        .isEqualTo(
            Calling.data(
                "{'messages': [{'message_id': 'm1', 'role': 'agent', 'content': 'Hi Ada'}]}"));
    isAsked("POST", "/create-chat-completion", "{'chat_id': 'ch1', 'content': 'Hello'}");

    answers(200, "{'chat_id': 'ch1', 'chat_status': 'ongoing'}");
    retell.result("get_chat", "{'chat_id': 'ch1'}");
    isAsked("GET", "/get-chat/ch1");

    retell.server.answers(Told.empty(204));
    assertThat(retell.result("end_chat", "{'chat_id': 'ch1'}"))
        .isEqualTo(Map.of("chat_id", "ch1", "ended", true));
    isAsked("PATCH", "/end-chat/ch1", "{}");
  }

  @Test
  void a_chat_by_text_message_begins_with_two_numbers() {
    answers(201, "{'chat_id': 'ch1'}");
    retell.result("create_sms_chat", "{'to_number': '+1213'}");
    isAsked("POST", "/create-sms-chat", "{'from_number': '+14157774444', 'to_number': '+1213'}");
  }

  @ParameterizedTest
  @CsvSource({
    "400, adapter_error, false",
    "401, authentication, false",
    "402, retell.payment_required, false",
    "422, retell.unknown_asset, false",
    "429, rate_limited, true",
    "500, adapter_error, true",
    "503, adapter_unavailable, true"
  })
  void a_status_becomes_an_error_of_its_kind(int status, String type, boolean retryable) {
    answers(status, "{'status': 'error', 'message': 'Cannot find requested asset.'}");
    Failure failure = retell.failure("start_call", "{'to_number': '+1213'}");
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.retryable()).isEqualTo(retryable);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.data())
        .isEqualTo(Map.of("status", "error", "message", "Cannot find requested asset."));
  }

  @Test
  void a_page_of_a_gateway_instead_of_json_is_the_failure_that_its_status_says() {
    retell.server.answers(new Told(422, Map.of("Content-Type", "text/html"), "<html>no</html>"));
    assertThat(retell.failure("start_call", "{'to_number': '+1213'}"))
        .extracting(Failure::type, Failure::message)
        .containsExactly("retell.unknown_asset", "retell.start_call answered 422");
  }

  @Test
  void nobody_is_called_twice_because_an_answer_was_lost() {
    retell.server.answers(Told.json(504, "{}"));
    Failure failure = retell.failure("start_call", "{'to_number': '+1213'}");
    assertThat(failure.type()).isEqualTo("timeout");
    assertThat(failure.retryable()).isFalse();
    assertThat(((Answer.Refused) retell.call("get_call", "{'call_id': 'c1'}")).failure())
        .matches(Failure::retryable);
  }
}
