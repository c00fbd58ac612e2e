package io.orchestrator.engine;

import java.time.Duration;

/**
 * Since when the row of an execution that was taken says, by its last commit or renewal, that
 * somebody looks after it. Written by the run, read by the renewal.
 */
final class Hold {
  private final Host host;
  private volatile int revision;
  private volatile long sinceNanos;

  Hold(Host host) {
    this.host = host;
  }

  /** A commit or a renewal has just said so. */
  void says(int atRevision) {
    says(atRevision, Duration.ZERO);
  }

  /** It was said that long ago. */
  void says(int atRevision, Duration ago) {
    sinceNanos = host.nanos() - Math.max(0, ago.toNanos());
    revision = atRevision;
  }

  /** A renewal that began then has prolonged it, unless it has moved since. */
  void prolonged(int atRevision, long beganNanos) {
    if (revision == atRevision && sinceNanos - beganNanos < 0) {
      sinceNanos = beganNanos;
    }
  }

  /** 0 as long as the execution is not taken. */
  int revision() {
    return revision;
  }

  boolean isOlderThan(Duration age) {
    return revision > 0 && host.nanos() - sinceNanos >= age.toNanos();
  }
}
