package io.orchestrator.rehearsal;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The kinds of steps, sentence by sentence of the page that fixes the language. */
class SectionFourKindsTest {
  @TestFactory
  Stream<DynamicTest> calls() {
    return new Sentences()
        .says(
            "an adapter's action is called with params; without params with the whole input, with"
                + " {} with nothing",
            """
            input: {n: integer}
            steps:
              - a: {adapter: bank, action: balance, params: {of: $input.n}}
              - b: {adapter: stripe}
              - c: {adapter: stripe, params: {}}
            tests:
              - input: {n: 1}
                mocks: {a: 1, b: 2, c: 3}
                expect: {status: completed, steps: {a: {params: {of: 1}}, b: {params: {n: 1}}, c: {params: {}}}}
            """)
        .says(
            "a fallback is used when the adapter is unavailable or its circuit is open, and only"
                + " then",
            """
            steps:
              - a: {adapter: stripe, fallback: [send_email], retry: {attempts: 1}}
            tests:
              - mocks: {a: {$adapters: {stripe: {error: adapter_unavailable}, send_email: {ok: 1}}}}
                expect: {status: completed, steps: {a: {served_by: send_email}}}
              - mocks: {a: {$adapters: {stripe: {error: circuit_open}, send_email: {ok: 1}}}}
                expect: {status: completed, steps: {a: {served_by: send_email}}}
              - mocks: {a: {$adapters: {stripe: {error: timeout}, send_email: {ok: 1}}}}
                expect: {status: failed, error: timeout}
            """)
        .says(
            "an adapter's definition may name who stands in; what the step says goes before it",
            """
            steps:
              - a: {adapter: courier, retry: {attempts: 1}}
              - b: {adapter: courier, fallback: [send_sms], retry: {attempts: 1}}
            tests:
              - mocks:
                  a: {$adapters: {courier: {error: adapter_unavailable}, send_email: {ok: 1}}}
                  b: {$adapters: {courier: {error: circuit_open}, send_sms: {ok: 2}}}
                expect: {status: completed, steps: {a: {served_by: send_email}, b: {served_by: send_sms}}}
            """)
        .says(
            "use runs a defined step, and inside it $with is what it is given",
            """
            define: {greet: {adapter: stripe, params: {text: "Hello ${ $with.name }"}}}
            steps:
              - a: {use: greet, with: {name: Ada}}
              - greet
            tests:
              - mocks: {a: 1, greet: 2}
                expect: {status: completed, steps: {a: {params: {text: Hello Ada}}, greet: {params: {text: "Hello "}}}}
            """)
        .says(
            "another flow is a step whose output is that of the flow",
            """
            steps:
              - a: {flow: send-invoice, input: {n: 1}}
            tests:
              - mocks: {a: {id: i-1}}
                expect: {status: completed, output: {id: i-1}, steps: {a: {params: {n: 1}}}}
            """)
        .all();
  }

