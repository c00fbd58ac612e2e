package io.orchestrator.adapter.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.ContractServer.Asked;
import io.orchestrator.adapter.ContractServer.Told;
import io.orchestrator.execution.Failure;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire format of https://marketplace.gohighlevel.com/docs. */
class GoHighLevelTest {
  private Bound crm;

  @BeforeEach
  void bind() throws IOException {
    crm = new Bound("{adapter: crm, type: gohighlevel, settings: {location_id: loc-1}}");
  }

  @AfterEach
  void close() {
    crm.close();
  }

  private void told(int status, String json, String action, String params) {
    crm.server.answers(Told.json(status, json));
    Object result = crm.result(action, params);
    assertThat(result).isEqualTo(Calling.data(json));
  }

  private void isAsked(String method, String path, String version, String json) {
    Asked asked = crm.server.last();
    assertThat(asked.method()).isEqualTo(method);
    assertThat(asked.path()).isEqualTo(path);
    assertThat(asked.query()).isNull();
    assertThat(asked.headers())
        .containsEntry("authorization", "Bearer the-gohighlevel_token")
        .containsEntry("version", version)
        .containsEntry("content-type", "application/json");
    assertThat(asked.json()).isEqualTo(Calling.data(json));
  }

  @Test
  void the_limit_of_an_app_is_declared() {
    assertThat(BuiltInTypes.definition("gohighlevel")).containsEntry("rate_limit", "100/10s");
  }

  @Test
  void upsert_contact_fills_in_the_location() {
    told(
        200,
        "{'new': true, 'contact': {'id': 'c1', 'email': 'ada@example.com'}, 'traceId': 't'}",
        null,
        "{'email': 'ada@example.com', 'tags': ['vip']}");
    isAsked(
        "POST",
        "/contacts/upsert",
        "2021-07-28",
        "{'email': 'ada@example.com', 'tags': ['vip'], 'locationId': 'loc-1'}");
  }

  @Test
  void create_contact_takes_the_location_that_it_is_given() {
    told(
        201,
        "{'contact': {'id': 'c1', 'locationId': 'loc-2'}}",
        "create_contact",
        "{'firstName': 'Ada', 'locationId': 'loc-2'}");
    isAsked("POST", "/contacts/", "2021-07-28", "{'firstName': 'Ada', 'locationId': 'loc-2'}");
  }

  @Test
  void a_contact_that_is_there_already_is_an_error_that_names_it() {
    crm.server.answers(
        Told.json(
            400,
            """
            {'statusCode': 400, 'message': 'This location does not allow duplicated contacts.',
             'meta': {'contactId': 'c1', 'matchingField': 'email'}}
            """));
    Failure failure = crm.failure("create_contact", "{'email': 'ada@example.com'}");
    assertThat(failure.type()).isEqualTo("crm.duplicate_contact");
    assertThat(failure.message()).contains("duplicated contacts");
    assertThat(failure.data()).extracting("meta.contactId").isEqualTo("c1");
  }

  @Test
  void update_contact_puts_what_changes() {
    told(
        200,
        "{'succeded': true, 'contact': {'id': 'c1'}}",
        "update_contact",
        "{'contactId': 'c1', 'phone': '+4930'}");
    isAsked("PUT", "/contacts/c1", "2021-07-28", "{'phone': '+4930'}");
  }

  @Test
  void search_contacts_asks_for_a_page() {
    told(
        200,
        "{'contacts': [{'id': 'c1'}], 'total': 1}",
        "search_contacts",
        "{'filters': [{'field': 'email', 'operator': 'eq', 'value': 'ada@example.com'}]}");
    isAsked(
        "POST",
        "/contacts/search",
        "2021-07-28",
        """
        {'filters': [{'field': 'email', 'operator': 'eq', 'value': 'ada@example.com'}],
         'locationId': 'loc-1', 'page': 1, 'pageLimit': 20}
        """);
  }

  @Test
  void add_tags_sends_the_tags_alone() {
    told(201, "{'tags': ['a', 'b']}", "add_tags", "{'contactId': 'c1', 'tags': ['b']}");
    isAsked("POST", "/contacts/c1/tags", "2021-07-28", "{'tags': ['b']}");
  }

  @Test
  void create_opportunity_is_open_unless_it_says_otherwise() {
    told(
        201,
        "{'opportunity': {'id': 'op1', 'status': 'open'}}",
        "create_opportunity",
        "{'pipelineId': 'p1', 'contactId': 'c1', 'name': 'Roof', 'monetaryValue': 12.5}");
    isAsked(
        "POST",
        "/opportunities/",
        "2021-07-28",
        """
        {'pipelineId': 'p1', 'contactId': 'c1', 'name': 'Roof', 'monetaryValue': 12.5,
         'locationId': 'loc-1', 'status': 'open'}
        """);
  }

  @Test
  void send_message_speaks_the_version_of_conversations() {
    told(
        200,
        "{'conversationId': 'cv1', 'messageId': 'm1'}",
        "send_message",
        "{'type': 'SMS', 'contactId': 'c1', 'message': 'We are on our way'}");
    isAsked(
        "POST",
        "/conversations/messages",
        "2021-04-15",
        "{'type': 'SMS', 'contactId': 'c1', 'message': 'We are on our way'}");
  }

  @Test
  void book_appointment_speaks_the_version_of_calendars() {
    told(
        200,
        "{'id': 'ap1', 'calendarId': 'cal1', 'appointmentStatus': 'confirmed'}",
        "book_appointment",
        "{'calendarId': 'cal1', 'contactId': 'c1', 'startTime': '2026-03-02T10:00:00+01:00'}");
    isAsked(
        "POST",
        "/calendars/events/appointments",
        "2021-04-15",
        """
        {'calendarId': 'cal1', 'contactId': 'c1', 'startTime': '2026-03-02T10:00:00+01:00',
         'locationId': 'loc-1'}
        """);
  }

  @Test
  void a_slot_that_is_gone_has_an_error_of_its_own() {
    crm.server.answers(
        Told.json(
            400,
            "{'statusCode': 400, 'message': 'The slot you have selected is no longer"
                + " available.'}"));
    assertThat(
            crm.failure(
                    "book_appointment",
                    "{'calendarId': 'cal1', 'contactId': 'c1', 'startTime':"
                        + " '2026-03-02T10:00:00Z'}")
                .type())
        .isEqualTo("crm.slot_taken");
  }

  @Test
  void an_expired_token_is_an_authentication_error() {
    crm.server.answers(
        Told.json(401, "{'statusCode': 401, 'message': 'Invalid token: access token is invalid'}"));
    assertThat(crm.failure(null, "{}").type()).isEqualTo("authentication");
  }

  @Test
  void too_many_requests_wait_as_long_as_the_service_says() {
    crm.server.answers(Told.json(429, "{'statusCode': 429}").with("Retry-After", "7"));
    Failure failure = crm.failure("add_tags", "{'contactId': 'c1', 'tags': ['b']}");
    assertThat(failure.type()).isEqualTo("rate_limited");
    assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void params_that_the_service_would_refuse_are_not_sent() {
    assertThat(crm.failure("add_tags", "{'contactId': 'c1', 'tags': 'b'}"))
        .extracting(Failure::type, Failure::adapter)
        .containsExactly("validation", "crm");
    assertThat(crm.failure("create_opportunity", "{'name': 'Roof'}").message())
        .contains("crm.create_opportunity");
    assertThat(crm.server.asked()).isEmpty();
  }
}
