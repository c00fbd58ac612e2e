package io.orchestrator.adapter.http;

import io.orchestrator.adapter.AllowList;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** How one request over HTTP ended. */
public sealed interface Exchange {
  /**
   * What is asked.
   *
   * @param uri absolute, its path and query encoded
   * @param headers checked by {@link io.orchestrator.adapter.HeaderRules}
   * @param body null without
   * @param timeout for everything: name, connection, request, and the last byte of the response
   * @param allow what the adapter's definition allows beyond the public internet
   */
  record Request(
      String method,
      URI uri,
      Map<String, String> headers,
      byte[] body,
      Duration timeout,
      AllowList allow) {}

  /**
   * With a response.
   *
   * @param headers names in lower case, lines of one name joined by commas
   */
  record Response(int status, Map<String, String> headers, byte[] body) implements Exchange {}

  /** Without one. */
  record Broken(Cause cause, String message) implements Exchange {}

  /** Why there is no response. */
  enum Cause {
    /** The address is one that may not be reached. */
    FORBIDDEN,
    /** The time was over. */
    TIMEOUT,
    /** There is nobody: no such name, refused, reset, cut off. */
    UNREACHABLE,
    /** The certificate is not the host's. */
    UNTRUSTED,
    /** The response is larger than anyone should send. */
    TOO_LARGE,
    /** What came is not HTTP as we take it. */
    MALFORMED,
    /** We were told to stop. */
    INTERRUPTED
  }
}
