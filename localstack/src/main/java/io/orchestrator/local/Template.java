package io.orchestrator.local;

import static io.orchestrator.local.Intrinsics.list;
import static io.orchestrator.local.Intrinsics.map;
import static io.orchestrator.local.Intrinsics.text;

import io.orchestrator.local.FunctionSpec.QueueTrigger;
import io.orchestrator.local.FunctionSpec.Route;
import io.orchestrator.local.FunctionSpec.ScheduleTrigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What template.yaml says that the local stack must do: functions with their triggers, and queues.
 */
public record Template(List<FunctionSpec> functions, List<QueueSpec> queues) {
  private static final Pattern RATE = Pattern.compile("rate\\((\\d+) (minute|hour|day)s?\\)");

  public static Template read(Path file, Surroundings around) {
    try {
      return read(Files.readString(file), around);
    } catch (IOException e) {
      throw new StackException("Cannot read the template " + file + ": " + e.getMessage(), e);
    }
  }

  static Template read(String text, Surroundings around) {
    Map<String, Object> template = TemplateYaml.read(text);
    Reader reader = new Reader(template, new Intrinsics(template, around));
    return new Template(reader.functions(), reader.queues());
  }

  public FunctionSpec function(String id) {
    return functions.stream()
        .filter(function -> function.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new StackException("The template has no function " + id + "."));
  }

  /** Walks the resources of one template. */
  private record Reader(Map<String, Object> template, Intrinsics intrinsics) {
    List<FunctionSpec> functions() {
      return resources("AWS::Serverless::Function").entrySet().stream()
          .map(entry -> function(entry.getKey(), entry.getValue()))
          .toList();
    }

    List<QueueSpec> queues() {
      return resources("AWS::SQS::Queue").entrySet().stream()
          .map(entry -> queue(entry.getKey(), entry.getValue()))
          .toList();
    }

    private Map<String, Map<String, Object>> resources(String type) {
      Map<String, Map<String, Object>> found = new LinkedHashMap<>();
      map(template.get("Resources"))
          .forEach(
              (id, definition) -> {
                Object condition = map(definition).get("Condition");
                boolean present = condition == null || intrinsics.holds(text(condition));
                if (present && text(map(definition).get("Type")).equals(type)) {
                  found.put(id, map(intrinsics.resolve(map(definition).get("Properties"))));
                }
              });
      return found;
    }

    private FunctionSpec function(String id, Map<String, Object> own) {
      Map<String, Object> globals =
          map(intrinsics.resolve(map(template.get("Globals")).get("Function")));
      Map<String, Object> properties = new LinkedHashMap<>(globals);
      properties.putAll(own);
      Map<String, String> environment = new LinkedHashMap<>();
      map(map(globals.get("Environment")).get("Variables"))
          .forEach((name, value) -> environment.put(name, text(value)));
      map(map(own.get("Environment")).get("Variables"))
          .forEach((name, value) -> environment.put(name, text(value)));
      List<Route> routes = new ArrayList<>();
      List<QueueTrigger> queues = new ArrayList<>();
      List<ScheduleTrigger> schedules = new ArrayList<>();
      map(properties.get("Events"))
          .forEach(
              (name, event) -> {
                Map<String, Object> details = map(map(event).get("Properties"));
                boolean enabled =
                    !text(details.get("Enabled")).equals("false")
                        && !text(details.get("State")).equals("DISABLED");
                switch (text(map(event).get("Type"))) {
                  case "HttpApi" -> routes.add(route(details));
                  case "SQS" -> {
                    if (enabled) {
                      queues.add(queueTrigger(details));
                    }
                  }
                  case "Schedule", "ScheduleV2" -> {
                    if (enabled) {
                      schedules.add(schedule(name, details));
                    }
                  }
                  // Other sources (EventBridge rules and the like) have no counterpart on one
                  // machine.
                  default -> {}
                }
              });
      return new FunctionSpec(
          id,
          text(properties.get("Handler")),
          number(properties, "MemorySize", 128),
          Duration.ofSeconds(number(properties, "Timeout", 3)),
          environment,
          routes,
          queues,
          schedules);
    }

    private static Route route(Map<String, Object> details) {
      String method = text(details.getOrDefault("Method", "ANY")).toUpperCase(Locale.ROOT);
      boolean open = text(map(details.get("Auth")).get("Authorizer")).equals("NONE");
      String path = text(details.getOrDefault("Path", "$default"));
      return new Route(
          method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD") ? "ANY" : method, path, open);
    }

    private static QueueTrigger queueTrigger(Map<String, Object> details) {
      String queue = text(details.get("Queue"));
      boolean items =
          list(details.get("FunctionResponseTypes")).contains("ReportBatchItemFailures");
      int concurrency = number(map(details.get("ScalingConfig")), "MaximumConcurrency", 0);
      return new QueueTrigger(
          queue.substring(queue.lastIndexOf(':') + 1),
          number(details, "BatchSize", 10),
          items,
          concurrency);
    }

    private static ScheduleTrigger schedule(String name, Map<String, Object> details) {
      String expression = text(details.getOrDefault("Schedule", details.get("ScheduleExpression")));
      Matcher rate = RATE.matcher(expression);
      if (!rate.matches()) {
        throw new StackException(
            "The schedule "
                + name
                + " is '"
                + expression
                + "'; the local stack knows rate(...) only.");
      }
      Duration unit =
          switch (rate.group(2)) {
            case "minute" -> Duration.ofMinutes(1);
            case "hour" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
          };
      return new ScheduleTrigger(
          name,
          unit.multipliedBy(Long.parseLong(rate.group(1))),
          Optional.ofNullable(details.get("Input")).map(Intrinsics::text));
    }

    private QueueSpec queue(String id, Map<String, Object> properties) {
      Map<String, Object> redrive = map(properties.get("RedrivePolicy"));
      String target = text(redrive.get("deadLetterTargetArn"));
      Optional<String> deadLetter =
          target.isEmpty()
              ? Optional.empty()
              : Optional.of(target.substring(target.lastIndexOf(':') + 1));
      return new QueueSpec(
          id,
          intrinsics.queueName(id, map(map(template.get("Resources")).get(id))),
          Duration.ofSeconds(number(properties, "VisibilityTimeout", 30)),
          Duration.ofSeconds(number(properties, "DelaySeconds", 0)),
          deadLetter,
          number(redrive, "maxReceiveCount", 0));
    }

    private static int number(Map<String, Object> properties, String name, int otherwise) {
      Object value = properties.get(name);
      return value == null ? otherwise : Integer.parseInt(text(value));
    }
  }
}
