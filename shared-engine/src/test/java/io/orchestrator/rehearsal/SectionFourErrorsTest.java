package io.orchestrator.rehearsal;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every step may have, errors, undoing and statuses, sentence by sentence of the page that
 * fixes the language.
 */
class SectionFourErrorsTest {
  @TestFactory
  Stream<DynamicTest> common() {
    return new Sentences()
        .says(
            "a step whose when is false is skipped and its output is null; so is one that is"
                + " disabled",
            """
            steps:
              - a: {when: 1 > 2, adapter: bank}
              - b: {disabled: true, adapter: bank}
              - c: {set: {both: $a == null and $b == null}}
            tests: [{expect: {path: [c], vars: {both: true}, steps: {a: {status: skipped}, b: {status: skipped}}}}]
            """)
        .says(
            "a condition that is null counts as false",
            """
            steps: [{a: {when: $input.nothing, adapter: bank}}]
            tests: [{expect: {status: completed, never: [a]}}]
            """)
        .says(
            "timeout is per attempt, deadline over all of them",
            """
            steps:
              - a: {adapter: stripe, timeout: 5s, deadline: 12s, retry: {attempts: 9, delay: 1s, jitter: none, only: [timeout]}}
            tests:
              - mocks: {a: [{$after: 6s, $value: 1}, {$after: 2s, $value: 2}]}
                expect: {status: completed, duration: 8s, output: 2}
              - mocks: {a: [{$after: 6s, $value: 1}, {$after: 6s, $value: 1}, {$after: 6s, $value: 1}]}
                expect: {status: failed, error: timeout, duration: {min: 11s, max: 12s}}
            """)
        .says(
            "three attempts are three calls in all",
            """
            steps: [{a: {adapter: stripe, retry: {attempts: 3, delay: 1s, jitter: none, only: [forbidden]}}}]
            tests:
              - mocks: {a: [{error: forbidden}, {error: forbidden}, {ok: 1}]}
                expect: {status: completed, attempts: {a: 3}, duration: 2s}
              - mocks: {a: [{error: forbidden}, {error: forbidden}, {error: forbidden}]}
                expect: {status: failed, attempts: {a: 3}}
            """)
        .says(
            "the back-off is exponential unless delay alone is given: 1 s, factor 2, at most 60 s,"
                + " full jitter",
            """
            steps:
              - a: {adapter: stripe, retry: {attempts: 8, jitter: none, only: [forbidden]}}
            tests:
              - name: 1 + 2 + 4 + 8 + 16 + 32 + 60
                mocks: {a: [{error: forbidden}, {error: forbidden}, {error: forbidden}, {error: forbidden}, {error: forbidden}, {error: forbidden}, {error: forbidden}, 1]}
                expect: {status: completed, duration: 123s}
            """)
        .says(
            "linear, constant and a list",
            """
            steps:
              - a: {adapter: stripe, retry: {attempts: 4, backoff: linear, delay: 2s, jitter: none, only: [forbidden]}}
              - b: {adapter: stripe, retry: {attempts: 4, delay: 2s, jitter: none, only: [forbidden]}}
              - c: {adapter: stripe, retry: {backoff: [1s, 5s], jitter: none, only: [forbidden]}}
            tests:
              - mocks:
                  a: [{error: forbidden}, {error: forbidden}, {error: forbidden}, 1]
                  b: [{error: forbidden}, {error: forbidden}, {error: forbidden}, 1]
                  c: [{error: forbidden}, {error: forbidden}, 1]
                expect: {status: completed, duration: 24s}
            """)
        .says(
            "output maps the result to what is stored",
            """
            steps: [{a: {adapter: stripe, output: {id: $result.id, twice: $result.n * 2}}}]
            tests: [{mocks: {a: {id: x, n: 2, secret: s}}, expect: {output: {id: x, twice: 4}}}]
            """)
        .says(
            "the idempotency key is execution, step path and iteration, equal over attempts",
            """
            steps:
              - each: {foreach: "[1, 2]", do: [{a: {adapter: stripe, retry: {attempts: 2, delay: 1s, only: [forbidden]}}}]}
              - b: {adapter: stripe, idempotency_key: "order-${ $input.n }"}
            tests:
              - input: {n: 7}
                mocks: {"each[0]/a": [{error: forbidden}, 1], "each[1]/a": 1, b: 1}
                expect:
                  steps:
                    "each[0]/a": {idempotency_key: {$matches: "/each\\\\[0\\\\]/a$"}}
                    "each[1]/a": {idempotency_key: {$matches: "/each\\\\[1\\\\]/a$"}}
                    b: {idempotency_key: order-7}
            """)
        .says(
            "a call that is made at most once is never repeated",
            """
            steps: [{a: {adapter: stripe, delivery: at_most_once}}]
            tests: [{mocks: {a: {error: adapter_unavailable}}, expect: {status: failed, attempts: {a: 1}}}]
            """)
        .all();
  }

