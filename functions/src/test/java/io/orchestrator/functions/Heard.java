package io.orchestrator.functions;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** Hears everything that this process logs, however much of it is written otherwise. */
final class Heard implements AutoCloseable {
  private static final String[] LOGGERS = {"io.orchestrator", "io.orchestrator.event"};

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Ear ear = new Ear(lines);
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final Level[] before = new Level[LOGGERS.length];

  private static final class Ear extends AbstractAppender {
    private final Queue<String> lines;

    Ear(Queue<String> lines) {
      super("ear", null, null, true, Property.EMPTY_ARRAY);
      this.lines = lines;
    }

    @Override
    public void append(LogEvent event) {
      lines.add(
          event.getMessage().getFormattedMessage()
              + " "
              + Arrays.deepToString(event.getMessage().getParameters())
              + " "
              + event.getContextData()
              + " "
              + event.getThrown());
    }
  }

  Heard() {
    ear.start();
    for (int i = 0;
        i < LOGGERS.length;
        i++) { // all before the first is changed: the second inherits
      before[i] = LogManager.getLogger(LOGGERS[i]).getLevel();
    }
    for (int i = 0; i < LOGGERS.length; i++) {
      Configurator.setLevel(LOGGERS[i], Level.DEBUG);
      context.getConfiguration().getLoggerConfig(LOGGERS[i]).addAppender(ear, Level.ALL, null);
    }
    context.updateLoggers();
  }

  String all() {
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    for (int i = 0; i < LOGGERS.length; i++) {
      context.getConfiguration().getLoggerConfig(LOGGERS[i]).removeAppender("ear");
      Configurator.setLevel(LOGGERS[i], before[i]);
    }
    ear.stop();
  }
}
