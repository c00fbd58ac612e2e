package io.orchestrator.functions;

import io.orchestrator.expression.Json;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/** The log of this process as Lambda would have it: one JSON object a line, from INFO on. */
final class JsonLines implements AutoCloseable {
  private static final String LOGGER = "io.orchestrator";
  private static final String NAME = "lines";

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final Level before = LogManager.getLogger(LOGGER).getLevel();

  private static final class Paper extends AbstractAppender {
    private final JsonTemplateLayout layout;
    private final Queue<String> lines;

    Paper(JsonTemplateLayout layout, Queue<String> lines) {
      super(NAME, null, layout, true, Property.EMPTY_ARRAY);
      this.layout = layout;
      this.lines = lines;
    }

    @Override
    public synchronized void append(LogEvent event) {
      lines.add(layout.toSerializable(event));
    }
  }

  JsonLines() {
    Configurator.setLevel(LOGGER, Level.INFO);
    Paper paper =
        new Paper(
            JsonTemplateLayout.newBuilder()
                .setConfiguration(context.getConfiguration())
                .setEventTemplateUri("classpath:LambdaJsonLayout.json")
                .build(),
            lines);
    paper.start();
    context.getConfiguration().getLoggerConfig(LOGGER).addAppender(paper, null, null);
    context.updateLoggers();
  }

  String all() {
    return String.join("", lines);
  }

  /** Every line, read. */
  List<Map<String, Object>> read() {
    return lines.stream().map(line -> Template.map(Json.readStored(line.strip()))).toList();
  }

  @Override
  public void close() {
    context.getConfiguration().getLoggerConfig(LOGGER).removeAppender(NAME);
    Configurator.setLevel(LOGGER, before);
  }
}
