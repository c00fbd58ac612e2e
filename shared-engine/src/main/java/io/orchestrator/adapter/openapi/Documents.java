package io.orchestrator.adapter.openapi;

import io.orchestrator.adapter.AllowList;
import java.net.URI;

/** Where the documents are that definitions refer to. */
@FunctionalInterface
public interface Documents {
  /** Nowhere: actions that a document elsewhere describes stay unknown. */
  Documents NONE = (address, allow) -> new Found.Unknown();

  /**
   * Fetches a document, once.
   *
   * @param allow what the definition may reach beside the public internet
   */
  Found fetch(URI address, AllowList allow);

  /** What came of it. */
  sealed interface Found {
    /** The document. */
    record Text(byte[] bytes) implements Found {}

    /** Nobody looked. */
    record Unknown() implements Found {}

    /** There is none to be had; {@code why} is a sentence for the author. */
    record Missing(String why) implements Found {}
  }
}