  @TestFactory
  Stream<DynamicTest> branches() {
    return new Sentences()
        .says(
            "the output of a parallel is a map by branch id, in the order of the branches",
            """
            steps:
              - both: {parallel: [{a: {adapter: stripe}}, {b: {adapter: stripe}}]}
            tests:
              - mocks: {a: {$after: 9s, $value: 1}, b: {$after: 2s, $value: 2}}
                expect: {status: completed, output: {a: 1, b: 2}, duration: 9s, path: [a, b]}
            """)
        .says(
            "with all, a failing branch cancels the others",
            """
            steps:
              - both: {parallel: [{a: {adapter: stripe}}, {w: {wait: 1h}}]}
            tests:
              - mocks: {a: {$after: 5s, error: forbidden}}
                expect: {status: failed, error: forbidden, duration: 5s, steps: {w: {status: cancelled}}}
            """)
        .says(
            "with any, one is enough; with a number, so many; with tolerate, so many may fail",
            """
            steps:
              - first: {parallel: [{a: {adapter: stripe}}, {w: {wait: 1h}}], complete: any}
              - two: {parallel: [{c: {adapter: stripe}}, {d: {adapter: stripe}}, {v: {wait: 1h}}], complete: {min: 2}}
              - most: {parallel: [{e: {adapter: stripe}}, {f: {wait: 10s}}], complete: {tolerate: 1}}
            tests:
              - mocks: {a: 1, c: 2, d: 3, e: {error: forbidden}}
                expect: {status: completed, duration: 10s, output: {e: null, f: null}, steps: {w: {status: cancelled}, v: {status: cancelled}}}
              - mocks: {a: 1, c: 2, d: {error: forbidden}, e: 1}
                expect: {status: completed, duration: {min: 1h, max: 2h}}
            """)
        .says(
            "concurrency says how many branches are at work at the same time",
            """
            steps:
              - both: {parallel: [{a: {wait: 1m}}, {b: {wait: 1m}}, {c: {wait: 1m}}], concurrency: 2}
            tests:
              - expect: {status: completed, duration: 2m}
            """)
        .says(
            "the branch of a condition that is not taken is recorded as skipped",
            """
            input: {n: integer}
            steps:
              - c: {if: $input.n > 1, then: [{a: {set: {x: 1}}}], else: [{b: {set: {x: 2}}}]}
            tests:
              - input: {n: 2}
                expect: {path: [a], steps: {a: {status: completed}, b: {status: skipped}}, vars: {x: 1}}
              - input: {n: 1}
                expect: {path: [b], steps: {a: {status: skipped}, b: {status: completed}}, vars: {x: 2}}
            """)
        .says(
            "a switch takes the first case that fits, by the language's equality, else its default",
            """
            input: {v: any}
            steps:
              - s:
                  switch: $input.v
                  cases:
                    "1": [{one: {set: {x: one}}}]
                    "true": [{yes: {set: {x: yes}}}]
                    "null": [{none: {set: {x: none}}}]
                    word: [{word: {set: {x: word}}}]
                    '{"b": [1], "a": 2}': [{map: {set: {x: map}}}]
                  default: [{other: {set: {x: other}}}]
            tests:
              - {input: {v: 1}, expect: {vars: {x: one}}}
              - {name: a decimal, input: {v: 1.0}, expect: {vars: {x: one}}}
              - {name: a text, input: {v: "1"}, expect: {vars: {x: one}}}
              - {name: yes, input: {v: true}, expect: {vars: {x: yes}}}
              - {name: null, input: {v: null}, expect: {vars: {x: none}}}
              - {name: word, input: {v: word}, expect: {vars: {x: word}}}
              - {name: map, input: {v: {a: 2.0, b: [1]}}, expect: {vars: {x: map}}}
              - {name: other, input: {v: 10}, expect: {vars: {x: other}}}
              - {name: longer, input: {v: "1.0"}, expect: {vars: {x: other}}}
            """
                .replace("name: yes", "name: 'yes'")
                .replace("name: null", "name: 'null'"))
        .says(
            "a list of cases takes the first whose when holds",
            """
            input: {n: integer}
            steps:
              - s:
                  switch:
                    - {when: $input.n > 10, steps: [{a: {set: {x: 1}}}]}
                    - {when: $input.n > 5, steps: [{b: {set: {x: 2}}}]}
            tests:
              - {name: 'a', input: {n: 11}, expect: {path: [a], never: [b]}}
              - {name: 'b', input: {n: 6}, expect: {path: [b]}}
              - {name: 'c', input: {n: 1}, expect: {path: [], output: null}}
            """)
        .all();
  }

