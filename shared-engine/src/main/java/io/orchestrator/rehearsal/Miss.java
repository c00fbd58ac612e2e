package io.orchestrator.rehearsal;

import io.orchestrator.flow.Spot;
import java.util.List;

/**
 * Something that a test expects and a rehearsal did not show.
 *
 * @param what the expectation: {@code status}, {@code path}, {@code output} ...
 * @param spot where the test says it
 * @param expected as data, null if there is none
 * @param actual as data, null if there is none
 * @param lines the difference for people
 * @param step the step that it is about; empty if it is about none
 */
public record Miss(
    String what,
    Spot spot,
    String message,
    Object expected,
    Object actual,
    List<String> lines,
    String step) {}
