package io.orchestrator.execution;

import java.util.Map;

/**
 * Everything that restoring a state needs to know of the history.
 *
 * @param past the execution as it was at the point
 * @param retried whether it is a retry, which keeps finished steps; else a rollback
 * @param point where it goes on
 * @param edits what is changed before
 * @param attempts of lines that cannot be read, by path; empty if all can
 */
public record Restoration(
    Execution past,
    boolean retried,
    Rewind.Point point,
    Edits edits,
    Map<String, Integer> attempts) {}
