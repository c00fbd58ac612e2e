package io.orchestrator.telemetry;

/** Takes spans that are over. Safe for many threads; never throws for what a collector does. */
public interface Spans extends AutoCloseable {
  /** Nobody wants to know: costs nothing, loads nothing. */
  Spans NONE = new NoSpans();

  /** Whether anybody wants to know: else nobody needs to make one. */
  boolean wanted();

  /** Notes a span, unless whoever began its trace does not want it. */
  void over(Span span);

  /** Sends what was noted and waits for it a moment: afterwards the process may be frozen. */
  void flush();

  @Override
  void close();
}