  @TestFactory
  Stream<DynamicTest> errors() {
    return new Sentences()
        .says(
            "$error says type, message, status, step, attempt, adapter, data and whether it can be"
                + " retried",
            """
            steps:
              - a:
                  adapter: stripe
                  retry: {attempts: 2, delay: 1s, only: ["*"]}
                  on_error: {steps: [{h: {set: {e: $error}}}], then: continue}
            tests:
              - mocks: {a: [{error: {type: card_declined, message: no money, status: 402, retryable: false, data: {code: 51}}}, {error: {type: card_declined, message: no money, status: 402, retryable: false, data: {code: 51}}}]}
                expect:
                  vars: {e: {type: stripe.card_declined, message: no money, status: 402, retryable: false, adapter: stripe, data: {code: 51}, step: a, attempt: 2}}
            """)
        .says(
            "without retry, what is unavailable or limited is tried three times in all, and nothing"
                + " else is",
            """
            steps: [{a: {adapter: stripe}}]
            tests:
              - {name: a, mocks: {a: [{error: adapter_unavailable}, {error: rate_limited}, 1]}, expect: {status: completed, attempts: {a: 3}}}
              - {name: b, mocks: {a: [{error: adapter_unavailable}, {error: adapter_unavailable}, {error: adapter_unavailable}]}, expect: {status: failed, attempts: {a: 3}}}
              - {name: c, mocks: {a: {error: timeout}}, expect: {status: failed, attempts: {a: 1}}}
              - {name: d, mocks: {a: {error: internal}}, expect: {status: failed, attempts: {a: 1}}}
            """)
        .says(
            "with retry, every error that can be retried is: timeout, rate_limited,"
                + " adapter_unavailable, circuit_open, internal, any 5xx",
            """
            steps: [{a: {adapter: stripe, retry: {attempts: 2, delay: 1s}}}]
            tests:
              - {name: timeout, mocks: {a: [{error: timeout}, 1]}, expect: {status: completed}}
              - {name: rate_limited, mocks: {a: [{error: rate_limited}, 1]}, expect: {status: completed}}
              - {name: adapter_unavailable, mocks: {a: [{error: adapter_unavailable}, 1]}, expect: {status: completed}}
              - {name: circuit_open, mocks: {a: [{error: circuit_open}, 1]}, expect: {status: completed}}
              - {name: internal, mocks: {a: [{error: internal}, 1]}, expect: {status: completed}}
              - {name: any 5xx, mocks: {a: [{error: {type: adapter_error, status: 503}}, 1]}, expect: {status: completed}}
              - {name: validation, mocks: {a: {error: validation}}, expect: {status: failed, attempts: {a: 1}}}
              - {name: authentication, mocks: {a: {error: authentication}}, expect: {status: failed, attempts: {a: 1}}}
              - {name: forbidden, mocks: {a: {error: forbidden}}, expect: {status: failed, attempts: {a: 1}}}
              - {name: not_found, mocks: {a: {error: not_found}}, expect: {status: failed, attempts: {a: 1}}}
              - {name: conflict, mocks: {a: {error: conflict}}, expect: {status: failed, attempts: {a: 1}}}
              - {name: payload_too_large, mocks: {a: {error: payload_too_large}}, expect: {status: failed, attempts: {a: 1}}}
            """)
        .says(
            "only, except and when override that",
            """
            steps:
              - a: {adapter: stripe, retry: {attempts: 2, delay: 1s, only: ["stripe.*"], except: [stripe.stolen], when: $error.status == 402}}
            tests:
              - {name: a, mocks: {a: [{error: {type: declined, status: 402}}, 1]}, expect: {status: completed}}
              - {name: b, mocks: {a: {error: {type: stolen, status: 402}}}, expect: {status: failed, attempts: {a: 1}}}
              - {name: c, mocks: {a: {error: {type: declined, status: 400}}}, expect: {status: failed, attempts: {a: 1}}}
              - {name: d, mocks: {a: {error: {type: timeout, status: 402}}}, expect: {status: failed, attempts: {a: 1}}}
            """)
        .says(
            "Retry-After is honoured",
            """
            steps: [{a: {adapter: stripe, retry: {attempts: 2, delay: 1s, jitter: none}}}]
            tests: [{mocks: {a: [{error: {type: rate_limited, retry_after: 2m}}, 1]}, expect: {status: completed, duration: 2m}}]
            """)
        .says(
            "what nobody answers is repeated only if only names timeout",
            """
            steps:
              - a: {await: {callback: true}, timeout: 1h, retry: {attempts: 2, delay: 1s, jitter: none}}
              - b: {await: {callback: true}, timeout: 1h}
            tests:
              - mocks: {a: {unanswered: true}}
                expect: {status: failed, duration: 1h, attempts: {a: 1}}
            """)
        .says(
            "if it does, it is",
            """
            steps:
              - a: {await: {callback: true}, timeout: 1h, retry: {attempts: 2, delay: 1m, jitter: none, only: [timeout]}}
            tests:
              - mocks: {a: [{unanswered: true}, {callback: 1, after: 5m}]}
                expect: {status: completed, duration: 66m}
            """)
        .says(
            "handlers run in order after the last attempt; then the flow has failed, as handled",
            """
            steps:
              - a: {adapter: stripe, retry: {attempts: 2, delay: 1s, only: ["*"]}, on_error: [{x: {adapter: bank}}, {y: {adapter: bank}}]}
              - b: {adapter: bank}
            tests:
              - mocks: {a: [{error: forbidden}, {error: forbidden}], x: 1, y: 2}
                expect: {status: failed, handled: true, error: forbidden, path: [a, x, y], never: [b]}
            """)
        .says(
            "with continue it goes on, and the step is what its last handler gave",
            """
            steps:
              - a: {adapter: stripe, on_error: {steps: [{x: {adapter: bank}}, {y: {adapter: bank}}], then: continue}}
              - b: {set: {got: $a}}
            tests: [{mocks: {a: {error: forbidden}, x: 1, y: {spare: true}}, expect: {status: completed, vars: {got: {spare: true}}}}]
            """)
        .says(
            "a failing handler stops the rest: not handled, and the first error is kept",
            """
            steps: [{a: {adapter: stripe, on_error: [{x: {adapter: bank}}, {y: {adapter: bank}}]}}]
            tests: [{mocks: {a: {error: forbidden}, x: {error: conflict}}, expect: {status: failed, handled: false, error: forbidden, never: [y]}}]
            """)
        .says(
            "then: retry at most once a step",
            """
            steps: [{a: {adapter: stripe, on_error: {steps: [{x: {adapter: bank}}], then: retry}}}]
            tests:
              - {name: a, mocks: {a: [{error: forbidden}, 1], x: 1}, expect: {status: completed, attempts: {a: 2}}}
              - {name: b, mocks: {a: [{error: forbidden}, {error: forbidden}], x: [1, 2]}, expect: {status: failed, attempts: {a: 2}}}
            """)
        .says(
            "the first clause that catches takes over; globs match",
            """
            steps:
              - a:
                  adapter: stripe
                  on_error:
                    - {catch: [timeout, conflict], steps: [{x: {set: {by: x}}}], then: continue}
                    - {catch: "stripe.*", when: $error.status == 402, steps: [{y: {set: {by: y}}}], then: continue}
                    - {catch: "*", steps: [{z: {set: {by: z}}}], then: continue}
            tests:
              - {name: a, mocks: {a: {error: conflict}}, expect: {vars: {by: x}}}
              - {name: b, mocks: {a: {error: {type: no, status: 402}}}, expect: {vars: {by: 'y'}}}
              - {name: c, mocks: {a: {error: {type: no, status: 400}}}, expect: {vars: {by: z}}}
            """)
        .says(
            "inside a branch or an item the failure goes to what contains it first",
            """
            on_error: [{last: {set: {by: flow}}}]
            steps:
              - p:
                  parallel: [{g: {do: [{a: {adapter: stripe}}], on_error: {steps: [{h: {set: {by: group}}}], then: continue}}}]
              - each:
                  foreach: "[1]"
                  do: [{b: {adapter: stripe}}]
                  on_error: {steps: [{i: {set: {and: loop}}}], then: continue}
              - c: {adapter: stripe}
            tests:
              - mocks: {a: {error: forbidden}, b: {error: forbidden}, c: 1}
                expect: {status: completed, vars: {by: group, and: loop}, never: [last]}
              - mocks: {a: 1, b: 1, c: {error: forbidden}}
                expect: {status: failed, handled: true, vars: {by: flow}}
            """)
        .all();
  }

