package io.orchestrator.adapter.openapi;

/** Something in a document that an action cannot express. */
final class Unsupported extends Exception {
  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * @param path pointer into the document
   */
  Unsupported(String path, String message) {
    super(message, null, false, false);
    this.path = path;
  }

  String path() {
    return path;
  }
}
