package io.orchestrator.engine;

/**
 * How this process runs executions.
 *
 * @param owner names the process in leases, unique in the world
 * @param runAhead false: exactly one commit an invocation
 * @param slow whether it makes calls that may take longer than ten seconds
 */
public record EngineOptions(String owner, boolean runAhead, boolean slow) {}
