package io.orchestrator.telemetry;

import io.orchestrator.execution.MaskRules;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.message.SimpleMessage;

/**
 * Stands before an appender and covers what nobody may read in a log: what our own code says never
 * holds data, but the message of a library's exception may.
 */
public final class MaskedLog extends AbstractAppender {
  private static final String MARK = "***";
  private static final int CAUSES_MAX = 20;

  private final Appender behind;
  private final MaskRules rules;
  private final List<String> fields;
  private volatile Pattern named;

  private MaskedLog(Appender behind, MaskRules rules, List<String> fields) {
    super(behind.getName(), null, null, false, Property.EMPTY_ARRAY);
    this.behind = behind;
    this.rules = rules.everyShape();
    this.fields = List.copyOf(fields);
  }

  /** {@code password=..., "api_key": "..."}: the value of such a name within a text. */
  private static Pattern named(List<String> fields) {
    List<String> names =
        fields.stream()
            .map(f -> f.startsWith("*") ? "[A-Za-z0-9_-]{0,40}" + spelt(f.substring(1)) : spelt(f))
            .toList();
    return Pattern.compile(
        "(?i)(?<![A-Za-z0-9])("
            + String.join("|", names)
            + ")(\\\\?\"?\\s{0,3}[:=]\\s{0,3})"
            + "(\\\\?\"[^\"\\\\]*\\\\?\"|[^\\s,;}&\"]+)");
  }

  private static String spelt(String field) {
    return Pattern.quote(field).replace("_", "\\E[_-]?\\Q");
  }

  /** From here on everything that this process logs goes through the rules. */
  public static void install(MaskRules rules, List<String> fields) {
    if (!(LogManager.getContext(false) instanceof LoggerContext context)) {
      return;
    }
    Set<LoggerConfig> configs = Collections.newSetFromMap(new IdentityHashMap<>());
    configs.addAll(context.getConfiguration().getLoggers().values());
    configs.add(context.getConfiguration().getRootLogger());
    boolean changed = false;
    for (LoggerConfig config : configs) {
      for (Appender appender : List.copyOf(config.getAppenders().values())) {
        if (!(appender instanceof MaskedLog)) {
          put(config, new MaskedLog(appender, rules, fields));
          changed = true;
        }
      }
    }
    if (changed) {
      context.updateLoggers();
    }
  }

  private static void put(LoggerConfig config, MaskedLog masked) {
    masked.start();
    AppenderRef ref =
        config.getAppenderRefs().stream()
            .filter(one -> one.getRef().equals(masked.getName()))
            .findFirst()
            .orElse(null);
    config.removeAppender(masked.getName());
    config.addAppender(
        masked, ref == null ? null : ref.getLevel(), ref == null ? null : ref.getFilter());
  }

  @Override
  public void append(LogEvent event) {
    behind.append(covered(event));
  }

  @SuppressWarnings("deprecation") // the copy would else keep what the original says it has thrown
  private LogEvent covered(LogEvent event) {
    Message message = event.getMessage();
    String text = message.getFormattedMessage();
    String shown = over(text);
    Throwable thrown = event.getThrown();
    boolean clean = thrown == null || isClean(thrown);
    if (shown.equals(text) && clean) {
      return event;
    }
    Log4jLogEvent.Builder builder = new Log4jLogEvent.Builder(event);
    if (!shown.equals(text)) {
      builder.setMessage(new SimpleMessage(shown));
    }
    if (!clean) {
      builder.setThrown(covered(thrown, 0)).setThrownProxy(null);
    }
    return builder.build();
  }

  /** A text covered. */
  String over(String text) {
    if (text == null) {
      return null;
    }
    String shown = rules.over(text);
    boolean mayName = shown.indexOf('=') >= 0 || shown.indexOf(':') >= 0;
    return fields.isEmpty() || !mayName ? shown : named(shown);
  }

  private String named(String text) {
    Pattern compiled = named;
    if (compiled == null) {
      compiled = named(fields);
      named = compiled;
    }
    return compiled.matcher(text).replaceAll("$1$2" + MARK);
  }

  private boolean isClean(Throwable thrown) {
    Throwable one = thrown;
    for (int i = 0; one != null && i < CAUSES_MAX; i++, one = one.getCause()) {
      String said = one.toString();
      if (!over(said).equals(said) || !areClean(List.of(one.getSuppressed()))) {
        return false;
      }
    }
    return true;
  }

  private boolean areClean(Collection<Throwable> suppressed) {
    return suppressed.stream().allMatch(one -> over(one.toString()).equals(one.toString()));
  }

  private Throwable covered(Throwable thrown, int depth) {
    return thrown == null || depth > CAUSES_MAX
        ? null
        : new Covered(
            over(thrown.toString()), covered(thrown.getCause(), depth + 1), thrown.getStackTrace());
  }

  /** An exception with the places where it was, and no more than may be read of what it says. */
  @SuppressWarnings("OverrideThrowableToString") // its class must not be named before the first's
  private static final class Covered extends Exception {
    private static final long serialVersionUID = 1L;

    Covered(String said, Throwable cause, StackTraceElement[] trace) {
      super(said, cause, false, true);
      setStackTrace(trace);
    }

    @Override
    public String toString() {
      return getMessage();
    }
  }
}
