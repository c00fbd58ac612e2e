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

/** The wire format of https://postmarkapp.com/developer/api/email-api. */
class EmailTest {
  private Bound mail;

  @BeforeEach
  void bind() throws IOException {
    mail =
        new Bound(
            """
            adapter: send_email
            type: email
            settings: {from: Shop <shop@example.com>, stream: outbound}
            """);
  }

  @AfterEach
  void close() {
    mail.close();
  }

  @Test
  void a_mail_is_sent_in_postmarks_words_without_what_is_not_there() {
    mail.server.answers(
        Told.json(
            200,
            """
            {'To': 'ada@example.com', 'SubmittedAt': '2026-03-01T12:00:00Z',
             'MessageID': '0a129aee-e1cd-480d-b08d-4f48548ff48d', 'ErrorCode': 0, 'Message': 'OK'}
            """));
    Object result =
        mail.result(
            null,
            """
            {'to': 'ada@example.com', 'subject': 'Your request', 'text': 'Thank you',
             'html': '<b>Thank you</b>', 'metadata': {'order': 'o-1'}, 'unknown': 'stays'}
            """);
    Asked asked = mail.server.last();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/email");
    assertThat(asked.headers())
        .containsEntry("x-postmark-server-token", "the-email_key")
        .containsEntry("accept", "application/json")
        .containsEntry("content-type", "application/json")
        .doesNotContainKey("authorization");
    assertThat(asked.json())
        .isEqualTo(
            Calling.data(
                """
                {'From': 'Shop <shop@example.com>', 'MessageStream': 'outbound',
                 'To': 'ada@example.com', 'Subject': 'Your request', 'TextBody': 'Thank you',
                 'HtmlBody': '<b>Thank you</b>', 'Metadata': {'order': 'o-1'}}
                """));
    assertThat(result)
        .isEqualTo(
            Map.of(
                "sent", true,
                "message_id", "0a129aee-e1cd-480d-b08d-4f48548ff48d",
                "to", "ada@example.com",
                "submitted_at", "2026-03-01T12:00:00Z"));
  }

  @Test
  void a_mail_may_say_everything_itself() {
    mail.server.answers(Told.json(200, "{'ErrorCode': 0, 'Message': 'OK', 'MessageID': 'm1'}"));
    mail.result(
        "send",
        """
        {'from': 'a@example.com', 'to': 'b@example.com', 'cc': 'c@example.com',
         'bcc': 'd@example.com', 'reply_to': 'e@example.com', 'tag': 'welcome', 'text': 'Hi',
         'stream': 'broadcast'}
        """);
    assertThat(mail.server.last().json())
        .isEqualTo(
            Calling.data(
                """
                {'From': 'a@example.com', 'To': 'b@example.com', 'Cc': 'c@example.com',
                 'Bcc': 'd@example.com', 'ReplyTo': 'e@example.com', 'Tag': 'welcome',
                 'TextBody': 'Hi', 'MessageStream': 'broadcast'}
                """));
  }

  @ParameterizedTest
  @CsvSource({
    "422, 406, send_email.inactive_recipient, false",
    "422, 400, send_email.unknown_sender, false",
    "422, 401, send_email.unknown_sender, false",
    "422, 405, send_email.not_allowed, false",
    "422, 300, send_email.invalid_mail, false",
    "200, 406, send_email.inactive_recipient, false",
    "200, 12, send_email.refused, false",
    "401, 10, authentication, false",
    "429, 429, rate_limited, true",
    "500, 0, adapter_error, true",
    "503, 100, adapter_unavailable, true"
  })
  void an_error_code_becomes_an_error_of_its_kind(
      int status, int code, String type, boolean retryable) {
    mail.server.answers(
        Told.json(status, "{'ErrorCode': " + code + ", 'Message': 'Something is wrong.'}"));
    Failure failure = mail.failure("send", "{'to': 'ada@example.com', 'text': 'Hi'}");
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.retryable()).isEqualTo(retryable);
    if (type.startsWith("send_email.")) {
      assertThat(failure.message()).isEqualTo("Something is wrong.");
    }
  }

  @Test
  void a_mail_without_a_recipient_is_not_sent() {
    assertThat(mail.failure("send", "{'text': 'Hi'}").type()).isEqualTo("validation");
    assertThat(mail.server.asked()).isEmpty();
  }
}
