package io.orchestrator.telemetry;

import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.AbstractConfiguration;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/**
 * The log of a function: one JSON object a line on standard output. It is set up by code, because
 * finding and reading a configuration file costs a cold start a tenth of its time.
 */
public final class JsonLines extends AbstractConfiguration {
  private static final String OWN = "io.orchestrator";

  private final Level level;

  private JsonLines(Level level) {
    super(new LoggerContext("functions"), ConfigurationSource.NULL_SOURCE);
    this.level = level;
  }

  /**
   * Sets the log up, if the environment asks for JSON and nothing has been logged yet. {@code
   * LOG_LEVEL} is that of our own events; libraries speak from WARN on.
   */
  public static void start(Map<String, String> environment) {
    if ("json".equals(environment.get("ORCHESTRATOR_LOG"))) {
      String level = environment.getOrDefault("LOG_LEVEL", "");
      Configurator.initialize(new JsonLines(Level.toLevel(level, Level.INFO)));
    }
  }

  @Override
  protected void doConfigure() {
    JsonTemplateLayout layout =
        JsonTemplateLayout.newBuilder()
            .setConfiguration(this)
            .setEventTemplateUri("classpath:LambdaJsonLayout.json")
            .build();
    ConsoleAppender out =
        ConsoleAppender.newBuilder()
            .setName("out")
            .setConfiguration(this)
            .setLayout(layout)
            .setTarget(ConsoleAppender.Target.SYSTEM_OUT)
            .build();
    addAppender(out);
    LoggerConfig all = getRootLogger();
    all.setLevel(Level.WARN);
    all.addAppender(out, null, null);
    addLogger(OWN, new LoggerConfig(OWN, level, true));
  }
}
