package io.orchestrator.local;

/** Where one function runs and how it is called; safe for many threads. */
public sealed interface FunctionHost extends AutoCloseable permits InProcessHost, ProcessHost {
  FunctionSpec function();

  /**
   * Calls the function and waits for its answer.
   *
   * @param event a type of aws-lambda-java-events, or plain maps and lists
   * @param answer the type to read the answer as; null is a legal answer
   * @throws FunctionException if the handler throws, its process dies, or the function's time runs
   *     out
   */
  <T> T invoke(Object event, Class<T> answer) throws FunctionException;

  @Override
  void close();
}
