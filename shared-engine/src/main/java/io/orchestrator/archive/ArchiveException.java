package io.orchestrator.archive;

/** The archive did not do what was asked; what was to be archived must stay where it is. */
public final class ArchiveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
