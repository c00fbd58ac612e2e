package io.orchestrator.telemetry;

import java.util.function.Supplier;

/**
 * A request or a message that is being worked on. Which execution it concerns shows only on the
 * way; its span then belongs to the trace of that execution.
 */
public final class Work {
  private static final ScopedValue<Work> CURRENT = ScopedValue.newInstance();
  private volatile String about;

  /** Does it, on this thread. */
  public <T> T doing(Supplier<T> what) {
    return ScopedValue.where(CURRENT, this).call(what::get);
  }

  /** The context of the execution that it has moved first; null if it has moved none. */
  public String about() {
    return about;
  }

  /** What this thread works on, if it is work that is watched, concerns that execution. */
  public static void isAbout(String context) {
    if (CURRENT.isBound() && CURRENT.get().about == null) {
      CURRENT.get().about = context;
    }
  }
}
