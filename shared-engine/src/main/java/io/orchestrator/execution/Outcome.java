package io.orchestrator.execution;

/**
 * How a group ends once its {@code finally} has run.
 *
 * @param output if it ends well
 * @param failure null if it ends well
 * @param handled whether handlers inside dealt with the failure
 */
public record Outcome(Object output, Failure failure, boolean handled) {}
