package io.orchestrator.local;

import java.nio.file.Path;
import java.util.Map;

/**
 * How to start a local stack.
 *
 * @param parameters values of the template's parameters
 * @param environment variables that win over the template's and the stack's own, for every function
 */
public record StackOptions(Path template, Path data, int port, boolean fresh, boolean processes,
    Map<String, String> parameters, Map<String, String> environment) {
  public static final int PORT = 8080;

  public static StackOptions of(Path template, Path data) {
    return new StackOptions(template, data, PORT, false, false, Map.of(), Map.of());
  }

  public StackOptions onPort(int other) {
    return new StackOptions(template, data, other, fresh, processes, parameters, environment);
  }

  public StackOptions inProcesses() {
    return new StackOptions(template, data, port, fresh, true, parameters, environment);
  }

  public StackOptions fromScratch() {
    return new StackOptions(template, data, port, true, processes, parameters, environment);
  }

  public StackOptions with(Map<String, String> otherEnvironment) {
    return new StackOptions(template, data, port, fresh, processes, parameters, Map.copyOf(otherEnvironment));
  }
}
