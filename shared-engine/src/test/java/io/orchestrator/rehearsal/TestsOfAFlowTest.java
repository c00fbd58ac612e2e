package io.orchestrator.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.flow.Document;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.TestsReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestsOfAFlowTest {
  private static final String FLOW =
      """
      flow: pay
      steps:
        - charge: {adapter: bank, params: {amount: 1}}
        - note: {set: {done: true}}
      tests:
      """;

  private static List<String> errors(String tests) {
    return Rehearsed.read(FLOW + tests).errors().stream().map(TestsOfAFlowTest::told).toList();
  }

  private static String told(Problem problem) {
    return problem.line()
        + " "
        + problem.code()
        + ": "
        + problem.message()
        + (problem.hint().isEmpty() ? "" : " / " + problem.hint());
  }

  @Test
  void a_step_that_is_not_there_is_told_with_what_was_meant() {
    assertThat(
            errors(
                """
                  - mocks: {chrge: 1}
                    expect:
                      path: [charge, noet]
                      never: [chargee]
                      attempts: {charg: 1}
                      steps: {notes: {status: completed}}
                """))
        .containsExactly(
            "6 unknown_step: the flow has no step 'chrge' / did you mean 'charge'?",
            "8 unknown_step: the flow has no step 'noet' / did you mean 'note'?",
            "9 unknown_step: the flow has no step 'chargee' / did you mean 'charge'?",
            "10 unknown_step: the flow has no step 'charg' / did you mean 'charge'?",
            "11 unknown_step: the flow has no step 'notes' / did you mean 'note'?");
  }

  @Test
  void what_is_no_test_is_told_with_its_place() {
    assertThat(
            errors(
                """
                  - mocks: {charge: []}
                    expect: {statsu: completed}
                  - input: {}
                  - expect: {status: complete, attempts: {charge: often}, handled: maybe}
                    signal: {name: x}
                  - mocks: {charge: {error: {message: no type}}}
                    expect: {duration: 5}
                """))
        .containsExactly(
            "6 empty: a list is one answer for each attempt, and this one has none / an empty"
                + " list as the value is {$value: []}",
            "7 unknown_key: expect has no key 'statsu' / did you mean 'status'?",
            "8 missing_key: a test needs the key 'expect' / expect: {status: completed}",
            "9 bad_value: status cannot be 'complete' / did you mean 'completed'?",
            "9 wrong_type: attempts of charge must be a number from 0, not the text 'often'",
            "9 wrong_type: handled must be true or false, not the text 'maybe'",
            "10 unknown_key: a test has no key 'signal' / did you mean 'signals'?",
            "11 missing_key: an error needs the key 'type' / {type: timeout}",
            "12 bad_duration: duration needs a unit / write 5s or 5ms");
  }

  @Test
  void a_mock_answers_only_what_is_asked() {
    assertThat(
            errors(
                """
                  - mocks: {note: 1, charge: {callback: {ok: true}}}
                    expect: {status: completed}
                """))
        .containsExactly(
            "6 contradiction: the step 'note' asks nobody, so there is nothing to mock / calls,"
                + " sub-flows and waits for answers are mocked",
            "6 contradiction: the step 'charge' awaits no callback / if its answer really is such a"
                + " map, write {$value: {...}}");
  }

  @Test
  void two_tests_have_two_names() {
    assertThat(
            errors(
                """
                  - {name: a, expect: {status: completed}}
                  - {name: a, expect: {status: completed}}
                """))
        .containsExactly("7 duplicate_id: there are two tests with the name 'a'");
  }

  @Test
  void a_file_of_tests_belongs_to_its_flow() {
    Problems problems = new Problems();
    Document document =
        Document.read("{flow: other, tests: [{expect: {status: completed}}], more: 1}", problems);
    assertThat(TestsReader.file(document, "pay", problems)).hasSize(1);
    assertThat(problems.errors())
        .extracting(Problem::code)
        .containsExactly("bad_value", "unknown_key");
  }
}
