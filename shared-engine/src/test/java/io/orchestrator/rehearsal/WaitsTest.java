package io.orchestrator.rehearsal;

import static io.orchestrator.rehearsal.Rehearsed.misses;
import static io.orchestrator.rehearsal.Rehearsed.report;
import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.KnownNames;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What waits for the world, runs other flows, or runs again and again. */
class WaitsTest {
  private static void passes(String flow) {
    assertThat(report(flow).results())
        .allSatisfy(result -> assertThat(result.misses()).as(result.test().name()).isEmpty());
  }

  @Test
  void signals_come_in_their_time_or_as_answers() {
    passes(
        """
        flow: told
        steps:
          - go: {await: {signal: go, timeout: 1d}}
        tests:
          - name: in time
            signals: [{name: go, data: {by: ada}, at: 2h}]
            expect: {status: completed, duration: 2h, output: {by: ada}}
          - name: early
            signals: {name: go, data: 1}
            expect: {status: completed, duration: 0s, output: 1}
          - name: as an answer
            mocks: {go: {signal: {by: bob}, after: 5m}}
            expect: {status: completed, duration: 5m, output: {by: bob}}
          - name: another
            mocks: {go: {unanswered: true}}
            signals: {name: stop, at: 1h}
            expect: {status: failed, error: timeout, duration: 1d}
          - name: nobody says anything
            expect: {status: waiting, path: [go]}
        """);
  }

  @Test
  void events_are_taken_by_key_and_match() {
    passes(
        """
        flow: shipped
        steps:
          - pause: {wait: 1h}
          - ship: {await: {event: shipped, key: $input.order, match: $event.data.parts > 1, timeout: 1d}}
        tests:
          - name: the right one
            input: {order: o-1}
            events:
              - {type: shipped, key: o-2, data: {parts: 2}, at: 2h}
              - {type: shipped, key: o-1, data: {parts: 1}, at: 3h}
              - {type: shipped, key: o-1, data: {parts: 3}, at: 4h}
            expect: {status: completed, duration: 4h, output: {parts: 3}}
          - name: one that came early
            input: {order: o-1}
            events: {type: shipped, key: o-1, data: {parts: 2}}
            expect: {status: completed, duration: 1h, output: {parts: 2}}
          - name: as an answer
            input: {order: o-1}
            mocks: {ship: {event: {parts: 9}, after: 1m}}
            expect: {status: completed, duration: {min: 1h, max: 2h}, output: {parts: 9}}
        """);
  }

  @Test
  void people_decide_or_do_not() {
    passes(
        """
        flow: asked
        steps:
          - ask: {approve: {title: Pay?, to: [role:boss], quorum: 2, remind: 1d, timeout: 3d}}
        tests:
          - name: two say yes
            mocks: {ask: {approval: [{decision: approve, by: user:ada}, {decision: approve, by: user:bob}], after: 5h}}
            expect: {status: completed, duration: 5h, steps: {ask: {output: {$includes: {decision: approve}}}}}
          - name: one says no
            mocks: {ask: reject}
            expect: {status: completed, output: {$includes: {decision: reject}}}
          - name: nobody says anything, which is no approval
            mocks: {ask: {unanswered: true}}
            expect: {status: failed, error: timeout, duration: 3d}
        """);
  }

  @Test
  void what_is_emitted_can_be_expected() {
    passes(
        """
        flow: tells
        steps:
          - tell: {emit: {type: order.paid, key: o-1, data: {amount: $input.amount}}}
        tests:
          - input: {amount: 7}
            expect: {emitted: [{type: order.paid, key: o-1, data: {amount: 7}}]}
          - input: {amount: 7}
            expect: {status: completed, path: [tell]}
        """);
  }

  @Test
  void iterations_are_answered_each_for_itself() {
    String flow =
        """
        flow: each-one
        steps:
          - orders:
              foreach: $input.orders
              concurrency: 2
              do:
                - pay: {adapter: bank, params: {amount: $item}}
                - note: {set: {last: $item}}
        tests:
          - name: one of them needs a second attempt
            input: {orders: [1, 2, 3]}
            mocks:
              pay: {ok: true}
              orders[1]/pay: [{error: adapter_unavailable}, {ok: late}]
            expect:
              status: completed
              attempts: {pay: 4, "orders[1]/pay": 2, orders/pay: 4}
              steps:
                orders[2]/pay: {params: {amount: 3}, output: {ok: true}, status: completed}
                orders[1]/pay: {output: {ok: late}}
          - name: none
            input: {orders: []}
            expect: {status: completed, path: [], output: []}
        """;
    passes(flow);
  }

