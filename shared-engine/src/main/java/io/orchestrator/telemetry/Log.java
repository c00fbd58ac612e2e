package io.orchestrator.telemetry;

import io.orchestrator.execution.MaskRules;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import software.amazon.lambda.powertools.logging.argument.StructuredArguments;

/**
 * Structured events: one JSON object a line, with the ids of the execution that the thread works
 * on.
 */
public final class Log {
  private static final MaskRules RULES = MaskRules.USUAL.everyShape();
  private static final Logger events;

  static {
    JsonLines.start(System.getenv());
    events = LoggerFactory.getLogger("io.orchestrator.event");
  }

  private Log() {}

  /** Sets the log of this process up; a function calls it before the first logger is made. */
  public static void start() {
    // Nothing is left to do: the class has been initialised by this call, once.
  }

  /**
   * What the events of this thread are about, until closed; closing brings back what was before.
   */
  public static final class About implements AutoCloseable {
    private final Map<String, String> before = MDC.getCopyOfContextMap();

    private About() {}

    @Override
    public void close() {
      if (before == null) {
        MDC.clear();
      } else {
        MDC.setContextMap(before);
      }
    }
  }

  /** From here on this thread works on a revision of an execution. */
  public static About about(String tenant, String execution, int revision) {
    About about = new About();
    MDC.put("tenant", tenant);
    MDC.put("execution", execution);
    MDC.put("revision", Integer.toString(revision));
    return about;
  }

  /** The same, in a trace. */
  public static About about(String tenant, String execution, int revision, String trace) {
    About about = about(tenant, execution, revision);
    MDC.put("trace_id", trace);
    return about;
  }

  /** Whether events are written at all. */
  public static boolean isOn() {
    return events.isInfoEnabled();
  }

  /** From here on this thread serves a request. */
  public static About request(String requestId) {
    About about = new About();
    MDC.put("request_id", requestId);
    return about;
  }

  /**
   * Writes one event, if events are written at all. Data that may hold personal values is masked
   * first.
   *
   * @param fields names and values in turn: {@code event("step_completed", "step", "charge",
   *     "attempt", 2)}
   */
  public static void event(String name, Object... fields) {
    if (!events.isInfoEnabled()) {
      return;
    }
    if (fields.length % 2 != 0) {
      throw new IllegalArgumentException(
          "The fields of the event " + name + " must be names and values in turn");
    }
    Object[] arguments = new Object[fields.length / 2];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] =
          StructuredArguments.entry((String) fields[2 * i], RULES.over(fields[2 * i + 1]));
    }
    events.info(name, arguments);
  }
}
