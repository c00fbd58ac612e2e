package io.orchestrator.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small parts that a call is made of. */
class PiecesTest {
  private static Duration wait(String text) {
    return RetryAfter.parse(text, "", Calling.NOW);
  }

  @Test
  void retry_after_is_read_in_seconds_and_in_all_three_forms_of_a_date() {
    assertThat(wait("7")).isEqualTo(Duration.ofSeconds(7));
    assertThat(wait(" 0 ")).isEqualTo(Duration.ZERO);
    assertThat(wait("Sun, 01 Mar 2026 12:00:30 GMT")).isEqualTo(Duration.ofSeconds(30));
    assertThat(wait("Sunday, 01-Mar-26 12:00:30 GMT")).isEqualTo(Duration.ofSeconds(30));
    assertThat(wait("Sun Mar  1 12:00:30 2026")).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void retry_after_is_measured_by_the_clock_of_the_service() {
    Duration wait =
        RetryAfter.parse(
            "Sun, 01 Mar 2026 09:00:10 GMT", "Sun, 01 Mar 2026 09:00:00 GMT", Calling.NOW);
    assertThat(wait).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void retry_after_is_capped_and_never_negative() {
    assertThat(wait("86400")).isEqualTo(Limits.RETRY_AFTER_MAX);
    assertThat(wait("99999999999999999999999")).isEqualTo(Limits.RETRY_AFTER_MAX);
    assertThat(wait("Sun, 01 Mar 2020 12:00:30 GMT")).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "1.5", "Sun, 99 Mar 2026 12:00:30 GMT", "0x10"})
  void a_retry_after_that_says_nothing_is_ignored(String text) {
    assertThat(wait(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/users/{id}, a b, /users/a%20b",
    "/users/{id}, a/b, /users/a%2Fb",
    "/users/{id}, ../admin, /users/..%2Fadmin",
    "/users/{id}, ü, /users/%C3%BC",
    "/users/{id}, a?b#c, /users/a%3Fb%23c",
    "/users/{id}, 100%, /users/100%25",
    "/users/{id}, a%2Fb, /users/a%252Fb",
    "/users/{id}/x, a;b=c&d+e:f@g, /users/a%3Bb%3Dc%26d%2Be%3Af%40g/x",
    "/v1/{id}.json, .., /v1/...json"
  })
  void a_parameter_never_leaves_its_segment(String path, String value, String filled) {
    assertThat(PathTemplate.parse(path).fill(Map.of("id", value)::get)).isEqualTo(filled);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", ""})
  void a_parameter_that_would_change_the_path_is_refused(String value) {
    assertThatThrownBy(() -> PathTemplate.parse("/users/{id}").fill(Map.of("id", value)::get))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "users",
        "/a?b",
        "/a#b",
        "/a b",
        "/../a",
        "/a/%2E%2e",
        "/a%zz",
        "/{}",
        "/{a",
        "/ü",
        "/a\\b"
      })
  void a_path_that_is_none_is_refused(String path) {
    assertThatThrownBy(() -> PathTemplate.parse(path)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, localhost, 127.0.0.1, 80, true",
    "127.0.0.0/8, localhost, 128.0.0.1, 80, false",
    "127.0.0.0/8:8080, localhost, 127.0.0.1, 80, false",
    "127.0.0.1:80, localhost, 127.0.0.1, 80, true",
    "localhost, localhost, 127.0.0.1, 80, true",
    "localhost:81, localhost, 127.0.0.1, 80, false",
    "LocalHost, localhost, 127.0.0.1, 80, true",
    "local, localhost, 127.0.0.1, 80, false",
    "::1, localhost, ::1, 80, true",
    "[::1]:80, localhost, ::1, 80, true",
    "[fd00::]/8:80, intern, fd12::1, 80, true",
    "[fd00::]/8:80, intern, fd12::1, 81, false",
    "fd00::/8, intern, 10.0.0.1, 80, false",
    "10.1.2.128/25, intern, 10.1.2.127, 80, false",
    "10.1.2.128/25, intern, 10.1.2.129, 80, true",
    "0.0.0.0/0, intern, 10.0.0.1, 80, true"
  })
  void an_allow_list_permits_hosts_and_ranges_at_their_ports(
      String entry, String host, String address, int port, boolean permitted) {
    assertThat(AllowList.parse(entry).permits(host, InetAddress.ofLiteral(address), port))
        .isEqualTo(permitted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0/8",
        "a b",
        "host:0",
        "host:70000",
        "10.0.0.0/x",
        "[::1",
        "*.x.com",
        "::1/129"
      })
  void an_allow_list_with_something_else_in_it_is_refused(String entry) {
    assertThatThrownBy(() -> AllowList.parse(entry)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host",
        "content-length",
        "Transfer-Encoding",
        "Proxy-Authorization",
        "X-Forwarded-For",
        "a b",
        "a:b",
        ""
      })
  void a_header_that_steers_the_connection_cannot_be_set(String name) {
    assertThat(HeaderRules.complaint(name)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\0b", "ü", " a", "a ", "\u007f"})
  void a_header_value_cannot_break_its_line(String value) {
    assertThat(HeaderRules.isValue(value)).isFalse();
  }
}