  @TestFactory
  Stream<DynamicTest> loops() {
    return new Sentences()
        .says(
            "the output of a foreach is the list of results in input order; as names the item,"
                + " collect maps it",
            """
            input: {l: [integer]}
            steps:
              - each:
                  foreach: $input.l
                  as: n
                  concurrency: 3
                  collect: {n: $n, i: $index, r: $result}
                  do: [{a: {adapter: stripe, params: {n: $n, same: $item}}}]
            tests:
              - input: {l: [7, 8]}
                mocks: {"each[0]/a": {$after: 9s, $value: x}, "each[1]/a": y}
                expect: {output: [{n: 7, i: 0, r: x}, {n: 8, i: 1, r: y}], duration: 9s, steps: {"each[1]/a": {params: {n: 8, same: 8}}}}
            """)
        .says(
            "without concurrency items are done one after the other",
            """
            steps:
              - each: {foreach: "range(0, 5)", do: [{w: {wait: 1m}}]}
            tests:
              - expect: {duration: 5m}
            """)
        .says(
            "so many items may fail, a number or a share of all, rounded down",
            """
            input: {l: [integer]}
            steps:
              - each: {foreach: $input.l, complete: {tolerate: 10%}, do: [{a: {adapter: stripe}}]}
            tests:
              - name: one of ten
                input: {l: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}
                mocks: {"each[3]/a": {error: forbidden}, a: ok}
                expect: {status: completed, output: [ok, ok, ok, null, ok, ok, ok, ok, ok, ok]}
              - name: none of nine
                input: {l: [0, 1, 2, 3, 4, 5, 6, 7, 8]}
                mocks: {"each[3]/a": {error: forbidden}, a: ok}
                expect: {status: failed, error: forbidden, never: ["each[4]/a"]}
            """)
        .says(
            "what is no list is an error, and nothing of nothing is nothing",
            """
            input: {l: any}
            steps:
              - each: {foreach: $input.l, do: [{a: {set: {x: 1}}}]}
            tests:
              - {name: a text, input: {l: no}, expect: {status: failed, error: expression}}
              - {name: nothing, input: {l: []}, expect: {status: completed, output: []}}
            """)
        .says(
            "repeat goes on until its condition holds, with a pause between its rounds, at most so"
                + " often",
            """
            steps:
              - r: {repeat: [{a: {adapter: stripe}}], until: $a.done, every: 30s, max: 4}
            tests:
              - mocks: {"r[2]/a": {done: true}, a: {done: false}}
                expect: {status: completed, duration: 1m, attempts: {a: 3}, output: {done: true}}
              - mocks: {"r[3]/a": {done: false, n: 4}, a: {done: false}}
                expect: {status: completed, duration: 90s, output: {done: false, n: 4}}
            """)
        .refuses(
            "at least one of until and max",
            "steps: [{r: {repeat: [{a: {adapter: stripe}}], every: 5s}}]",
            "missing_key")
        .says(
            "a group shares its timeout, its handlers and what is done in any case",
            """
            steps:
              - g:
                  do: [{a: {adapter: stripe}}, {w: {wait: 1h}}]
                  finally: [{last: {set: {done: $error.type ?? 'well'}}}]
                  timeout: 10s
                  on_error: {steps: [{h: {set: {why: $error.type}}}], then: continue}
            tests:
              - mocks: {a: 1}
                expect: {status: completed, duration: 10s, vars: {why: timeout, done: timeout}}
              - mocks: {a: {error: forbidden}}
                expect: {status: completed, vars: {why: forbidden, done: forbidden}}
            """)
        .all();
  }

