package io.orchestrator.adapter;

import java.time.Duration;

/** The bounds of adapter calls, each with its unit in its name. */
public final class Limits {
  /** Of an attempt, when nobody says. */
  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(10);

  /** Of an attempt at most: a function lives 15 minutes and needs one for itself. */
  public static final Duration TIMEOUT_MAX = Duration.ofMinutes(14);

  /** What a service may ask us to wait before the next attempt. */
  public static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(15);

  /** Bytes of a result as compact JSON. */
  public static final int RESULT_BYTES_MAX = 256 * 1_024;

  /** Bytes of a request's body. */
  public static final int REQUEST_BYTES_MAX = 16 * 1_024 * 1_024;

  /** Bytes that are read of a response's body before the connection is cut. */
  public static final int RESPONSE_BYTES_MAX = 16 * 1_024 * 1_024;

  /** Bytes of an error's body that are kept as {@code $error.data}. */
  public static final int ERROR_DATA_BYTES_MAX = 16 * 1_024;

  /** Characters of one header line, ours or theirs. */
  public static final int HEADER_LINE_CHARACTERS_MAX = 8 * 1_024;

  /** Header lines of a response. */
  public static final int HEADER_LINES_MAX = 100;

  /** Characters of a request's path and query. */
  public static final int TARGET_CHARACTERS_MAX = 8 * 1_024;

  /** Connections of one process. */
  public static final int CONNECTIONS_MAX = 512;

  /** Connections of one process to one address of one host. */
  public static final int CONNECTIONS_PER_ADDRESS_MAX = 256;

  /** Actions of one definition. */
  public static final int ACTIONS_MAX = 200;

  /** Bytes of an OpenAPI document elsewhere. */
  public static final int OPENAPI_BYTES_MAX = 1_024 * 1_024;

  /** Bytes of the actions that are made of one, as compact JSON. */
  public static final int GENERATED_BYTES_MAX = 512 * 1_024;

  /** To fetch one. */
  public static final Duration OPENAPI_TIMEOUT = Duration.ofSeconds(10);

  /** Of a token that does not say how long it lives. */
  public static final Duration TOKEN_LIFETIME_DEFAULT = Duration.ofMinutes(5);

  /** How long before its end a token is not used any more, unless it lives too short for that. */
  public static final Duration TOKEN_MARGIN = Duration.ofMinutes(1);

  /** Tokens of OAuth 2 that one process keeps. */
  public static final int TOKENS_MAX = 1_000;

  /** Problems that one reading reports. */
  public static final int PROBLEMS_MAX = 50;

  /** Failures in a row that open a circuit, when nobody says, and at most. */
  public static final int CIRCUIT_FAILURES_DEFAULT = 5;

  public static final int CIRCUIT_FAILURES_MAX = 100;

  /** Within which they lie, when nobody says. */
  public static final Duration CIRCUIT_WINDOW_DEFAULT = Duration.ofSeconds(30);

  /** For which it stays open, when nobody says. */
  public static final Duration CIRCUIT_OPEN_DEFAULT = Duration.ofSeconds(60);

  /** Adapters that stand in for one. */
  public static final int FALLBACKS_MAX = 5;

  /** From one look at a service's health to the next, when nobody says, and at least. */
  public static final Duration HEALTH_EVERY_DEFAULT = Duration.ofMinutes(1);

  public static final Duration HEALTH_EVERY_MIN = Duration.ofSeconds(10);

  /** Within which a service must say that it is well. */
  public static final Duration HEALTH_TIMEOUT_MAX = Duration.ofSeconds(5);

  private Limits() {}
}
