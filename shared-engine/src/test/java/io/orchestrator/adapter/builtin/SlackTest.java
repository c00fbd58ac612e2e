package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The wire format of https://docs.slack.dev/reference/methods/chat.postMessage. */
class SlackTest {
  private Bound slack;

  @BeforeEach
  void bind() throws IOException {
    slack = new Bound("{adapter: slack, type: slack, settings: {channel: C0SUPPORT}}");
  }

  @AfterEach
  void close() {
    slack.close();
  }

  private void isAsked(String path, String json) {
    Asked asked = slack.server.last();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo(path);
    assertThat(asked.headers())
        .containsEntry("authorization", "Bearer the-slack_token")
        .containsEntry("content-type", "application/json; charset=utf-8");
    assertThat(asked.json()).isEqualTo(Calling.data(json));
  }

  @Test
  void a_message_goes_to_the_usual_channel() {
    slack.server.answers(
        Told.json(
            200,
            """
            {'ok': true, 'channel': 'C0SUPPORT', 'ts': '1503435956.000247',
             'message': {'text': 'Somebody needs help', 'type': 'message'}}
            """));
    assertThat(slack.result(null, "{'text': 'Somebody needs help'}"))
        .isEqualTo(Map.of("ok", true, "channel", "C0SUPPORT", "ts", "1503435956.000247"));
    isAsked("/chat.postMessage", "{'channel': 'C0SUPPORT', 'text': 'Somebody needs help'}");
  }

  @Test
  void an_answer_in_a_thread_of_another_channel_is_sent_as_it_is_said() {
    slack.server.answers(Told.json(200, "{'ok': true, 'channel': 'C1', 'ts': '2.0'}"));
    String message =
        """
        {'channel': 'C1', 'text': 'Done', 'thread_ts': '1.0',
         'blocks': [{'type': 'section', 'text': {'type': 'mrkdwn', 'text': '*Done*'}}]}
        """;
    slack.result("post_message", message);
    isAsked("/chat.postMessage", message);
  }

  @Test
  void a_message_is_changed_by_its_time() {
    slack.server.answers(
        Told.json(200, "{'ok': true, 'channel': 'C1', 'ts': '1.0', 'text': 'Better'}"));
    assertThat(slack.result("update_message", "{'channel': 'C1', 'ts': '1.0', 'text': 'Better'}"))
        .isEqualTo(Map.of("ok", true, "channel", "C1", "ts", "1.0"));
    isAsked("/chat.update", "{'channel': 'C1', 'ts': '1.0', 'text': 'Better'}");
  }

  @ParameterizedTest
  @CsvSource({
    "channel_not_found, slack.channel_not_found, false",
    "not_in_channel, slack.not_in_channel, false",
    "is_archived, slack.is_archived, false",
    "no_text, slack.no_text, false",
    "msg_too_long, slack.msg_too_long, false",
    "invalid_blocks, slack.invalid_blocks, false",
    "missing_scope, slack.missing_scope, false",
    "invalid_auth, slack.invalid_auth, false",
    "token_revoked, slack.invalid_auth, false",
    "internal_error, slack.unavailable, true",
    "ratelimited, slack.unavailable, true",
    "restricted_action, slack.refused, false"
  })
  void a_success_that_says_no_is_a_failure(String error, String type, boolean retryable) {
    slack.server.answers(Told.json(200, "{'ok': false, 'error': '" + error + "'}"));
    Failure failure = slack.failure("post_message", "{'text': 'Hi'}");
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.retryable()).isEqualTo(retryable);
  }

  @Test
  void too_many_messages_wait_as_long_as_slack_says() {
    slack.server.answers(
        Told.json(429, "{'ok': false, 'error': 'ratelimited'}").with("Retry-After", "30"));
    Failure failure = slack.failure("post_message", "{'text': 'Hi'}");
    assertThat(failure.type()).isEqualTo("rate_limited");
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(30));
  }
}
