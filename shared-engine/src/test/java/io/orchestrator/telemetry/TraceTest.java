package io.orchestrator.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces as W3C Trace Context writes them. */
class TraceTest {
  private static final String START = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
  private final UUID execution = UUID.randomUUID();

  @Test
  void a_call_is_a_span_of_its_own_in_the_trace_of_the_start() {
    String call = Trace.ofCall(START, execution, "pay", 1);

    assertThat(Trace.isOne(call)).isTrue();
    assertThat(call).startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-").endsWith("-00");
    assertThat(call).isNotEqualTo(START);
    assertThat(Trace.ofCall(START, execution, "pay", 1)).isEqualTo(call);
    assertThat(Trace.ofCall(START, execution, "pay", 2)).isNotEqualTo(call);
    assertThat(Trace.ofCall(START, execution, "tell", 1)).isNotEqualTo(call);
  }

  @Test
  void without_one_the_trace_is_the_executions_own() {
    String call = Trace.ofCall(null, execution, "pay", 1);

    assertThat(Trace.isOne(call)).isTrue();
    assertThat(call).startsWith("00-" + execution.toString().replace("-", "")).endsWith("-01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
      })
  void other_texts_are_none(String text) {
    assertThat(Trace.isOne(text)).isFalse();
  }
}
