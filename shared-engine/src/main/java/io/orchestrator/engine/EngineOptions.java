package io.orchestrator.engine;

import io.orchestrator.execution.MaskRules;

/**
 * How this process runs executions.
 *
 * @param owner names the process in leases, unique in the world
 * @param runAhead false: exactly one commit an invocation
 * @param slow whether it makes calls that may take longer than ten seconds
 * @param host the machine that it runs on
 * @param rules what is covered in every flow
 */
public record EngineOptions(
    String owner, boolean runAhead, boolean slow, Host host, MaskRules rules) {
  /** On this machine, with the usual rules. */
  public EngineOptions(String owner, boolean runAhead, boolean slow) {
    this(owner, runAhead, slow, Host.JVM);
  }

  /** With the usual rules. */
  public EngineOptions(String owner, boolean runAhead, boolean slow, Host host) {
    this(owner, runAhead, slow, host, MaskRules.USUAL);
  }
}
