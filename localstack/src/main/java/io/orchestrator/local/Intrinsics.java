package io.orchestrator.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CloudFormation's intrinsic functions, resolved against parameter values and what the local stack
 * gives its resources.
 */
final class Intrinsics {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^!}][^}]*)}");
  private static final Pattern LITERAL = Pattern.compile("\\$\\{!([^}]*)}");
  private static final Object NO_VALUE = new Object();

  private final Map<String, Object> template;
  private final Surroundings around;

  Intrinsics(Map<String, Object> template, Surroundings around) {
    this.template = template;
    this.around = around;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  /** The value with every function replaced by what it gives. */
  Object resolve(Object value) {
    return switch (value) {
      case null -> null;
      case Map<?, ?> map when call(map).isPresent() ->
          apply(call(map).get(), map(map).get(call(map).get()));
      case Map<?, ?> map -> fields(map);
      case List<?> list -> items(list);
      default -> value;
    };
  }

  private static Optional<String> call(Map<?, ?> map) {
    if (map.size() != 1) {
      return Optional.empty();
    }
    String key = String.valueOf(map.keySet().iterator().next());
    return key.equals("Ref") || key.startsWith("Fn::") ? Optional.of(key) : Optional.empty();
  }

  private Map<String, Object> fields(Map<?, ?> map) {
    Map<String, Object> fields = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          Object resolved = resolve(value);
          if (resolved != NO_VALUE) {
            fields.put(String.valueOf(key), resolved);
          }
        });
    return fields;
  }

  private List<Object> items(List<?> list) {
    List<Object> items = new ArrayList<>();
    for (Object item : list) {
      Object resolved = resolve(item);
      if (resolved != NO_VALUE) {
        items.add(resolved);
      }
    }
    return items;
  }

  private Object apply(String function, Object argument) {
    return switch (function) {
      case "Ref" -> reference(text(argument));
      case "Fn::Sub" -> substitute(argument);
      case "Fn::GetAtt" -> attribute(argument);
      case "Fn::If" -> {
        List<?> parts = list(argument);
        yield resolve(holds(text(parts.get(0))) ? parts.get(1) : parts.get(2));
      }
      case "Fn::Join" -> {
        List<?> parts = list(argument);
        yield String.join(
            text(parts.get(0)),
            list(resolve(parts.get(1))).stream().map(Intrinsics::text).toList());
      }
      case "Fn::Select" -> {
        List<?> parts = list(argument);
        yield list(resolve(parts.get(1))).get(Integer.parseInt(text(resolve(parts.get(0)))));
      }
      case "Fn::Split" -> {
        List<?> parts = list(argument);
        yield List.of(text(resolve(parts.get(1))).split(Pattern.quote(text(parts.get(0))), -1));
      }
      case "Fn::FindInMap" -> {
        List<?> parts = list(resolve(argument));
        Map<String, Object> mapping = map(map(template.get("Mappings")).get(text(parts.get(0))));
        yield resolve(map(mapping.get(text(parts.get(1)))).get(text(parts.get(2))));
      }
      case "Fn::ImportValue" -> {
        String name = text(resolve(argument));
        yield around.parameters().getOrDefault(name, name);
      }
      case "Fn::Base64" ->
          java.util.Base64.getEncoder()
              .encodeToString(
                  text(resolve(argument)).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      case "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not" -> test(Map.of(function, argument));
      default ->
          throw new StackException(
              "The template uses " + function + ", which the local stack does not know.");
    };
  }

  static String text(Object value) {
    return value == null ? "" : value.toString();
  }

  private Object reference(String name) {
    return switch (name) {
      case "AWS::Region" -> around.region();
      case "AWS::AccountId" -> around.account();
      case "AWS::Partition" -> "aws";
      case "AWS::StackName" -> "orchestrator-local";
      case "AWS::StackId" ->
          "arn:aws:cloudformation:" + around.region() + ":" + around.account() + ":stack/local";
      case "AWS::URLSuffix" -> "amazonaws.com";
      case "AWS::NoValue" -> NO_VALUE;
      default -> parameter(name).orElseGet(() -> physical(name));
    };
  }

  private Optional<Object> parameter(String name) {
    Map<String, Object> parameters = map(template.get("Parameters"));
    if (!parameters.containsKey(name)) {
      return Optional.empty();
    }
    Map<String, Object> parameter = map(parameters.get(name));
    Object value =
        around.parameters().containsKey(name)
            ? around.parameters().get(name)
            : Objects.requireNonNullElse(parameter.get("Default"), "");
    boolean many =
        text(parameter.get("Type")).startsWith("List<")
            || text(parameter.get("Type")).equals("CommaDelimitedList");
    return Optional.of(many ? List.of(text(value).split("\\s*,\\s*", -1)) : value);
  }

  /**
   * What {@code !Ref} of a resource gives: a queue's URL, for others the logical id serves as the
   * physical one.
   */
  private String physical(String resource) {
    Map<String, Object> definition = map(map(template.get("Resources")).get(resource));
    if (definition.isEmpty()) {
      throw new StackException(
          "The template refers to " + resource + ", which is neither a parameter nor a resource.");
    }
    return text(definition.get("Type")).equals("AWS::SQS::Queue")
        ? around.queueBase() + "/" + around.account() + "/" + queueName(resource, definition)
        : resource;
  }

  String queueName(String id, Map<String, Object> definition) {
    Object name = resolve(map(definition.get("Properties")).get("QueueName"));
    return name == null || name == NO_VALUE ? id : text(name);
  }

  private String attribute(Object argument) {
    List<?> parts =
        argument instanceof List<?> list ? list : List.of(text(argument).split("\\.", 2));
    String resource = text(parts.get(0));
    String attribute = parts.size() > 1 ? text(resolve(parts.get(1))) : "";
    Map<String, Object> definition = map(map(template.get("Resources")).get(resource));
    String type = text(definition.get("Type"));
    boolean queue = type.equals("AWS::SQS::Queue");
    return switch (attribute) {
      case "QueueName" -> queueName(resource, definition);
      case "QueueUrl" -> physical(resource);
      case "ApiEndpoint" -> around.apiUrl();
      case "Arn" ->
          arn(queue ? "sqs" : service(type), queue ? queueName(resource, definition) : resource);
      default -> resource + "." + attribute;
    };
  }

  private String arn(String service, String name) {
    String middle = service.equals("lambda") ? "function:" : "";
    return "arn:aws:"
        + service
        + ":"
        + around.region()
        + ":"
        + around.account()
        + ":"
        + middle
        + name;
  }

  private static String service(String type) {
    String[] words = type.split("::", -1);
    return words.length > 1 && !words[1].equals("Serverless")
        ? words[1].toLowerCase(java.util.Locale.ROOT)
        : "lambda";
  }

  private String substitute(Object argument) {
    boolean withNames = argument instanceof List<?>;
    String pattern = text(withNames ? list(argument).get(0) : argument);
    Map<String, Object> names = withNames ? map(list(argument).get(1)) : Map.of();
    Function<Matcher, String> value =
        placeholder -> {
          String name = placeholder.group(1).strip();
          if (names.containsKey(name)) {
            return text(resolve(names.get(name)));
          }
          return name.contains(".") ? attribute(name) : text(reference(name));
        };
    String filled =
        PLACEHOLDER
            .matcher(pattern)
            .replaceAll(found -> Matcher.quoteReplacement(value.apply((Matcher) found)));
    return LITERAL.matcher(filled).replaceAll("\\${$1}");
  }

  /** Whether a named condition holds; resources and {@code Fn::If} ask. */
  boolean holds(String condition) {
    Map<String, Object> conditions = map(template.get("Conditions"));
    if (!conditions.containsKey(condition)) {
      throw new StackException(
          "The template names the condition " + condition + ", which it does not define.");
    }
    return test(conditions.get(condition));
  }

  private boolean test(Object condition) {
    Map<String, Object> call = map(condition);
    String function = call.keySet().stream().findFirst().orElse("");
    Object argument = call.get(function);
    return switch (function) {
      case "Condition" -> holds(text(argument));
      case "Fn::Equals" ->
          text(resolve(list(argument).get(0))).equals(text(resolve(list(argument).get(1))));
      case "Fn::And" -> list(argument).stream().allMatch(this::test);
      case "Fn::Or" -> list(argument).stream().anyMatch(this::test);
      case "Fn::Not" -> !test(list(argument).get(0));
      default ->
          throw new StackException(
              "The template has a condition that cannot be read: " + condition);
    };
  }
}
