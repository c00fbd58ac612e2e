package io.orchestrator.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A test of a flow: what it is given, what the world answers, and what is expected of it.
 *
 * @param spot where it begins in its text
 * @param given whether {@code input} is written
 * @param trigger what {@code $trigger} is; null for a direct start
 * @param start the virtual time at which it starts; null: the usual one
 * @param arrivals what comes from outside, in the order of the text
 */
public record FlowTest(
    Spot spot,
    String name,
    boolean given,
    Object input,
    Map<String, Object> trigger,
    Instant start,
    List<Mock> mocks,
    List<Arrival> arrivals,
    Expect expect) {

  /** Whether an error type is one of those that the product itself makes. */
  public static boolean isErrorType(String type) {
    return Words.ERROR_TYPES.contains(type);
  }

  /** The name of a step as a test says it: an id, a path, or a path with iteration numbers. */
  public record StepName(String text, Spot spot) {
    /** The same without iteration numbers. */
    public String plain() {
      return text.replaceAll("\\[[0-9]+]", "");
    }

    /** Whether it names the step with that id at that instance path. */
    public boolean names(String id, String instance) {
      return text.equals(id)
          || text.equals(instance)
          || (text.indexOf('[') < 0 && text.equals(instance.replaceAll("\\[[0-9]+]", "")));
    }
  }

  /**
   * What the world answers to a step.
   *
   * @param answers one for every attempt, or a single one for all of them
   * @param each whether there is one answer for each attempt
   */
  public record Mock(StepName step, List<Answer> answers, boolean each) {}

  /** What an answer is. */
  public enum Form {
    /** The result of the call, or what a wait is told. */
    VALUE,
    /** A failure. */
    ERROR,
    /** What the step's output is, its {@code output} left out. */
    OUTPUT,
    /** The body of a callback. */
    CALLBACK,
    /** The data of an event. */
    EVENT,
    /** The data of a signal. */
    SIGNAL,
    /** A person's decision. */
    APPROVAL,
    /** An answer for each adapter that may be called. */
    ADAPTERS,
    /** None, ever. */
    UNANSWERED
  }

  /**
   * One answer.
   *
   * @param value of whatever form it is
   * @param fault not null: it is a failure
   * @param after how long it takes in virtual time
   * @param call what the call itself answers that announces a callback
   * @param adapters an answer of each adapter, by name; empty unless the form says so
   */
  public record Answer(
      Spot spot,
      Form form,
      Object value,
      Fault fault,
      Duration after,
      Object call,
      Map<String, Answer> adapters) {
    /** One that says nothing of adapters. */
    public Answer(Spot spot, Form form, Object value, Fault fault, Duration after, Object call) {
      this(spot, form, value, fault, after, call, Map.of());
    }

    /** Whether it is what the step's output is, whoever gives it. */
    public boolean isOutput() {
      return form == Form.OUTPUT || adapters.values().stream().anyMatch(Answer::isOutput);
    }
  }

  /**
   * A failure as a test writes it.
   *
   * @param retryable null: as usual for the type
   * @param retryAfter null without
   */
  public record Fault(
      String type,
      String message,
      int status,
      Boolean retryable,
      Object data,
      Duration retryAfter) {}

  /** Something that comes from outside at a virtual time, counted from the start. */
  public sealed interface Arrival {
    Spot spot();

    Duration at();

    /** A signal. */
    record Signal(Spot spot, Duration at, String name, Object data) implements Arrival {}

    /** An event; {@code key} is empty without. */
    record Occurrence(Spot spot, Duration at, String type, String key, Object data)
        implements Arrival {}

    /** Somebody cancels it. */
    record Cancel(Spot spot, Duration at, String reason) implements Arrival {}
  }

  /** Data that is expected, with its place in the text. */
  public record Wanted(Spot spot, Object data) {}

  /** How often a step is expected to have been attempted. */
  public record Attempts(StepName step, long count) {}

  /** What is expected of one step, by field. */
  public record OfStep(StepName step, Map<String, Wanted> fields) {}

  /** A span that a duration is expected to be in; both ends count. */
  public record Between(Spot spot, Duration least, Duration most) {}

  /**
   * What is expected; null or empty is what is not written.
   *
   * @param path the steps that are not structure, in the order of their start
   * @param never steps that must not start
   * @param duration in virtual time
   * @param emitted the events that it emits
   */
  public record Expect(
      Spot spot,
      Wanted status,
      Wanted handled,
      List<StepName> path,
      List<StepName> never,
      List<Attempts> attempts,
      Wanted output,
      Wanted error,
      Wanted vars,
      Between duration,
      Wanted emitted,
      List<OfStep> steps) {}
}