  @TestFactory
  Stream<DynamicTest> pauses() {
    return new Sentences()
        .says(
            "wait is a durable timer, for a time or until one",
            """
            input: {until: string}
            steps: [{a: {wait: 15m}}, {b: {wait: {until: $input.until}}}]
            tests:
              - start: 2026-01-01T00:00:00Z
                input: {until: "2026-01-01T02:00:00Z"}
                expect: {duration: 2h}
            """)
        .refuses("of at most 365 days", "steps: [{a: {wait: 366d}}]", "bad_duration")
        .says(
            "also if the time is worked out",
            """
            input: {t: string}
            steps: [{a: {wait: $input.t}}]
            tests:
              - {name: 'a', input: {t: 365d}, expect: {status: completed, duration: 365d}}
              - {name: 'b', input: {t: 366d}, expect: {status: failed, error: expression}}
            """)
        .says(
            "an await without a timeout waits seven days",
            """
            steps: [{a: {await: {signal: go}}}]
            tests:
              - mocks: {a: {unanswered: true}}
                expect: {status: failed, error: timeout, duration: 7d}
            """)
        .says(
            "an answer that comes early is kept: a signal, an event, a callback during the call",
            """
            steps:
              - w: {wait: 1h}
              - a: {await: {signal: go}}
              - b: {await: {event: paid, buffer: 2h}}
              - c: {adapter: stripe, params: {url: $callback.url}, await: {callback: true}}
            tests:
              - signals: {name: go, data: 1}
                events: {type: paid, data: 2, at: 10m}
                mocks: {c: {callback: 3}}
                expect: {status: completed, duration: 1h, output: 3, steps: {a: {output: 1}, b: {output: 2}}}
            """)
        .says(
            "an event that is older than the buffer is none",
            """
            steps:
              - w: {wait: 3h}
              - b: {await: {event: paid, buffer: 2h, timeout: 1d}}
            tests:
              - events: {type: paid, data: 2, at: 10m}
                mocks: {b: {unanswered: true}}
                expect: {status: failed, error: timeout}
            """)
        .says(
            "beside a call, the timeout of the wait starts when the call has returned, that of the"
                + " step is for the call alone",
            """
            steps:
              - a: {adapter: stripe, timeout: 5s, await: {callback: true, timeout: 1h}, retry: {attempts: 1}}
            tests:
              - mocks: {a: {callback: {ok: 1}, after: 50m, call: {ref: 7}}}
                expect: {status: completed, duration: 50m, output: {ok: 1}}
              - mocks: {a: {$after: 6s, $value: 1}}
                expect: {status: failed, error: timeout, duration: 5s}
              - mocks: {a: {unanswered: true}}
                expect: {status: failed, error: timeout, duration: 1h}
            """)
        .says(
            "the call's own answer is $steps.id.call, and a callback can report failure",
            """
            steps:
              - a: {adapter: stripe, await: {callback: true}}
              - b: {set: {ref: $steps.a.call.ref}}
            tests:
              - mocks: {a: {callback: {ok: 1}, call: {ref: 7}, after: 1s}}
                expect: {status: completed, vars: {ref: 7}}
              - mocks: {a: {callback: {error: {type: no_way, message: never}}, after: 1s}}
                expect: {status: failed, error: no_way}
            """)
        .says(
            "people decide; unanswered is a timeout after seven days, never an approval",
            """
            steps:
              - a: {approve: {title: Pay?, options: [approve, reject]}}
            tests:
              - mocks: {a: approve}
                expect: {status: completed, output: {$includes: {decision: approve}}}
              - mocks: {a: reject}
                expect: {status: completed, output: {$includes: {decision: reject}}}
              - mocks: {a: {unanswered: true}}
                expect: {status: failed, error: timeout, duration: 7d}
            """)
        .all();
  }

  @TestFactory
  Stream<DynamicTest> data() {
    return new Sentences()
        .says(
            "set changes variables",
            """
            vars: {n: 1}
            steps: [{a: {set: {n: $vars.n + 1, m: x}}}]
            tests: [{expect: {vars: {n: 2, m: x}, output: {n: 2, m: x}}}]
            """)
        .says(
            "assert fails unless its condition holds, with its message",
            """
            input: {n: integer}
            steps: [{a: {assert: $input.n > 1, message: "not ${ $input.n }"}}]
            tests:
              - {name: 'a', input: {n: 2}, expect: {status: completed}}
              - {name: 'b', input: {n: 1}, expect: {status: failed, error: {type: assertion, message: not 1}}}
            """)
        .says(
            "raise fails with its own type, message and data",
            """
            steps: [{a: {raise: {type: out_of_stock, message: none left, data: {n: 0}}}}]
            tests: [{expect: {status: failed, error: {type: out_of_stock, message: none left, data: {n: 0}}}}]
            """)
        .says(
            "return finishes early with a value",
            """
            steps: [{g: {do: [{a: {return: {ok: 1}}}]}}, {b: {adapter: bank}}]
            tests: [{expect: {status: completed, output: {ok: 1}, never: [b]}}]
            """
                .replace(
                    "steps: [{g: {do: [{a: {return: {ok: 1}}}]}}, {b",
                    "steps: [{g: {do: [{a: {when: 1 == 1, return: {ok: 1}}}]}}, {b"))
        .says(
            "emit publishes an event",
            """
            steps: [{a: {emit: {type: told, key: "'k'", data: {n: 1}}}}]
            tests: [{expect: {emitted: [{type: told, key: k, data: {n: 1}}]}}]
            """)
        .says(
            "without output the flow gives the output of the last top-level step",
            """
            steps: [{a: {set: {n: 1}}}, {b: {when: 1 == 2, set: {n: 2}}}]
            tests: [{expect: {status: completed, output: null}}]
            """)
        .all();
  }
}