  @TestFactory
  Stream<DynamicTest> ends() {
    return new Sentences()
        .says(
            "what ran, or may have run, is undone in reverse order; one that fails for good does"
                + " not stop the others",
            """
            steps:
              - a: {adapter: stripe, compensate: {adapter: bank, params: {amount: 1}}}
              - b: {adapter: stripe, compensate: {adapter: bank, params: {amount: 2}}}
              - c: {adapter: stripe, compensate: {adapter: bank, params: {amount: 3}}}
            tests:
              - name: the last one is unknown
                mocks: {a: 1, b: 1, c: {error: timeout}, compensate_1: 1, compensate_2: 1, compensate_3: 1}
                expect: {status: compensated, error: timeout, path: [a, b, c, compensate_3, compensate_2, compensate_1]}
              - name: the last one was refused
                mocks: {a: 1, b: 1, c: {error: forbidden}, compensate_1: 1, compensate_2: {error: forbidden}}
                expect: {status: compensation_failed, error: forbidden, path: [a, b, c, compensate_2, compensate_1]}
            """)
        .says(
            "each undo has its own retry",
            """
            steps:
              - a: {adapter: stripe, compensate: {adapter: bank, params: {amount: 1}, retry: {attempts: 2, delay: 1s, only: [forbidden]}}}
              - b: {adapter: stripe}
            tests: [{mocks: {a: 1, b: {error: forbidden}, compensate_1: [{error: forbidden}, 1]}, expect: {status: compensated, attempts: {compensate_1: 2}}}]
            """)
        .says(
            "a cancel undoes only if it is asked to; on_cancel runs",
            """
            on_cancel: {steps: [{told: {set: {why: cancelled}}}], then: compensate}
            steps:
              - a: {adapter: stripe, compensate: {adapter: bank, params: {amount: 1}}}
              - w: {wait: 1d}
            tests: [{mocks: {a: 1, compensate_1: 1}, cancel: {at: 1h, reason: enough}, expect: {status: compensated, vars: {why: cancelled}, duration: 1h}}]
            """)
        .says(
            "without that it is cancelled",
            """
            steps:
              - a: {adapter: stripe, compensate: {adapter: bank, params: {amount: 1}}}
              - w: {wait: 1d}
            tests: [{mocks: {a: 1}, cancel: {at: 1h, reason: enough}, expect: {status: cancelled, never: [compensate_1]}}]
            """)
        .says(
            "finally runs however it ends, and its own failure spoils a good end alone",
            """
            finally: [{last: {adapter: bank, params: {amount: 1}}}]
            steps: [{a: {adapter: stripe}}]
            tests:
              - {name: a, mocks: {a: 1, last: 1}, expect: {status: completed, output: 1, path: [a, last]}}
              - {name: b, mocks: {a: {error: forbidden}, last: 1}, expect: {status: failed, error: forbidden, path: [a, last]}}
              - {name: c, mocks: {a: 1, last: {error: conflict}}, expect: {status: failed, error: conflict}}
              - {name: d, mocks: {a: {error: forbidden}, last: {error: conflict}}, expect: {status: failed, error: forbidden}}
            """)
        .says(
            "timed_out is the flow's own timeout only, a step's is the error timeout",
            """
            timeout: 1h
            steps: [{a: {adapter: stripe, timeout: 5s}}, {w: {wait: 1d}}]
            tests:
              - {name: a, mocks: {a: 1}, expect: {status: timed_out, duration: 1h}}
              - {name: b, mocks: {a: {$after: 6s, $value: 1}}, expect: {status: failed, error: timeout, duration: 5s}}
            """)
        .says(
            "a budget is looked at before the next call: 50,000 transitions unless said, fail or"
                + " pause",
            """
            budget: {steps: 1, tokens: 10, on_exceed: pause}
            steps: [{a: {adapter: stripe}}, {b: {adapter: bank}}]
            tests:
              - {name: a, mocks: {a: {usage: {tokens: 5}}}, expect: {status: paused, never: []}}
            """)
        .says(
            "and fail is what it does unless said otherwise",
            """
            budget: {cost: 0.5}
            steps: [{a: {adapter: stripe}}, {b: {adapter: bank}}]
            tests:
              - {name: a, mocks: {a: {usage: {cost: 0.5}}}, expect: {status: failed, error: budget_exceeded, attempts: {b: 0}}}
            """)
        .all();
  }
}
