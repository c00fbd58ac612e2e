package io.orchestrator.adapter.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Action;
import io.orchestrator.adapter.Definition;
import io.orchestrator.adapter.DefinitionText;
import io.orchestrator.adapter.KnownAdapter;
import io.orchestrator.expression.Json;
import io.orchestrator.flow.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentActionsTest {
  private static final String AT = "https://shop.example.com/openapi.yaml";

  private static byte[] resource(String name) {
    try (InputStream in = DocumentActionsTest.class.getResourceAsStream("/openapi/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A definition whose document is served by nobody but this. */
  private static DefinitionText.Read read(String definition, byte[] document) {
    Documents documents = (address, allow) -> new Documents.Found.Text(document);
    return new DefinitionText(documents, "").read(utf8(definition));
  }

  private static DefinitionText.Read shop() {
    return read(
        "adapter: shop\nbase_url: https://shop.example.com/v2\nopenapi: " + AT + "\n",
        resource("shop-3.0.yaml"));
  }

  private static DefinitionText.Read tickets(String more) {
    return read(
        "adapter: tickets\nbase_url: https://tickets.example.com\n" + more,
        resource("tickets-3.1.json"));
  }

  private static Definition good(DefinitionText.Read read) {
    assertThat(read.errors()).isEmpty();
    return read.definition();
  }

  private static List<String> messages(List<Problem> problems) {
    return problems.stream().map(Problem::message).toList();
  }

  private static Object at(Object data, String... keys) {
    for (String key : keys) {
      data = ((Map<?, ?>) data).get(key);
    }
    return data;
  }

  private static List<String> misfits(Definition definition, String action, String params) {
    return definition.action(action).input().misfits(Json.read(params.replace('\'', '"'))).stream()
        .map(misfit -> misfit.path())
        .toList();
  }

  @Test
  void every_operation_with_an_id_that_can_be_called_becomes_an_action() {
    Definition shop = good(shop());
    assertThat(shop.actions())
        .containsOnlyKeys(
            "list_orders", "create_order", "orders_get", "change_order", "cancel_order");
    Action list = shop.action("list_orders");
    assertThat(list.method()).isEqualTo("GET");
    assertThat(list.title()).isEqualTo("Orders, the newest first");
    assertThat(list.query()).containsOnlyKeys("status", "page-size", "tag", "id");
    assertThat(list.headers()).containsOnlyKeys("X-Tenant");
    assertThat(shop.action("orders_get").path()).hasToString("/orders/{order_id}");
  }

  @Test
  void what_is_left_out_is_told_with_its_place_in_the_document() {
    assertThat(messages(shop().warnings()))
        .anyMatch(
            one -> one.contains("the parameter filter is left out") && one.contains("line 21"))
        .anyMatch(one -> one.contains("the parameter session is left out"))
        .anyMatch(one -> one.contains("uploadInvoice is left out: it takes no JSON"))
        .anyMatch(one -> one.contains("GET /orders/{order-id}/invoice has no operationId"))
        .anyMatch(one -> one.contains("report is left out: it has servers of its own"))
        .satisfiesOnlyOnce(
            one -> assertThat(one).contains("this regular expression is not checked"))
        .allMatch(one -> one.contains(AT));
    assertThat(shop().warnings()).allMatch(one -> one.line() == 3 && one.path().equals("/openapi"));
  }

  @Test
  void schemas_say_at_publish_and_at_the_call_what_fits() {
    Definition shop = good(shop());
    String line = "'lines': [{'sku': 'a', 'parts': [{'sku': 'b'}]}]";
    assertThat(misfits(shop, "create_order", "{'X-Tenant': 't', 'customer': 'c', " + line + "}"))
        .isEmpty();
    assertThat(misfits(shop, "create_order", "{'X-Tenant': 't', 'customer': '', 'lines': []}"))
        .containsExactlyInAnyOrder("/customer", "/lines");
    assertThat(
            misfits(
                shop,
                "create_order",
                "{'X-Tenant': 't', 'customer': 'c', 'note': null, 'lines': [{'sku': 'a', 'parts':"
                    + " [{}]}]}"))
        .containsExactly("/lines/0/parts/0");
    assertThat(misfits(shop, "list_orders", "{'X-Tenant': 't', 'page-size': 0}"))
        .containsExactly("/page-size");
    assertThat(misfits(shop, "list_orders", "{'X-Tenant': 't', 'status': null}")).isEmpty();
    assertThat(misfits(shop, "list_orders", "{'X-Tenant': 't', 'stauts': 'open'}")).hasSize(1);
    assertThat(misfits(shop, "orders_get", "{'order_id': 'x'}")).containsExactly("/order_id");
  }

  @Test
  void what_the_service_answers_is_known_to_flows() {
    Definition shop = good(shop());
    assertThat(at(shop.action("create_order").result(), "properties", "total", "type"))
        .isEqualTo("number");
    assertThat(KnownAdapter.of(shop).shapes().get("create_order").result().described())
        .contains("object");
    assertThat(shop.action("cancel_order").result()).isNull();
  }

  @Test
  void only_what_may_be_done_twice_is_repeated() {
    Definition shop = good(shop());
    assertThat(shop.action("list_orders").idempotent()).isTrue();
    assertThat(shop.action("cancel_order").idempotent()).isTrue();
    assertThat(shop.action("create_order").idempotent()).as("it takes a key").isTrue();
    assertThat(shop.action("change_order").idempotent()).isFalse();
  }

  @Test
  void a_document_of_3_1_is_read_as_json_schema() {
    Definition tickets = good(tickets("openapi: " + AT + "\n"));
    assertThat(tickets.actions()).containsOnlyKeys("open_ticket", "watch_ticket", "search_tickets");
    assertThat(
            misfits(
                tickets,
                "open_ticket",
                "{'subject': 's', 'priority': null, 'kind': 'ticket', 'labels': {'x-a': 'b'}}"))
        .isEmpty();
    assertThat(
            misfits(
                tickets,
                "open_ticket",
                "{'subject': 's', 'priority': 0, 'kind': 'x', 'labels': {'a': 'b'}, 'more': 1}"))
        .hasSize(4);
    assertThat(at(tickets.action("open_ticket").result(), "required")).isEqualTo(List.of("ticket"));
    assertThat(misfits(tickets, "search_tickets", "{'q': 'a'}")).containsExactly("/q");
    assertThat(messages(tickets("openapi: " + AT + "\n").warnings()))
        .anyMatch(one -> one.contains("a reference into another document is not followed"))
        .anyMatch(one -> one.contains("the method trace is not called"));
  }

  @Test
  void a_body_with_a_field_of_a_parameters_name_is_a_param_of_its_own() {
    Definition tickets = good(tickets("openapi: " + AT + "\n"));
    Action watch = tickets.action("watch_ticket");
    assertThat(watch.body().data()).isEqualTo("$params.body");
    assertThat(misfits(tickets, "watch_ticket", "{'id': 7, 'who': 'ann', 'body': {'id': 'x'}}"))
        .isEmpty();
  }

  @Test
  void some_operations_can_be_chosen_and_then_must_be_possible() {
    String some = "openapi: {url: '" + AT + "', operations: [openTicket, watch*]}\n";
    assertThat(good(tickets(some)).actions()).containsOnlyKeys("open_ticket", "watch_ticket");
    assertThat(tickets(some).warnings()).isEmpty();
    DefinitionText.Read wrong =
        tickets("openapi: {url: '" + AT + "', operations: [elsewhere, openTickets]}\n");
    assertThat(wrong.definition()).isNull();
    assertThat(messages(wrong.errors()))
        .anyMatch(one -> one.startsWith("elsewhere: a reference into another document"))
        .anyMatch(one -> one.startsWith("the document has no operation 'openTickets'"));
    assertThat(wrong.errors()).anyMatch(one -> one.hint().contains("openTicket"));
  }

  @Test
  void an_inline_document_has_places_of_its_own() {
    String inline =
        """
        adapter: a
        base_url: https://a.example.com
        openapi:
          openapi: 3.1.0
          paths:
            /x:
              get:
                operationId: getX
                parameters: [{name: at, in: query, schema: {type: date}}]
            /y:
              get:
                operationId: get_y
            /z:
              get:
                operationId: get-z
        """;
    DefinitionText.Read twice =
        DefinitionText.OFFLINE.read(
            utf8(inline.replace("get-z", "getX").replace("date", "string")));
    assertThat(twice.errors())
        .extracting(Problem::line, Problem::path)
        .contains(org.assertj.core.api.Assertions.tuple(15, "/openapi/paths/~1z/get/operationId"));
    DefinitionText.Read one = DefinitionText.OFFLINE.read(utf8(inline));
    assertThat(one.definition().actions()).containsOnlyKeys("get_x", "get_y", "get-z");
    assertThat(one.warnings()).singleElement().matches(problem -> problem.line() == 9);
  }

  @Test
  void written_actions_lie_over_those_of_the_document_key_by_key() {
    Definition tickets =
        good(
            tickets(
                """
                openapi: %s
                default_action: open_ticket
                actions:
                  open_ticket: {timeout: 30s, output: {id: $response.body.ticket}}
                  ping: {method: GET, path: /ping}
                """
                    .formatted(AT)));
    assertThat(tickets.actions())
        .containsKeys("open_ticket", "ping", "watch_ticket", "search_tickets");
    Action open = tickets.action(null);
    assertThat(open.timeout()).hasSeconds(30);
    assertThat(open.path()).hasToString("/tickets");
    assertThat(open.result()).isNull();
    assertThat(open.input()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "swagger: '2.0' | this is no OpenAPI 3 document",
        "{openapi: 4.0.0} | OpenAPI 4.0.0 is not read",
        "{openapi: 3.1.0, paths: {}} | no operation of the document can be called",
        "{openapi: 3.1.0, paths: []} | there must be a map here",
        "[1] | is no map",
        "'a: [' | line 1",
        "{openapi: 3.0.0, paths: {/x: {$ref: '#/paths/~1x'}}} | leads in a circle"
      })
  void a_document_that_is_none_is_refused(String document, String message) {
    DefinitionText.Read read =
        read("adapter: a\nbase_url: https://a.example.com\nopenapi: " + AT + "\n", utf8(document));
    assertThat(read.definition()).isNull();
    assertThat(messages(read.errors())).anyMatch(one -> one.contains(message));
    assertThat(read.errors()).allMatch(one -> one.line() == 3);
  }

  @Test
  void documents_are_bounded() {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 201; i++) {
      paths.add("\"/p" + i + "\": {\"get\": {\"operationId\": \"get" + i + "\"}}");
    }
    byte[] many = utf8("{\"openapi\": \"3.1.0\", \"paths\": {" + String.join(",", paths) + "}}");
    String definition = "adapter: a\nbase_url: https://a.example.com\nopenapi: " + AT + "\n";
    assertThat(messages(read(definition, many).errors()))
        .anyMatch(one -> one.contains("201 operations, over 200"));
    byte[] large = utf8("{\"openapi\": \"3.1.0\", \"info\": \"" + "x".repeat(1024 * 1024) + "\"}");
    assertThat(messages(read(definition, large).errors()))
        .anyMatch(one -> one.contains("larger than 1024 KiB"));
    byte[] yaml = utf8("openapi: 3.1.0\ninfo: " + "x".repeat(300 * 1024) + "\n");
    assertThat(messages(read(definition, yaml).errors()))
        .anyMatch(one -> one.contains("over 256 KiB and no JSON"));
  }

  @Test
  void an_address_that_could_lead_elsewhere_is_not_fetched() {
    Documents never =
        (address, allow) -> {
          throw new AssertionError("fetched " + address);
        };
    for (String address :
        List.of(
            "ftp://a.example.com/x", "https://u@a.example.com", "https://127.1/x", "file:///x")) {
      String definition =
          "adapter: a\nbase_url: https://a.example.com\nopenapi: " + URI.create(address) + "\n";
      assertThat(new DefinitionText(never, "").read(utf8(definition)).errors())
          .singleElement()
          .matches(one -> one.path().equals("/openapi") && one.code().equals("bad_value"));
    }
  }

  @Test
  void what_cannot_be_fetched_is_told_and_without_fetching_the_rest_is_checked() {
    String definition =
        "adapter: a\nbase_url: https://a.example.com\nopenapi: " + AT + "\ndefault_action: get_x\n";
    Documents gone = (address, allow) -> new Documents.Found.Missing("a.example.com answered 404");
    assertThat(messages(new DefinitionText(gone, "").read(utf8(definition)).errors()))
        .containsExactly("the document cannot be fetched: a.example.com answered 404");
    assertThat(DefinitionText.OFFLINE.read(utf8(definition)).errors()).isEmpty();
    assertThat(DefinitionText.OFFLINE.read(utf8(definition + "colour: red\n")).errors()).hasSize(1);
  }
}
