package io.orchestrator.engine;

import io.orchestrator.execution.Execution;
import io.orchestrator.store.Stored;
import java.util.UUID;

/** Opens what an engine has sealed, for tests that judge what it has committed. */
public final class Opened {
  private Opened() {}

  /** The data of a line as it is for whoever goes on with the execution. */
  public static String line(Callbacks callbacks, UUID execution, String data) {
    return callbacks.sealing().open(execution, data);
  }

  /** What a history adds up to for whoever goes on with it. */
  public static Execution fold(Callbacks callbacks, Stored stored) {
    return History.fold(stored, callbacks.sealing());
  }
}
