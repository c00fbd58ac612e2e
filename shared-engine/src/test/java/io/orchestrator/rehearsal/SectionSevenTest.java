package io.orchestrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests that live with a flow, sentence by sentence of the page that fixes the language. */
class SectionSevenTest {
  @TestFactory
  Stream<DynamicTest> answers() {
    return new Sentences()
        .says(
            "a list is one answer per attempt",
            """
            steps: [{a: {adapter: stripe}}]
            tests: [{mocks: {a: [{error: adapter_unavailable}, {error: adapter_unavailable}, {ok: 1}]}, expect: {status: completed, attempts: {a: 3}, output: {ok: 1}}}]
            """)
        .says(
            "a list as a value is written as one",
            """
            steps: [{a: {adapter: stripe}}]
            tests: [{mocks: {a: {$value: [1, 2]}}, expect: {output: [1, 2], attempts: {a: 1}}}]
            """)
        .says(
            "only the lone key error is a failure",
            """
            steps: [{a: {adapter: stripe}}]
            tests:
              - {name: a, mocks: {a: {error: forbidden}}, expect: {status: failed, error: forbidden}}
              - {name: b, mocks: {a: {error: forbidden, more: 1}}, expect: {status: completed, output: {error: forbidden, more: 1}}}
            """)
        .says(
            "the path lists the steps that are not structure, in the order of their start",
            """
            steps:
              - p: {parallel: [{a: {do: [{x: {adapter: stripe}}, {y: {set: {n: 1}}}]}}, {z: {adapter: stripe}}]}
              - c: {if: 1 == 1, then: [{w: {wait: 1s}}]}
            tests: [{mocks: {x: {$after: 1s, $value: 1}, z: 1}, expect: {path: [x, z, y, w]}}]
            """)
        .says(
            "never is what must not start, and nothing else of it is said",
            """
            steps: [{a: {adapter: stripe}}, {b: {when: $a == 2, adapter: bank}}]
            tests: [{mocks: {a: 1}, expect: {never: [b]}}]
            """)
        .says(
            "time is virtual: three days take no time",
            """
            steps: [{a: {wait: 3d}}]
            tests: [{expect: {status: completed, duration: 3d}}]
            """)
        .says(
            "a call without a mock is answered if its adapter is a sandbox",
            """
            steps: [{a: {adapter: sandbox, action: echo, params: {n: 1}}}]
            tests: [{expect: {status: completed, output: {n: 1}}}]
            """)
        .all();
  }

  @Test
  void a_call_without_a_mock_fails_the_test_if_its_adapter_is_none() {
    assertThat(
            Rehearsed.misses(
                "flow: said\n"
                    + "steps: [{a: {adapter: bank, params: {amount: 1}}}]\n"
                    + "tests: [{expect: {status: completed}}]"))
        .anySatisfy(miss -> assertThat(miss).contains("has no mock"));
  }
}
