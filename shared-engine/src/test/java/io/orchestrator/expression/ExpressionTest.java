package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExpressionTest {

  static Stream<Arguments> values() {
    return Table.of(
        """
        1 => 1
        1.50 => 1.50
        1e3 => 1000
        -9223372036854775808 => -9223372036854775808
        'a\\n\\u00e9\\'' => "a\\né'"
        "double 'quoted'" => "double 'quoted'"
        r'\\d' => "\\\\d"
        true => true
        null => null
        [1, 'a', [null]] => [1,"a",[null]]
        {a: 1, 'b c': {d: []}} => {"a":1,"b c":{"d":[]}}
        $order.id => "o-1"
        $order.customer.tags[1] => "eu"
        $headers['x-event-id'] => "e1"
        $order['customer'].name => "Zoë"
        $missing => null
        $missing.a.b[0].c => null
        $order.nothing => null
        $order.note.deeper => null
        $items[3] => null
        $items[-1] => null
        $items[0.5] => null
        $items[1.0].sku => "a"
        1 + 2 * 3 => 7
        (1 + 2) * 3 => 9
        10 - 2 - 3 => 5
        7 % 3 => 1
        -7 % 3 => -1
        7.5 % 2 => 1.5
        5/2 => 2.5
        4/2 => 2
        1/3 => 0.3333333333333333333333333333333333
        2/3 => 0.6666666666666666666666666666666667
        100/2.5 => 40
        0.1 + 0.2 => 0.3
        1.10 + 1 => 2.10
        9223372036854775807 + 1 => 9223372036854775808
        9223372036854775808 - 1 => 9223372036854775807
        -9223372036854775808 / -1 => 9223372036854775808
        9223372036854775807 * 3 => 27670116110564327421
        $order.big + 1 => 12345678901234567891
        - -3 => 3
        -$order.count => -3
        'a' + 'b' => "ab"
        [1] + [2, 3] => [1,2,3]
        0.1 + 0.2 == 0.3 => true
        5/2 == 2.5 => true
        1 == 1.0 => true
        1e2 == 100 => true
        '5' == 5 => false
        null == false => false
        $order.note == null => true
        $missing != null => false
        [1, 2] == [1.0, 2] => true
        {a: 1, b: 2} == {b: 2, a: 1} => true
        {a: 1} == {a: 1, b: null} => false
        {a: null} == {b: null} => false
        1 < 1.5 => true
        2 >= 2.0 => true
        'a' < 'b' => true
        'Z' < 'a' => true
        '\\ufb00' < '😀' => true
        false < true => true
        'vip' in $order.customer.tags => true
        1 in [1.0] => true
        'x' not in ['a'] => true
        'id' in $order => true
        5 in {a: 1} => false
        'abc' matches 'b' => true
        'abc' matches '^b' => false
        $text matches '(?i)^hello' => true
        $text.matches('W.rld$') => true
        $missing ?? 'none' => "none"
        $order.note ?? $missing ?? 3 => 3
        $missing.size ?? 1 + 1 => 2
        false ?? true => false
        $missing ?? 'a' == 'a' => true
        not true => false
        not 1 == 2 => true
        !(1 == 2) => true
        not not true => true
        !true == false => true
        not $missing => true
        true and not false => true
        true || $text.wrong => true
        false && $text.wrong => false
        false or true && false => false
        null && true => false
        $order.paid ? 'yes' : 'no' => "yes"
        false ? 1 : true ? 2 : 3 => 2
        $missing ? 1 : 2 => 2
        if($order.count > 2, 'many', $text.wrong) => "many"
        has($order.id) => true
        has($order.note) => true
        has($order.nothing) => false
        has($missing.a.b) => false
        has($headers['x-event-id']) => true
        has($numbers[3]) => false
        $items.map(i, i.price * 2) => [4,3.0,20]
        $items.map(i, i.stock, i.sku) => ["b","b"]
        $items.filter(i, i.price > 1.5).size() => 2
        $items.all(i, i.price > 1) => true
        [].all(i, false) => true
        $items.exists(i, i.sku == 'a') => true
        [].exists(i, true) => false
        $items.exists_one(i, i.sku == 'a') => true
        $items.exists_one(i, i.sku == 'b') => false
        $items.flat_map(i, [i.sku, i.price]) => ["b",2,"a",1.5,"b",10]
        $items.sort_by(i, i.price).map(i, i.price) => [1.5,2,10]
        $items.sort_by(i, i.sku).map(i, i.price) => [1.5,2,10]
        $items.group_by(i, i.sku).map_values ?? 'order' => "order"
        $items.group_by(i, i.sku).keys() => ["b","a"]
        $items.group_by(i, i.sku).b.size() => 2
        $items.to_map(i, i.sku, i.price) => {"b":10,"a":1.5}
        $items.to_map(i, i.sku).a.price => 1.5
        $items.map(i, $numbers.map(n, n * i.price)) => [[6,2,4],[4.5,1.5,3.0],[30,10,20]]
        [1, 2].map(x, [x].map(x, x + 1)[0] + x) => [3,5]
        $order.customer.in ?? $order.not ?? 'keywords are fields' => "keywords are fields"
        """);
  }

  @ParameterizedTest(name = "{0} gives {1}")
  @MethodSource("values")
  void an_expression_has_its_value(String expression, String json) {
    assertThat(Table.json(expression)).isEqualTo(json);
  }

  static Stream<Arguments> faults() {
    return Table.of(
        """
        $text.length => 0: field `length` cannot be read: `$text` is a string
        1 + $order.customer.name.first => 4: field `first` cannot be read: `$order.customer.name` is a string
        $items.sku => 0: field `sku` cannot be read: `$items` is an array
        $text[0] => 0: `[ ]` needs an array and a number or an object and a string: `$text` is a string, `0` is a number
        $order[0] => 0: `[ ]` needs an array and a number or an object and a string: `$order` is an object, `0` is a number
        $order.note + 1 => 0: `+` needs two numbers, two strings or two arrays: `$order.note` is null, `1` is a number; give a default with `??`
        1 * $order.nothing => 4: `*` needs two numbers: `1` is a number, `$order.nothing` is null; give a default with `??`
        'a' + 1 => 0: `+` needs two numbers, two strings or two arrays: `'a'` is a string, `1` is a number
        -$text => 1: `-` needs a number: `$text` is a string
        $order.nothing > 1 => 0: `>` needs two numbers or two strings: `$order.nothing` is null, `1` is a number
        'a' < 1 => 0: `<` needs two numbers or two strings: `'a'` is a string, `1` is a number
        [1] < [2] => 0: `<` needs two numbers or two strings: `[1]` is an array, `[2]` is an array
        1 / 0 => 0: `1 / 0`: division by zero
        1 % ($order.count - 3) => 0: `1 % ($order.count - 3`: division by zero
        1e300 * 1e300 => 0: `1e300 * 1e300`: the number's exponent is beyond 308
        1 in $missing => 5: `in` needs an array or an object on its right: `$missing` is null; give a default: `?? []`
        'a' in $text => 7: `in` needs an array or an object on its right: `$text` is a string; use `contains`
        1 matches 'a' => 0: `matches` needs two strings: `1` is a number
        1 && true => 0: a condition must be true or false: `1` is a number
        not 'a' => 4: a condition must be true or false: `'a'` is a string
        $missing.map(x, x) => 0: `map` needs an array: `$missing` is null; give a default: `?? []`
        $order.filter(x, x) => 0: `filter` needs an array: `$order` is an object; use `keys` or `values`
        $numbers.filter(x, x) => 19: a condition must be true or false: `x` is a number
        $items.flat_map(i, i.sku) => 19: `flat_map` needs an array for each element: `i.sku` is a string
        $items.sort_by(i, i.none) => 18: `sort_by` needs keys that are all numbers or all strings: `i.none` is null; give a default with `??`
        [1, 'a'].sort_by(i, i) => 20: `sort_by` needs keys that are all numbers or all strings: `i` is a string after a number
        $items.group_by(i, i.price) => 19: `group_by` needs strings as keys: `i.price` is a number; write `string(...)`
        """);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("faults")
  void a_broken_rule_names_the_field(String expression, String fault) {
    assertThatThrownBy(() -> Table.value(expression))
        .isInstanceOfSatisfying(
            ExpressionException.class,
            e -> assertThat(e.offset() + ": " + e.getMessage()).isEqualTo(fault));
  }

  static Stream<Arguments> malformed() {
    return Table.of(
        """
        ( => 1: the expression ends where a value was expected
        (1 => 2: the expression ends where `)` was expected
        1 2 => 2: `2` stands where the end of the expression was expected
        1 + => 3: the expression ends where a value was expected
        a => 0: `a` is not known here; write `$a` for data or 'a' for a text
        $x = 1 => 3: '=' has no meaning here; to compare write `==`
        $x === 1 => 3: `===` is not known; write `==`, which never converts
        $x & $y => 3: '&' has no meaning here; write `&&` or `and`
        $x | $y => 3: '|' has no meaning here; write `||` or `or`
        ${ $x } => 0: a name must follow `$`; `${ }` belongs into texts only, write what is inside
        $ x => 0: a name must follow `$`
        1 < 2 < 3 => 6: comparisons cannot be chained; join two with `and`
        1 == not true => 5: `not` needs parentheses here: `(not ...)`
        'a => 0: the string that begins here has no closing '
        '\\d' => 1: `\\d` is no escape; write `\\\\d`, or r'...' for a string without escapes
        '\\ud800' => 0: the string holds NUL or half of a surrogate pair
        15m => 0: `15m` is no number; a text stands in quotes: '15m'
        010 => 0: `010` begins with 0
        $list.0 => 6: a field's name must follow `.`; an element is written `[0]`
        {a: 1, a: 2} => 7: the key `a` stands twice in one object
        {1: 2} => 1: `1` stands where a key was expected
        [1,] => 3: `]` stands where a value was expected
        sizes(1) => 0: there is no function `sizes`; did you mean `size`?
        startswith('a', 'b') => 0: there is no function `startswith`; did you mean `startsWith`?
        eval(1) => 0: there is no function `eval`
        size() => 0: `size` takes 1 argument, not 0
        split('a') => 0: `split` takes 2 arguments, not 1
        now(1) => 0: `now` takes no arguments, not 1
        slice([1]) => 0: `slice` takes 2 to 3 arguments, not 1
        map($x, 1) => 0: `map` is called on an array: `$list.map(x, ...)`
        $x.map(1, 2) => 7: `map` begins with a name for the element: `map(x, ...)`
        $x.map(true, 2) => 7: `map` begins with a name for the element: `map(x, ...)`
        $x.all(i, 1, 2) => 7: `all` takes a name and at most one expression
        $x.map(i, i) + i => 15: `i` is not known here; write `$i` for data or 'i' for a text
        has(1) => 0: `has` takes one field: `has($x.y)`
        if(true) => 0: `if` takes 3 arguments: `if(condition, then, else)`
        'a' matches '(' => 12: the pattern is not RE2 syntax: missing closing )
        $x # 1 => 3: '#' has no meaning here
        and => 0: `and` stands where a value was expected
        """);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("malformed")
  void a_malformed_expression_is_refused_with_its_place(String expression, String fault) {
    assertThatThrownBy(() -> Expression.parse(expression))
        .isInstanceOfSatisfying(
            ExpressionException.class,
            e -> assertThat(e.offset() + ": " + e.getMessage()).isEqualTo(fault));
  }

  @Test
  void the_references_are_the_roots_with_their_constant_fields_in_order() {
    Expression expression =
        Expression.parse("$a.b['c'].d[0].e + $x.map(i, i.y + $q[$r.s].t) ?? has($z.y)");
    assertThat(expression.references())
        .containsExactly(
            new Reference("a", List.of("b", "c", "d"), 0),
            new Reference("x", List.of(), 19),
            new Reference("q", List.of(), 35),
            new Reference("r", List.of("s"), 38),
            new Reference("z", List.of("y"), 54));
  }

  @Test
  void a_condition_is_boolean_and_null_counts_as_false() {
    assertThat(Expression.parse("$order.paid").condition(Table.scope())).isTrue();
    assertThat(Expression.parse("$order.nothing").condition(Table.scope())).isFalse();
    assertThat(Expression.parse("$order.nothing").truth(Table.scope()))
        .isEqualTo(Expression.Truth.ABSENT);
    assertThat(Expression.parse("1 == 2").truth(Table.scope())).isEqualTo(Expression.Truth.NO);
    assertThatThrownBy(() -> Expression.parse(" $order.id").condition(Table.scope()))
        .isInstanceOf(ExpressionException.class)
        .hasMessage("a condition must be true or false: `$order.id` is a string");
  }

  @Test
  void what_can_never_be_a_condition_is_known_before_it_runs() {
    assertThat(Stream.of("1", "'true'", "$a + 1", "[true]", "{}", "-1").map(Expression::parse))
        .allMatch(Expression::isNeverBoolean);
    assertThat(
            Stream.of("true", "null", "$a", "$a == 1", "$a ?? 1", "size($a)")
                .map(Expression::parse))
        .noneMatch(Expression::isNeverBoolean);
  }

  @Test
  void ids_of_one_evaluation_differ_and_those_of_its_replay_are_the_same() {
    Object first = Table.value("[uuid(), uuid(), now()]");
    assertThat(Table.value("[uuid(), uuid(), now()]")).isEqualTo(first);
    assertThat((List<?>) first).doesNotHaveDuplicates().last().isEqualTo("2026-01-31T12:00:00Z");
    Scope other = new Scope(Table.DATA::get, Table.NOW, "another seed");
    assertThat(Expression.parse("uuid()").evaluate(other))
        .isNotEqualTo(((List<?>) first).getFirst());
  }
}
