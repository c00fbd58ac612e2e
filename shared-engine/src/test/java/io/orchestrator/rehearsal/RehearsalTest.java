package io.orchestrator.rehearsal;

import static io.orchestrator.rehearsal.Rehearsed.misses;
import static io.orchestrator.rehearsal.Rehearsed.report;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RehearsalTest {
  private static final String ROUTING =
      """
      flow: support-routing
      steps:
        - classify_issue:
            adapter: ai
        - conditional:
            if: $classify_issue.category == 'billing'
            then:
              - route_to_finance
            else:
              - route_to_support
      tests:
      """;

  @Test
  void the_tests_of_the_design_pass() {
    Report report =
        report(
            ROUTING
                + """
                  - name: billing goes to finance
                    input: {text: my invoice is wrong}
                    mocks: {classify_issue: {category: billing}, route_to_finance: {ok: true}}
                    expect: {status: completed, path: [classify_issue, route_to_finance], never: [route_to_support]}
                  - name: classifier is down twice
                    input: {text: x}
                    mocks: {classify_issue: [{error: adapter_unavailable}, {error: adapter_unavailable}, {category: other}], route_to_support: {ok: true}}
                    expect: {status: completed, attempts: {classify_issue: 3}}
                """);
    assertThat(report.results()).allMatch(Report.Result::passed);
    assertThat(report.passed()).isEqualTo(2);
    assertThat(report.coverage().percent()).isEqualTo(100);
  }

  @Test
  void a_test_that_fails_says_what_was_expected_where_and_what_was() {
    Report report =
        report(
            ROUTING
                + """
                  - name: billing goes to support
                    mocks: {classify_issue: {category: billing}, route_to_finance: {ok: true}}
                    expect:
                      path: [classify_issue, route_to_support]
                      never: [route_to_finance]
                      output: {ok: false, ticket: 7}
                """);
    var misses = report.results().getFirst().misses();
    assertThat(misses).extracting(Miss::what).containsExactly("path", "never", "output");
    assertThat(misses.getFirst().lines())
        .containsExactly("  classify_issue", "- route_to_support", "+ route_to_finance");
    assertThat(misses.getFirst().spot().line()).isEqualTo(15);
    assertThat(misses.getLast().lines())
        .containsExactly(
            "output.ok: expected false, was true", "output.ticket: expected 7, is missing");
    assertThat(report.coverage().missing())
        .extracting(Coverage.Branch::name)
        .containsExactly("else");
  }

  @Test
  void three_days_and_a_minute_pass_in_no_time() {
    String flow =
        """
        flow: patient
        steps:
          - cool_down: {wait: 3d}
          - pay:
              adapter: bank
              params: {amount: 3}
              retry: {attempts: 2, delay: 60s, backoff: constant, jitter: none}
        tests:
          - name: waits
            mocks: {pay: [{error: timeout}, {ok: true}]}
            expect: {status: completed, duration: P3DT1M, attempts: {pay: 2}, path: [cool_down, pay]}
        """;
    assertThat(misses(flow)).isEmpty();
    Stage stage = Rehearsed.stage(flow);
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Report report = Report.of(stage, stage.flow().tests());
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;
    assertThat(report.results().getFirst().played().length())
        .isEqualTo(Duration.ofDays(3).plusMinutes(1));
    assertThat(Duration.ofNanos(cpu)).isLessThan(Duration.ofMillis(50));
  }

  @Test
  void a_call_without_a_mock_fails_the_test_unless_a_sandbox_answers() {
    assertThat(
            misses(
                """
                flow: pay
                steps:
                  - charge: {adapter: stripe}
                  - pay: {adapter: bank, action: balance, params: {}}
                tests:
                  - expect: {path: [charge, pay]}
                """))
        .containsExactly("pay calls bank.balance and has no mock");
  }

  @Test
  void a_list_that_is_used_up_fails_the_test() {
    assertThat(
            misses(
                """
                flow: pay
                steps:
                  - pay: {adapter: bank, params: {amount: 1}, retry: {attempts: 3}}
                tests:
                  - mocks: {pay: [{error: timeout}]}
                    expect: {status: failed}
                """))
        .contains("attempt 2 of pay has no answer: its mock has 1");
  }

  @Test
  void what_was_sent_can_be_expected() {
    String flow =
        """
        flow: pay
        steps:
          - pay:
              adapter: bank
              params: {amount: $input.amount, key: {secret: bank_key}, note: "for ${ $input.who }"}
        tests:
          - input: {amount: 12, who: Ada}
            mocks: {pay: {id: t-1, at: "2026-01-01"}}
            expect:
              steps:
                pay:
                  status: completed
                  params: {amount: 12, key: {secret: bank_key}, note: {$matches: "^for A"}}
                  idempotency_key: {$any: true}
                  output: {$includes: {id: t-1}}
          - input: {amount: 12, who: Bob}
            mocks: {pay: {$value: [1, 2]}}
            expect:
              output: [1, 2]
              steps: {pay: {params: {amount: 13, key: {secret: bank_key}, note: for Bob}}}
        """;
    Report report = report(flow);
    assertThat(report.results().getFirst().misses()).isEmpty();
    assertThat(report.results().getLast().misses())
        .extracting(Miss::message)
        .containsExactly("steps.pay.params.amount: expected 13, was 12");
  }

  @Test
  void a_callback_comes_when_the_test_says_or_never() {
    String flow =
        """
        flow: survey
        steps:
          - call:
              adapter: bank
              action: balance
              params: {report_to: $callback.url}
              await: {callback: true, timeout: 1h}
          - confirm: {await: {callback: true}}
        tests:
          - name: answers
            mocks:
              call: {callback: {score: 9}, after: 30m, call: {id: c1}}
              confirm: {yes: true}
            expect: {status: completed, duration: 30m, output: {yes: true}, steps: {call: {output: {score: 9}}}}
          - name: fails
            mocks: {call: {callback: {error: {type: no_answer, message: nobody there}}}}
            expect: {status: failed, error: {type: no_answer, step: call}}
          - name: is never answered
            mocks: {call: {unanswered: true}}
            expect: {status: failed, error: timeout, duration: 1h}
          - name: waits
            mocks: {call: {score: 1}}
            expect: {status: waiting, steps: {confirm: {status: waiting}}}
          - name: forgets to say
            mocks: {call: {score: 1}}
            expect: {status: completed}
        """;
    Report report = report(flow);
    assertThat(report.results().subList(0, 4)).allSatisfy(r -> assertThat(r.misses()).isEmpty());
    assertThat(report.results().getLast().misses())
        .extracting(Miss::message)
        .contains(
            "confirm waits for an answer and has no mock; say what comes, or that nothing does:"
                + " {unanswered: true}");
  }

  @Test
  void what_is_stored_can_be_said_instead_of_what_is_answered() {
    assertThat(
            misses(
                """
                flow: pay
                steps:
                  - pay: {adapter: bank, action: balance, output: {twice: $result.n * 2}}
                tests:
                  - mocks: {pay: {$output: {twice: 7}}}
                    expect: {output: {twice: 7}}
                """))
        .isEmpty();
  }

  @Test
  void branches_start_together_and_a_failing_one_cancels_the_others() {
    assertThat(
            misses(
                """
                flow: both
                steps:
                  - parallel:
                      - a: {adapter: bank, action: balance}
                      - b: {adapter: bank, action: balance}
                tests:
                  - mocks: {a: {error: {type: broken, status: 500}}, b: {$after: 2s, $value: 1}}
                    expect:
                      status: failed
                      error: bank.broken
                      path: [parallel_1/a, b]
                      steps: {b: {status: cancelled}}
                """))
        .isEmpty();
  }

  @Test
  void handlers_run_and_it_ends_as_handled() {
    String flow =
        """
        flow: pay
        steps:
          - pay:
              adapter: bank
              params: {amount: 1}
              on_error:
                - catch: timeout
                  steps: [notify_admin]
                  then: continue
                - catch: "*"
                  steps: [log_failure]
        tests:
          - name: too slow
            mocks: {pay: {$after: 10s, $value: 1}}
            expect: {status: completed, path: [pay, notify_admin], duration: 5s}
          - name: refused
            mocks: {pay: {error: forbidden}}
            expect: {status: failed, handled: true, path: [pay, log_failure]}
        """;
    Report report = report(flow);
    assertThat(report.results()).allSatisfy(r -> assertThat(r.misses()).isEmpty());
    assertThat(report.coverage().percent()).isEqualTo(100);
  }

  @Test
  void a_trigger_gives_the_input_and_its_filter_may_say_no() {
    String flow =
        """
        flow: orders
        triggers:
          - webhook: {path: orders, filter: $trigger.body.type == 'created', input: $trigger.body.order}
        steps:
          - log: {set: {id: $input.id}}
        tests:
          - trigger: {body: {type: created, order: {id: 7}}}
            expect: {status: completed, vars: {id: 7}}
          - trigger: {body: {type: deleted}}
            expect: {status: ignored}
        """;
    assertThat(report(flow).results()).allSatisfy(r -> assertThat(r.misses()).isEmpty());
  }

  @Test
  void an_input_that_does_not_fit_is_refused() {
    String flow =
        """
        flow: orders
        input: {id: integer}
        steps:
          - log: {set: {id: $input.id}}
        tests:
          - input: {id: x}
            expect: {status: refused}
          - input: {id: x}
            expect: {status: completed}
        """;
    Report report = report(flow);
    assertThat(report.results().getFirst().misses()).isEmpty();
    assertThat(report.results().getLast().misses())
        .extracting(Miss::message)
        .anyMatch(message -> message.startsWith("the input does not fit the flow: input/id"));
  }

  @Test
  void it_can_be_cancelled_at_a_time() {
    assertThat(
            misses(
                """
                flow: patient
                steps:
                  - sleep: {wait: 3d}
                tests:
                  - cancel: {at: 1d, reason: enough}
                    expect: {status: cancelled, duration: 1d}
                """))
        .isEmpty();
  }

  @Test
  void the_same_test_goes_the_same_way_again() {
    String flow =
        """
        flow: pay
        steps:
          - pay: {adapter: bank, params: {amount: 1, id: "${ uuid() }"}, retry: {attempts: 3}}
        tests:
          - mocks: {pay: [{error: timeout}, {error: timeout}, 1]}
            expect: {status: completed}
        """;
    Played first = report(flow).results().getFirst().played();
    Played second = report(flow).results().getFirst().played();
    assertThat(second.length()).isEqualTo(first.length());
    assertThat(second.calls()).isEqualTo(first.calls());
  }

  @Test
  void a_mock_that_the_real_adapter_would_never_get_to_is_warned_of() {
    Report report =
        report(
            """
            flow: pay
            steps:
              - pay: {adapter: bank, params: {amount: $input.amount}}
            tests:
              - input: {amount: much}
                mocks: {pay: 1}
                expect: {status: completed}
            """);
    assertThat(report.results().getFirst().passed()).isTrue();
    assertThat(report.results().getFirst().played().warnings())
        .singleElement()
        .asString()
        .contains("params/amount do not fit bank.transfer");
  }
}
