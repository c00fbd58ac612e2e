package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {

  static Stream<Arguments> texts() {
    return Table.of(
        """
        $order.total => 12.50
        $order.count + 1 => 4
        $items[0] => {"sku":"b","price":2,"stock":true}
        plain => "plain"
        $100 => "$100"
        $_x => "$_x"
        $ => "$"
        a $b c => "a $b c"
        $ x => "$ x"
        $$order.id => "$order.id"
        $$ and ${ $order.id } => "$ and o-1"
        $${ 1 } => "${ 1 }"
        a $$ b => "a $$ b"
        ${ $order.id } => "o-1"
        No. ${$order.id}/${ $order.count } => "No. o-1/3"
        <${ $order.note }> => "<>"
        ${ $order.customer } => "{\\"name\\":\\"Zoë\\",\\"tags\\":[\\"vip\\",\\"eu\\"]}"
        ${ {a: '}'} }! => "{\\"a\\":\\"}\\"}!"
        {x} } => "{x} }"
        """);
  }

  @ParameterizedTest(name = "{0} gives {1}")
  @MethodSource("texts")
  void a_text_is_filled(String text, String json) {
    assertThat(Json.write(Template.compile(text).fill(Table.scope()))).isEqualTo(json);
  }

  @Test
  void data_keeps_its_shape_and_keys_are_never_filled() {
    Object data =
        Json.read("{\"${ $order.id }\": [1, {\"n\": \"$order.count\"}], \"$order\": null}");
    Template template = Template.compile(data);
    assertThat(Json.write(template.fill(Table.scope())))
        .isEqualTo("{\"${ $order.id }\":[1,{\"n\":3}],\"$order\":null}");
    assertThat(template.data()).isSameAs(data);
    assertThat(template.expressions()).extracting(Expression::text).containsExactly("$order.count");
  }

  @Test
  void what_was_filled_in_is_never_read_as_a_template() {
    Scope scope =
        new Scope(
            Map.of("input", Json.read("{\"a\": \"${ 1 } $x\", \"secret\": \"k\"}"))::get,
            Table.NOW,
            "");
    assertThat(Json.write(Template.compile(Map.of("in", "$input")).fill(scope)))
        .isEqualTo("{\"in\":{\"a\":\"${ 1 } $x\",\"secret\":\"k\"}}");
  }

  @Test
  void a_secret_comes_from_the_text_of_the_template_only() {
    Object data =
        Json.read(
            "{\"key\": {\"secret\": \"stripe\"}, \"verify\": {\"secret\": {\"secret\":"
                + " \"shop\"}}}");
    Template template = Template.compile(data);
    assertThat(template.secrets()).containsExactly(new Secret("stripe"), new Secret("shop"));
    assertThat(template.fill(Table.scope()))
        .isEqualTo(
            Map.of("key", new Secret("stripe"), "verify", Map.of("secret", new Secret("shop"))));

    Scope scope = new Scope(Map.of("input", Map.of("secret", "stripe"))::get, Table.NOW, "");
    assertThat(Template.compile("$input").fill(scope)).isEqualTo(Map.of("secret", "stripe"));
    assertThat(Template.compile("${ $input }").fill(scope)).isEqualTo("{\"secret\":\"stripe\"}");
    assertThat(Template.compile("$ignored ?? {secret: 'stripe'}").fill(scope))
        .isEqualTo(Map.of("secret", "stripe"));
  }

  @Test
  void a_secret_that_parameters_hold_passes_whole_and_never_into_a_text() {
    Scope scope =
        new Scope(Map.of("params", Map.of("key", new Secret("stripe")))::get, Table.NOW, "");
    assertThat(Template.compile("$params.key").fill(scope)).isEqualTo(new Secret("stripe"));
    assertThatThrownBy(() -> Template.compile("Bearer ${ $params.key }").fill(scope))
        .isInstanceOf(ExpressionException.class)
        .hasMessage("a secret cannot be part of a text");
  }

  @Test
  void all_faults_are_told_with_their_places() {
    Object data =
        Json.read(
            "{\"a\": \"$x plus\", \"b/c\": [\"ok\", \"see ${ $x\", \"${ 1 + }\"], \"s\":"
                + " {\"secret\": \"$x\"}}");
    List<ExpressionException> faults = Template.faults(data);
    assertThat(faults)
        .extracting(ExpressionException::pointer)
        .containsExactly("/a", "/b~1c/1", "/b~1c/2", "/s/secret");
    assertThat(faults).extracting(ExpressionException::offset).containsExactly(3, 4, 6, 0);
    assertThat(faults.getFirst()).hasMessageContaining("write `${ }` around each expression");
    assertThatThrownBy(() -> Template.compile(data)).hasMessage(faults.getFirst().getMessage());
  }

  @Test
  void ids_in_one_template_differ_and_come_again_with_the_same_seed() {
    Template template = Template.compile(List.of("${ uuid() }", "${ uuid() }"));
    List<?> ids = (List<?>) template.fill(Table.scope());
    assertThat(ids).doesNotHaveDuplicates().isEqualTo(template.fill(Table.scope()));
  }
}
