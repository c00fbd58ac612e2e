package io.orchestrator.adapter;

import static io.orchestrator.adapter.Calling.adapters;
import static io.orchestrator.adapter.Calling.call;
import static io.orchestrator.adapter.Calling.data;
import static io.orchestrator.adapter.Calling.definitions;
import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.execution.Failure;
import io.orchestrator.expression.Secret;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AdaptersTest {
  private static final String LEDGER =
      """
      {'adapter': 'ledger', 'type': 'local', 'default_action': 'note',
       'actions': {
         'note': {'input': {'amount': 'integer', 'memo?': 'string'}, 'output': {'got': '$response.body.amount'}},
         'plain': {},
         'picky': {'errors': [{'when': '$response.body.ok == false', 'type': 'denied', 'message': '$response.body.why'},
                              {'when': '$response.body.n > 3', 'type': 'bank.full', 'retryable': true}]}}}
      """;

  private static final AdapterType ECHO =
      invocation -> Reply.ok(invocation.vault().reveal(invocation.call().params()));

  private static Answer answer(Calling calling) {
    return answer(calling, ECHO);
  }

  private static Answer answer(Calling calling, AdapterType type) {
    return adapters(definitions(LEDGER), Map.of("local", type)).call(calling.build());
  }

  private static Failure failure(Answer answer) {
    return ((Answer.Refused) answer).failure();
  }

  @Test
  void a_call_without_an_action_takes_the_default_one_and_transforms_its_result() {
    assertThat(answer(call("ledger", null, "{'amount': 5}")))
        .isEqualTo(new Answer.Done(Map.of("got", 5L), "ledger"));
  }

  @Test
  void params_that_do_not_fit_are_refused_before_the_call() {
    AtomicReference<Invocation> called = new AtomicReference<>();
    Answer answer =
        answer(
            call("ledger", "note", "{'amount': 'five', 'memo': 1}"),
            invocation -> {
              called.set(invocation);
              return Reply.ok(null);
            });
    assertThat(called).hasNullValue();
    assertThat(failure(answer).type()).isEqualTo("validation");
    assertThat(failure(answer).retryable()).isFalse();
    assertThat(failure(answer).message()).startsWith("params/amount of ledger.note");
    assertThat((List<?>) ((Map<?, ?>) failure(answer).data()).get("errors")).hasSize(2);
  }

  @Test
  void unknown_adapters_actions_and_types_are_validation_errors_of_the_call() {
    assertThat(failure(answer(call("nobody", null, "{}"))).message())
        .isEqualTo("there is no adapter nobody");
    assertThat(failure(answer(call("ledger", "burn", "{}"))).message()).contains("no action burn");
    Answer untyped =
        adapters(definitions(LEDGER), Map.of()).call(call("ledger", "plain", "{}").build());
    assertThat(failure(untyped).type()).isEqualTo("adapter_error");
  }

  @Test
  void a_tenant_calls_its_own_adapters_only() {
    AdapterCall mine = call("ledger", "plain", "{}").build();
    AdapterCall others =
        new AdapterCall(
            "other",
            mine.execution(),
            mine.flow(),
            mine.path(),
            1,
            "ledger",
            "plain",
            null,
            "k",
            null,
            null,
            false,
            null,
            null,
            null);
    assertThat(adapters(definitions(LEDGER), Map.of("local", ECHO)).call(others))
        .isInstanceOf(Answer.Refused.class);
  }

  @Test
  void an_awaiting_call_and_a_202_with_a_callback_are_answered_later() {
    AdapterType accepted = invocation -> new Reply.Answered(202, Map.of(), "accepted");
    assertThat(answer(call("ledger", "plain", "{}").awaiting("http://localhost/cb")))
        .isEqualTo(new Answer.Later(Map.of()));
    assertThat(answer(call("ledger", "plain", "{}").withCallback("http://localhost/cb"), accepted))
        .isEqualTo(new Answer.Later("accepted"));
    assertThat(answer(call("ledger", "plain", "{}"), accepted))
        .isEqualTo(new Answer.Done("accepted", "ledger"));
  }

  @Test
  void a_rule_of_the_action_turns_a_success_into_its_own_failure() {
    Failure denied =
        failure(answer(call("ledger", "picky", "{'ok': false, 'why': 'no money', 'n': 1}")));
    assertThat(denied.type()).isEqualTo("ledger.denied");
    assertThat(denied.message()).isEqualTo("no money");
    assertThat(denied.retryable()).isFalse();
    assertThat(denied.adapter()).isEqualTo("ledger");
    Failure full = failure(answer(call("ledger", "picky", "{'n': 4}")));
    assertThat(full.type()).isEqualTo("bank.full");
    assertThat(full.retryable()).isTrue();
    assertThat(answer(call("ledger", "picky", "{'n': 3}"))).isInstanceOf(Answer.Done.class);
  }

  @Test
  void a_rule_that_cannot_be_evaluated_hides_no_failure_and_lets_no_success_through() {
    assertThat(failure(answer(call("ledger", "picky", "{'n': 'many'}"))).type())
        .isEqualTo("expression");
    AdapterType down = invocation -> new Reply.Answered(503, Map.of(), data("{'n': 'many'}"));
    assertThat(failure(answer(call("ledger", "picky", "{}"), down)).type())
        .isEqualTo("adapter_unavailable");
  }

  @Test
  void a_bug_becomes_an_internal_failure_that_tells_nothing() {
    Answer answer =
        answer(
            call("ledger", "plain", "{}"),
            invocation -> {
              throw new IllegalStateException("select secrets from table");
            });
    assertThat(failure(answer).type()).isEqualTo("internal");
    assertThat(failure(answer).retryable()).isTrue();
    assertThat(failure(answer).message()).doesNotContain("secrets");
  }

  @Test
  void a_secret_that_comes_back_is_masked_everywhere() {
    Map<String, Object> params = Map.of("token", new Secret("key"), "note", "plain");
    assertThat(answer(call("ledger", "plain", params)))
        .isEqualTo(new Answer.Done(Map.of("token", "***", "note", "plain"), "ledger"));
    AdapterType leaking =
        invocation -> {
          Object body =
              Map.of("seen", List.of("it was " + invocation.vault().reveal(new Secret("key"))));
          return new Reply.Answered(400, Map.of(), body);
        };
    assertThat(failure(answer(call("ledger", "plain", params), leaking)).data())
        .isEqualTo(Map.of("seen", List.of("it was ***")));
  }

  @Test
  void a_missing_secret_ends_the_call_and_is_named() {
    Failure failure = failure(answer(call("ledger", "plain", Map.of("token", new Secret("lost")))));
    assertThat(failure.message()).isEqualTo("the secret lost is not set");
    assertThat(failure.retryable()).isFalse();
  }

  @Test
  void a_secret_fits_every_schema() {
    assertThat(answer(call("ledger", "note", Map.of("amount", new Secret("key")))))
        .isInstanceOf(Answer.Done.class);
  }

  @Test
  void a_result_over_256_KiB_is_too_large_and_one_below_is_not() {
    AdapterType large = invocation -> Reply.ok("x".repeat(Limits.RESULT_BYTES_MAX));
    AdapterType fitting = invocation -> Reply.ok("x".repeat(Limits.RESULT_BYTES_MAX - 2));
    assertThat(failure(answer(call("ledger", "plain", "{}"), large)).type())
        .isEqualTo("payload_too_large");
    assertThat(answer(call("ledger", "plain", "{}"), fitting)).isInstanceOf(Answer.Done.class);
  }

  @Test
  void a_sandbox_script_is_refused_where_no_sandbox_stands() {
    Failure failure = failure(answer(call("ledger", "plain", "{'$sandbox': {'answer': 1}}")));
    assertThat(failure.type()).isEqualTo("validation");
    assertThat(failure.message()).contains("$sandbox");
  }
}
