package io.orchestrator.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.execution.MaskRules.Shape;
import io.orchestrator.expression.Json;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deployment covers in every flow, and what it leaves alone. */
class MaskRulesTest {
  private static final String TOKEN = "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password", "Password", "db_password", "NewPassword", "authorization", "Authorization",
            "api_key", "apiKey",
        "X-API-Key", "client_secret", "clientSecret", "secret", "access-token", "Set-Cookie", "SSN",
            "cardNumber",
        "card_number", "cvc"
      })
  void a_telling_name_is_one_however_it_is_written(String name) {
    assertThat(MaskRules.USUAL.isField(name)).isTrue();
    assertThat(MaskRules.USUAL.mayConcern("{\"a\":[{\"" + name + "\":\"x\"}]}")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "passwords_changed",
        "token_count",
        "author",
        "secretary",
        "email",
        "card",
        "key",
        "number"
      })
  void other_names_are_left_alone(String name) {
    assertThat(MaskRules.USUAL.isField(name)).isFalse();
    assertThat(MaskRules.USUAL.mayConcern("{\"a\":[{\"" + name + "\":\"x\"}]}")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "5555555555554444",
        "378282246310005",
        "6011111111111117",
        "2223003122003222"
      })
  void the_number_of_a_card_is_found_in_a_text(String number) {
    assertThat(MaskRules.USUAL.over("card " + number + ", please")).isEqualTo("card ***, please");
    assertThat(MaskRules.USUAL.mayConcern("{\"text\":\"card " + number + "\"}")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4111111111111112",
        "1790000000000",
        "0198c5a0-0000-7000-8000-000000000001",
        "01a205d6-8550-7411-1111-111111111111",
        "order 12345678901234567890123",
        "4.111111111111111e15",
        "2026-11-23T00:38:00.343Z"
      })
  void numbers_that_are_no_cards_are_left_alone(String text) {
    assertThat(MaskRules.USUAL.over(text)).isEqualTo(text);
    assertThat(MaskRules.USUAL.mayConcern("{\"text\":\"" + text + "\"}")).isFalse();
  }

  @Test
  void what_stands_in_an_authorization_header_is_found_wherever_it_is_quoted() {
    assertThat(MaskRules.USUAL.over("sent Authorization: Bearer abcdef0123456789"))
        .isEqualTo("sent Authorization: Bearer ***");
    assertThat(MaskRules.USUAL.over("token " + TOKEN + " expired")).isEqualTo("token *** expired");
  }

  @Test
  void mail_addresses_are_covered_only_if_that_is_wanted() {
    String text = "no mailbox ann.o'hara+x@mail.example.org here";
    assertThat(MaskRules.USUAL.over(text)).isEqualTo(text);
    assertThat(MaskRules.USUAL.everyShape().over(text)).isEqualTo("no mailbox *** here");
    assertThat(
            new MaskRules(List.of(), EnumSet.of(Shape.EMAIL)).concerns(Map.of("a", List.of(text))))
        .isTrue();
  }

  @Test
  void data_keeps_its_shape() {
    Object data =
        Json.read(
            "{\"user\":\"ann\",\"password\":{\"old\":\"x\",\"new\":\"y\"},\"has_password\":true,\"ssn\":null,"
                + "\"cards\":[4111111111111111,\"4111111111111111\",7]}");
    assertThat(Json.write(MaskRules.USUAL.over(data)))
        .isEqualTo(
            "{\"user\":\"ann\",\"password\":\"***\",\"has_password\":true,\"ssn\":null,\"cards\":[\"***\",\"***\",7]}");
    assertThat(MaskRules.NONE.over(data)).isEqualTo(data);
    assertThat(MaskRules.NONE.mayConcern(Json.write(data))).isFalse();
  }

  @Test
  void a_quotation_mark_in_a_text_ends_no_key() {
    assertThat(MaskRules.USUAL.mayConcern("{\"text\":\"say \\\"password\\\": now\"}")).isFalse();
    assertThat(MaskRules.USUAL.mayConcern("{\"a\":\"password\",\"b\":1}")).isFalse();
  }
}
