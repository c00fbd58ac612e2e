package io.orchestrator.execution;

/**
 * How a structure ends once what has to be done first is done: the {@code finally} of a group.
 *
 * @param output if it ends well
 * @param failure null if it ends well
 * @param handled whether handlers inside dealt with the failure
 */
public record Outcome(Object output, Failure failure, boolean handled) {}
