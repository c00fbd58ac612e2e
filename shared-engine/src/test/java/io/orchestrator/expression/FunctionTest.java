package io.orchestrator.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FunctionTest {

  static Stream<Arguments> values() {
    return Table.of(
        """
        size('a😀b') => 3
        size($items) => 3
        $order.customer.size() => 2
        [null, true, 1, 1.5, 'a', [], {}].map(x, type(x)) => ["null","boolean","number","number","string","array","object"]
        keys($order.customer) => ["name","tags"]
        values({b: 1, a: 2}) => [1,2]
        merge({a: 1, b: 2}, {b: 3, c: 4}) => {"a":1,"b":3,"c":4}
        pick({a: 1, b: 2, c: 3}, 'c', 'a', 'x') => {"a":1,"c":3}
        {a: 1, b: 2}.pick(['b']) => {"b":2}
        {a: 1, b: 2, c: 3}.omit('b') => {"a":1,"c":3}
        omit({a: 1, b: 2}, ['a', 'b']) => {}
        reverse([1, 2, 3]) => [3,2,1]
        reverse($smile) => "b😀a"
        slice([1, 2, 3, 4], 1) => [2,3,4]
        slice([1, 2, 3, 4], 1, 3) => [2,3]
        [1, 2, 3, 4].slice(-2) => [3,4]
        [1, 2, 3, 4].slice(0, -1) => [1,2,3]
        [1, 2].slice(5, 9) => []
        slice($smile, 1, 2) => "😀"
        first($numbers) => 3
        last($numbers) => 2
        first([]) => null
        last([]) => null
        range(3) => [0,1,2]
        range(2, 5) => [2,3,4]
        range(5, 0, -2) => [5,3,1]
        range(-1) => []
        distinct([1, 'a', 1.0, [1], [1.00], {a: 1, b: 2}, {b: 2, a: 1}]) => [1,"a",[1],{"a":1,"b":2}]
        sum($numbers) => 6
        sum([]) => 0
        sum([0.1, 0.2, 1]) => 1.3
        min($numbers) => 1
        max($numbers) => 3
        min('b', 'a') => "a"
        max(1, 2.5, 2) => 2.5
        max([]) => null
        lower('ÄB') => "äb"
        upper('straße') => "STRASSE"
        trim('  a b\\n') => "a b"
        split('a,b,,c', ',') => ["a","b","","c"]
        split('', ',') => [""]
        $smile.split('') => ["a","😀","b"]
        join(['a', 'b'], '-') => "a-b"
        join(['a', 'b']) => "ab"
        [].join(',') => ""
        replace('a.b.c', '.', '') => "abc"
        'aaa'.replace('aa', 'b') => "ba"
        contains($text, 'World') => true
        startsWith($text, 'Hello') => true
        $text.endsWith('x') => false
        substring($text, 7) => "World"
        substring($smile, 1, 2) => "😀"
        substring('abc', 2, 1) => ""
        number('12') => 12
        number(' -1.50 ') => -1.50
        number('1e3') => 1000
        number(2) => 2
        string(null) => ""
        string('a') => "a"
        string(1.50) => "1.50"
        string([1, 'a']) => "[1,\\"a\\"]"
        json('a') => "\\"a\\""
        json({b: 1, a: [null]}) => "{\\"b\\":1,\\"a\\":[null]}"
        parse_json('{"a": [1, 2.0]}').a => [1,2.0]
        round(2.5) => 2
        round(3.5) => 4
        round(-2.567, 2) => -2.57
        round(1234, -2) => 1200
        round(1.5, 3) => 1.5
        floor(-1.5) => -2
        ceil(1.2) => 2
        ceil(3) => 3
        abs(-3) => 3
        abs(1.5) => 1.5
        now() => "2026-01-31T12:00:00Z"
        date('2026-02-03') => "2026-02-03T00:00:00Z"
        date('2026-02-03T10:00:00+02:00') => "2026-02-03T08:00:00Z"
        date('2026-02-03T10:00') => "2026-02-03T10:00:00Z"
        date(1000) => "1970-01-01T00:00:01Z"
        date_add(now(), '90m') => "2026-01-31T13:30:00Z"
        date_add(now(), '-1d') => "2026-01-30T12:00:00Z"
        date_add(now(), 'P1M') => "2026-02-28T12:00:00Z"
        date_add(now(), 'P1DT2H') => "2026-02-01T14:00:00Z"
        date_add(now(), '-PT30M') => "2026-01-31T11:30:00Z"
        date_add(now(), 2, 'weeks') => "2026-02-14T12:00:00Z"
        date_diff('2026-01-01', '2026-01-02') => 86400
        date_diff('2026-01-02', '2026-01-01', 'hours') => -24
        date_diff('2026-01-31', '2026-03-01', 'months') => 1
        format_date(now(), 'dd.MM.yyyy HH:mm') => "31.01.2026 12:00"
        format_date(now(), 'EEE HH:mm', 'Europe/Berlin') => "Sat 13:00"
        hash('abc') => "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        hash('abc', 'sha1') => "a9993e364706816aba3e25717850c26c9cd0d89d"
        hash({a: 1.0, b: 2}) == hash({b: 2, a: 1}) => true
        base64('Zoë') => "Wm/Dqw=="
        uuid() matches '^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' => true
        matches('ab', 'a.') => true
        """);
  }

  @ParameterizedTest(name = "{0} gives {1}")
  @MethodSource("values")
  void a_function_has_its_value(String expression, String json) {
    assertThat(Table.json(expression)).isEqualTo(json);
  }

  @Test
  void every_function_stands_in_the_table() {
    String table = values().map(line -> (String) line.get()[0]).collect(Collectors.joining("\n"));
    assertThat(Arrays.stream(Function.values()).map(Function::text))
        .allMatch(name -> table.contains(name + "("));
  }

  static Stream<Arguments> faults() {
    return Table.of(
        """
        size($missing) => `size` needs a string, an array or an object: `$missing` is null; give a default with `??`
        size(1) => `size` needs a string, an array or an object: `1` is a number
        $order.count.keys() => `keys` needs an object: `$order.count` is a number
        upper($order.note) => `upper` needs a string: `$order.note` is null; give a default with `??`
        sum(['a']) => `sum`: `['a']` holds a string among its numbers
        max([1, 'a']) => `max`: `[1, 'a']` holds values of mixed types
        max([null]) => `max`: `[null]` holds null
        join([1]) => `join`: `[1]` must hold strings only, not a number; write `.map(x, string(x))`
        number('x') => `number`: `'x'` is not the text of a number ('x' stands where a value was expected)
        number('') => `number`: `''` is not the text of a number
        number(true) => `number` needs a string or a number: `true` is a boolean
        parse_json('{') => `parse_json`: `'{'` is not JSON: the text ends where a key in double quotes was expected (line 1, column 2)
        range(1, 2, 0) => `range`: `0` must not be 0
        slice([1], 0.5) => `slice`: `0.5` must be an integer between -2147483648 and 2147483647
        replace('a', '', 'b') => `replace`: `''` must not be empty
        date('yesterday') => `date`: `'yesterday'` is not a date, like '2026-01-31' or '2026-01-31T12:00:00Z'
        date_add(now(), 'soon') => `date_add`: `'soon'` is not a duration, like '15m', '3d' or 'P1M'
        date_add(now(), 1, 'moons') => `date_add`: `'moons'` must be one of milliseconds, seconds, minutes, hours, days, weeks, months, years
        date_add(now(), '9999999999999999d') => `date_add`: the date would be out of range
        format_date(now(), 'bbb') => `format_date`: `'bbb'` is not a pattern for dates, like 'yyyy-MM-dd HH:mm'
        format_date(now(), 'HH', 'Mars') => `format_date`: `'Mars'` is not a time zone, like 'Europe/Berlin'
        hash('a', 'md5') => `hash`: `'md5'` must be 'sha1', 'sha256' or 'sha512'
        """);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("faults")
  void a_wrong_argument_is_named(String expression, String message) {
    assertThatThrownBy(() -> Table.value(expression))
        .isInstanceOf(ExpressionException.class)
        .hasMessage(message);
  }
}
