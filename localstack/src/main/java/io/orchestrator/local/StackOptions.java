package io.orchestrator.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * How to start a local stack.
 *
 * @param processes the functions that run in processes of their own; {@link #ALL} stands for every
 *     one
 * @param parameters values of the template's parameters
 * @param environment variables that win over the template's and the stack's own, for every function
 * @param servers those that run already; null: the stack brings its own
 */
public record StackOptions(
    Path template,
    Path data,
    int port,
    boolean fresh,
    Set<String> processes,
    Map<String, String> parameters,
    Map<String, String> environment,
    Servers servers) {
  public static final int PORT = 8080;

  /** Every function. */
  public static final String ALL = "*";

  /**
   * Database, cache and queues that somebody else runs.
   *
   * @param owner the role that owns the schema; no role needs a password
   */
  public record Servers(String jdbcUrl, String owner, String redisUrl, URI sqs) {}

  public static StackOptions of(Path template, Path data) {
    return new StackOptions(template, data, PORT, false, Set.of(), Map.of(), Map.of(), null);
  }

  public StackOptions onPort(int other) {
    return new StackOptions(
        template, data, other, fresh, processes, parameters, environment, servers);
  }

  /** Runs these functions in processes of their own, as Lambda does. */
  public StackOptions inProcesses(String... functions) {
    return new StackOptions(
        template, data, port, fresh, Set.of(functions), parameters, environment, servers);
  }

  boolean hasProcesses(String function) {
    return processes.contains(ALL) || processes.contains(function);
  }

  public StackOptions fromScratch() {
    return new StackOptions(
        template, data, port, true, processes, parameters, environment, servers);
  }

  public StackOptions with(Map<String, String> otherEnvironment) {
    return new StackOptions(
        template, data, port, fresh, processes, parameters, Map.copyOf(otherEnvironment), servers);
  }

  public StackOptions on(Servers others) {
    return new StackOptions(
        template, data, port, fresh, processes, parameters, environment, others);
  }
}
