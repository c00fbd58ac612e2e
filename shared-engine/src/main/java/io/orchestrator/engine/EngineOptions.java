package io.orchestrator.engine;

/**
 * How this process runs executions.
 *
 * @param owner names the process in leases, unique in the world
 * @param runAhead false: exactly one commit an invocation
 * @param slow whether it makes calls that may take longer than ten seconds
 * @param host the machine that it runs on
 */
public record EngineOptions(String owner, boolean runAhead, boolean slow, Host host) {
  /** On this machine. */
  public EngineOptions(String owner, boolean runAhead, boolean slow) {
    this(owner, runAhead, slow, Host.JVM);
  }
}
