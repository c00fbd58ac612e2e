package io.orchestrator.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One Lambda process of a function: a JVM that runs the Lambda runtime client against its own
 * Runtime API.
 */
final class FunctionProcess implements AutoCloseable {
  private static final String RUNTIME =
      "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
  private static final double HEAP_SHARE = 0.75;

  private final RuntimeApi api;
  private final Process process;

  private FunctionProcess(RuntimeApi api, Process process) {
    this.api = api;
    this.process = process;
  }

  static FunctionProcess start(FunctionSpec function, Home home) {
    RuntimeApi api = new RuntimeApi(function);
    Path log = home.logs().resolve(function.id() + ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(Programs.inOwnSession(command(function, home)));
      builder
          .environment()
          .keySet()
          .removeIf(name -> !List.of("PATH", "HOME", "LANG", "TMPDIR").contains(name));
      builder.environment().putAll(environment(function, api));
      Process process =
          builder
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      FunctionProcess started = new FunctionProcess(api, process);
      process
          .onExit()
          .thenAccept(
              ended ->
                  api.fail(
                      new FunctionException(
                          "Runtime.ExitError",
                          "RequestId: Runtime exited with exit status "
                              + ended.exitValue()
                              + ", see "
                              + log)))
          .exceptionally(e -> null);
      return started;
    } catch (IOException e) {
      api.close();
      throw new StackException(
          "Cannot start a process for " + function.id() + ": " + e.getMessage(), e);
    }
  }

  private static List<String> command(FunctionSpec function, Home home) throws IOException {
    Path arguments = home.run().resolve("function-" + function.id() + ".args");
    List<String> lines =
        new ArrayList<>(
            List.of(
                "-cp",
                quoted(System.getProperty("java.class.path")),
                "-Xmx" + Math.round(function.memoryMb() * HEAP_SHARE) + "m",
                "-XX:+UseSerialGC",
                "-XX:MaxMetaspaceSize=256m",
                "--enable-native-access=ALL-UNNAMED",
                RUNTIME,
                quoted(function.handler())));
    Files.write(arguments, lines);
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + arguments);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Map<String, String> environment(FunctionSpec function, RuntimeApi api) {
    Map<String, String> environment = new java.util.HashMap<>(function.environment());
    environment.put("AWS_LAMBDA_RUNTIME_API", api.address());
    environment.put("_HANDLER", function.handler());
    environment.put("AWS_LAMBDA_FUNCTION_NAME", function.id());
    environment.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memoryMb()));
    environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function.id());
    environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
    environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
    environment.putIfAbsent("AWS_REGION", Surroundings.REGION);
    environment.put("TZ", "UTC");
    return environment;
  }

  byte[] invoke(byte[] event, Duration timeout) throws FunctionException {
    return api.invoke(event, timeout);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    api.close();
  }
}