  @Test
  void rounds_are_named_by_their_number() {
    passes(
        """
        flow: poll
        steps:
          - rounds:
              repeat:
                - look: {adapter: bank, action: balance, params: {}}
              until: $look.done
              every: 1m
              max: 5
        tests:
          - mocks:
              look: {done: false}
              rounds[2]/look: {done: true}
            expect: {status: completed, duration: 2m, path: [look, look, "rounds[2]/look"]}
        """);
  }

  @Test
  void the_cases_that_no_test_takes_are_named() {
    Report report =
        report(
            """
            flow: sort
            steps:
              - by_kind:
                  switch: $input.kind
                  cases:
                    a: [{x: {set: {got: a}}}]
                    b: [{y: {set: {got: b}}}]
                  default: [{z: {set: {got: none}}}]
            tests:
              - {input: {kind: a}, expect: {status: completed, path: [x], vars: {got: a}}}
              - {input: {kind: q}, expect: {status: completed, path: [z]}}
            """);
    assertThat(report.results()).allSatisfy(r -> assertThat(r.misses()).isEmpty());
    assertThat(report.coverage().missing())
        .extracting(Coverage.Branch::name)
        .containsExactly("case b");
    assertThat(report.coverage().percent()).isEqualTo(66);
  }

  @Test
  void many_items_take_linear_time() {
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      items.append(i == 0 ? "" : ", ").append(i);
    }
    assertThat(
            misses(
                """
                flow: many
                steps:
                  - all:
                      foreach: $input.n
                      concurrency: 10
                      do:
                        - pay: {adapter: bank, params: {amount: $item}}
                tests:
                  - input: {n: [%s]}
                    mocks: {pay: 1}
                    expect: {status: completed, attempts: {pay: 5000}}
                """
                    .formatted(items)))
        .isEmpty();
  }

  private static final String PARENT =
      """
      flow: parent
      steps:
        - bill: {flow: child, input: {amount: 5}}
      tests:
        - name: the flow is mocked
          mocks: {bill: {$after: 1h, $value: {id: b-1}}}
          expect: {status: completed, duration: 1h, output: {id: b-1}, steps: {bill: {params: {amount: 5}}}}
        - name: it fails
          mocks: {bill: {error: {type: bank.closed}}}
          expect: {status: failed, error: bank.closed}
        - name: it runs for real
          mocks: {bill/pay: {id: p-1}}
          expect: {status: completed, duration: 2d, output: {paid: p-1}, attempts: {bill: 1}}
        - name: what it calls is not mocked
          expect: {status: completed}
      """;

  private static final String CHILD =
      """
      flow: child
      input: {amount: integer}
      steps:
        - rest: {wait: 2d}
        - pay: {adapter: bank, params: {amount: $input.amount}}
      output: {paid: $pay.id}
      """;

  @Test
  void other_flows_are_mocked_or_run() {
    KnownNames names =
        new KnownNames(
            new io.orchestrator.adapter.AdapterCatalog("t", Rehearsed.ADAPTERS).known(),
            Map.of(),
            Set.of("child"));
    Stage child = Rehearsed.stage(CHILD);
    FlowValidation parent = FlowValidation.validate(PARENT, names);
    assertThat(parent.errors()).isEmpty();
    Stage stage =
        Stage.of(
            "t",
            parent.flow(),
            parent.compiled().plan(),
            Rehearsed.ADAPTERS,
            name -> name.equals("child") ? child : null);
    Report report = Report.of(stage, stage.flow().tests());
    assertThat(report.results().subList(0, 3))
        .allSatisfy(r -> assertThat(r.misses()).as(r.test().name()).isEmpty());
    assertThat(report.results().getLast().misses())
        .extracting(Miss::message)
        .contains("in the flow child: pay calls bank.transfer and has no mock");
  }
}
