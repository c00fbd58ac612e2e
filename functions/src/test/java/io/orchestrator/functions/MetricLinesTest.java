package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import io.orchestrator.expression.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The metrics of a few executions, as CloudWatch would read them from the log of the functions. */
class MetricLinesTest {
  private static String printed;
  private static List<Map<String, Object>> lines;

  @BeforeAll
  static void run() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try (TestStack stack = new TestStack(Map.of("AWS_LAMBDA_FUNCTION_NAME", "all-in-one"))) {
      work(stack);
    } finally {
      System.setOut(before);
    }
    printed = out.toString(StandardCharsets.UTF_8);
    lines =
        printed
            .lines()
            .filter(line -> line.startsWith("{\"_aws\""))
            .map(line -> Template.map(Json.readStored(line)))
            .toList();
  }

  private static void work(TestStack stack) {
    stack.publish("flow: fine\nsteps:\n  - a: {adapter: sandbox}\n  - b: {adapter: sandbox}\n");
    stack.publish(
        """
        flow: shaky
        steps:
          - a: {adapter: sandbox, params: {$sandbox: {fail: {type: busy, retryable: true, times: 2}}}, retry: {attempts: 3, delay: 5ms}}
          - b: {adapter: sandbox, params: {$sandbox: {fail: {type: odd}}}}
        """);
    for (int i = 0; i < 3; i++) {
      stack.execute("fine", "{}");
    }
    stack.execute("shaky", "{}");
    stack.settle();
    String lost = stack.execute("fine", "{}");
    stack.forget("STEP");
    stack.database.execute(
        "update executions set lease_owner = 'p-gone', lease_until = now() - interval '1 second',"
            + " due_at = now(), wake_at = now() where id = '"
            + lost
            + "'");
    try (SweepFunction sweep = new SweepFunction(stack.environment)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                sweep.handleRequest(new SQSEvent(), TestStack.CALLED);
                stack.settle();
                return "completed"
                    .equals(
                        stack
                            .call(stack.admin(), "GET", "/executions/" + lost, null)
                            .json()
                            .get("status"));
              });
    }
  }

  /** All values of a metric, by its dimension's value; empty if it has none. */
  private static Map<String, List<BigDecimal>> values(String metric, String... dimension) {
    Map<String, List<BigDecimal>> values = new LinkedHashMap<>();
    for (Map<String, Object> line : lines) {
      if (line.containsKey(metric)) {
        String of = dimension.length == 0 ? "" : (String) line.get(dimension[0]);
        List<?> said = line.get(metric) instanceof List<?> many ? many : List.of(line.get(metric));
        said.forEach(
            one ->
                values
                    .computeIfAbsent(of, _ -> new ArrayList<>())
                    .add(new BigDecimal(one.toString())));
      }
    }
    return values;
  }

  private static long sum(String metric, String dimension, String value) {
    return values(metric, dimension).getOrDefault(value, List.of()).stream()
        .mapToLong(BigDecimal::longValue)
        .sum();
  }

  @Test
  void every_promised_figure_is_among_them() {
    assertThat(sum("Ended", "status", "completed")).isEqualTo(4);
    assertThat(sum("Ended", "status", "failed")).isEqualTo(1);
    assertThat(values("Started").get("").stream().mapToLong(BigDecimal::longValue).sum())
        .isEqualTo(5);
    assertThat(values("ExecutionDuration").get("")).hasSize(5).allMatch(ms -> ms.signum() > 0);
    assertThat(values("StepDuration", "adapter").get("sandbox")).hasSize(4 * 2 + 3 + 1);
    assertThat(sum("Attempts", "adapter", "sandbox")).isEqualTo(4 * 2 + 3 + 1);
    assertThat(sum("Retries", "adapter", "sandbox")).isEqualTo(2);
    assertThat(sum("Failures", "type", "sandbox.busy")).isEqualTo(2);
    assertThat(values("Failures", "type")).hasSize(2);
    assertThat(values("QueueDepth", "queue")).containsOnlyKeys("step", "slow", "resume");
    assertThat(values("Swept").get("")).isNotEmpty();
    assertThat(values("TakenOver").get("").stream().mapToLong(BigDecimal::longValue).sum())
        .isEqualTo(1);
    assertThat(values("Transitions").get("").stream().mapToLong(BigDecimal::longValue).sum())
        .isGreaterThan(15);
  }

  @Test
  void every_line_is_one_that_cloudwatch_takes() {
    assertThat(lines).isNotEmpty();
    for (String text : printed.lines().filter(line -> line.contains("\"_aws\"")).toList()) {
      assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(256 * 1024);
      assertThat(text).startsWith("{").endsWith("}").matches("[ -~]*");
    }
    lines.forEach(MetricLinesTest::isTaken);
  }

  /** By the rules of the embedded metric format: a root, a directive, and what both name. */
  private static void isTaken(Map<String, Object> line) {
    Map<String, Object> aws = Template.map(line.get("_aws"));
    assertThat(aws).containsOnlyKeys("Timestamp", "CloudWatchMetrics");
    Instant at = Instant.ofEpochMilli((Long) aws.get("Timestamp"));
    assertThat(at)
        .isBetween(
            Instant.now().minus(Duration.ofDays(14)), Instant.now().plus(Duration.ofHours(2)));
    List<?> directives = (List<?>) aws.get("CloudWatchMetrics");
    assertThat(directives).isNotEmpty();
    for (Object one : directives) {
      Map<String, Object> directive = Template.map(one);
      assertThat(directive).containsOnlyKeys("Namespace", "Dimensions", "Metrics");
      assertThat((String) directive.get("Namespace")).matches("[A-Za-z0-9./_#:-]{1,256}");
      List<?> sets = (List<?>) directive.get("Dimensions");
      assertThat(sets).isNotEmpty();
      for (Object set : sets) {
        assertThat((List<?>) set).hasSizeLessThanOrEqualTo(30).doesNotHaveDuplicates();
        for (Object name : (List<?>) set) {
          assertThat((String) name).matches("[!-~]{1,250}").doesNotStartWith(":");
          assertThat(line.get(name)).isInstanceOf(String.class);
          assertThat((String) line.get(name)).matches("[ -~]{1,1024}").isNotBlank();
        }
      }
      List<?> metrics = (List<?>) directive.get("Metrics");
      assertThat(metrics).isNotEmpty().hasSizeLessThanOrEqualTo(100);
      for (Object each : metrics) {
        Map<String, Object> metric = Template.map(each);
        assertThat(metric).containsOnlyKeys("Name", "Unit");
        assertThat((String) metric.get("Name")).matches("[ -~]{1,1024}");
        assertThat(metric.get("Unit")).isIn("Count", "Milliseconds");
        Object value = line.get(metric.get("Name"));
        List<?> numbers = value instanceof List<?> many ? many : List.of(value);
        assertThat(numbers).isNotEmpty().hasSizeLessThanOrEqualTo(100);
        assertThat(numbers)
            .allSatisfy(number -> assertThat(number).isInstanceOfAny(Long.class, BigDecimal.class));
      }
    }
  }
}
