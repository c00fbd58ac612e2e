package io.orchestrator.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.queue.Hint.Kind;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HintTest {
  private static final UUID ID = UUID.fromString("0198c5a0-0000-7000-8000-000000000001");

  @Test
  void a_hint_is_read_as_it_was_written() {
    for (Kind kind : Kind.values()) {
      Hint hint = new Hint("acme", ID, Integer.MAX_VALUE, kind);
      assertThat(Hint.parse(hint.json())).isEqualTo(hint);
    }
    assertThat(new Hint("acme", ID, 3, Kind.RUN).json())
        .isEqualTo(
            "{\"execution\":\"" + ID + "\",\"revision\":3,\"kind\":\"run\",\"tenant\":\"acme\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{}",
        "\"run\"",
        "{'execution':'ID','revision':3,'kind':'run'}",
        "{'execution':'ID','revision':3,'kind':'run','tenant':'acme','more':1}",
        "{'execution':'ID','revision':3,'kind':'run','tenant':'acme','tenant':'globex'}",
        "{'execution':'ID','revision':3,'kind':'RUN','tenant':'acme'}",
        "{'execution':'ID','revision':3,'kind':null,'tenant':'acme'}",
        "{'execution':'ID','revision':3.5,'kind':'run','tenant':'acme'}",
        "{'execution':'ID','revision':'3','kind':'run','tenant':'acme'}",
        "{'execution':'ID','revision':-1,'kind':'run','tenant':'acme'}",
        "{'execution':'ID','revision':2147483648,'kind':'run','tenant':'acme'}",
        "{'execution':'1-1-1-1-1','revision':3,'kind':'run','tenant':'acme'}",
        "{'execution':'0198C5A0-0000-7000-8000-000000000001','revision':3,'kind':'run','tenant':'acme'}",
        "{'execution':'ID','revision':3,'kind':'run','tenant':''}",
        "{'execution':'ID','revision':3,'kind':'run','tenant':'a/b'}",
        "{'execution':'ID','revision':3,'kind':'run','tenant':7}"
      })
  void anything_else_is_unreadable(String body) {
    assertThat(Hint.parse(body.replace('\'', '"').replace("ID", ID.toString())))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void no_text_or_too_much_of_it_is_unreadable() {
    assertThat(Hint.parse(null)).isInstanceOf(Unreadable.class);
    assertThat(Hint.parse(" ".repeat(2_000) + new Hint("acme", ID, 3, Kind.RUN).json()))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void a_hint_that_could_not_be_read_back_cannot_be_made() {
    assertThatThrownBy(() -> new Hint("acme", ID, -1, Kind.RUN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Hint("a b", ID, 1, Kind.RUN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_delay_is_between_nothing_and_fifteen_minutes() {
    Hint hint = new Hint("acme", ID, 1, Kind.WAKE);
    assertThat(new Outgoing(QueueName.STEP, hint, Duration.ofDays(3)).delay()).hasMinutes(15);
    assertThat(new Outgoing(QueueName.STEP, hint, Duration.ofSeconds(-3)).delay()).isZero();
  }
}
