package io.orchestrator.telemetry;

/** For a deployment without a collector. */
final class NoSpans implements Spans {
  @Override
  public boolean wanted() {
    return false;
  }

  @Override
  public void over(Span span) {
    // Nobody wants to know.
  }

  @Override
  public void flush() {
    // There is nothing to send.
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}
