package io.orchestrator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.InputSchema;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The schema of the language and its validator agree about flows into which mistakes were put. */
class SchemaAgreementTest {
  private static final int FLOWS = Integer.getInteger("schema.mutations", 1_200);
  private static final InputSchema SCHEMA = new InputSchema(LanguageSchema.data());
  private static final Set<String> STRUCTURAL =
      Arrays.stream(Code.values())
          .filter(Code::structural)
          .map(Code::text)
          .collect(Collectors.toSet());

  private final List<Object> flows = flows();
  private final List<String> keys = keys();

  @Test
  void an_example_as_it_is_fits() {
    assertThat(flows).hasSizeGreaterThan(40);
    assertThat(flows).allSatisfy(flow -> assertThat(disagreement(flow)).isEmpty());
  }

  @Test
  void a_mistake_that_was_put_into_an_example_is_found_by_both_or_by_none() {
    Map<String, String> disagreements = new TreeMap<>();
    int refused = 0;
    for (int seed = 0; seed < FLOWS; seed++) {
      Random random = new Random(seed);
      Object flow = flows.get(random.nextInt(flows.size()));
      String done = "";
      for (int i = random.nextInt(2); i >= 0; i--) {
        Mutation mutation = new Mutation(random);
        flow = mutation.of(flow);
        done += mutation.done + "; ";
      }
      String found = disagreement(flow);
      refused += structural(flow).isEmpty() ? 0 : 1;
      if (!found.isEmpty()) {
        disagreements.put("seed " + seed + ": " + done, found);
      }
    }
    assertThat(disagreements).isEmpty();
    assertThat(refused).as("flows that are refused").isBetween(FLOWS / 5, FLOWS);
  }

  /** Who says what, if they disagree. */
  private static String disagreement(Object flow) {
    List<Problem> problems = structural(flow);
    List<InputSchema.Misfit> misfits = SCHEMA.misfits(flow);
    if (problems.isEmpty() == misfits.isEmpty()) {
      return "";
    }
    return "validator "
        + problems.stream().limit(2).toList()
        + ", schema "
        + misfits.stream().limit(3).toList();
  }

  private static List<Problem> structural(Object data) {
    Problems problems = new Problems();
    Flow flow = FlowReader.read(Document.of(data, ""), problems);
    if (flow != null) {
      Checker.check(flow, Examples.NAMES, problems);
      Compiled compiled = Compiler.compile(flow, Examples.NAMES, "1.0.0", problems);
      if (compiled != null) {
        TestCheck.check(compiled.plan(), flow.tests(), problems);
      }
    }
    return problems.errors().stream()
        .filter(problem -> STRUCTURAL.contains(problem.code()))
        .toList();
  }

  /** One change somewhere in a tree. */
  private final class Mutation {
    private final Random random;
    private int at;
    private String done = "nothing";

    Mutation(Random random) {
      this.random = random;
    }

    Object of(Object tree) {
      at = random.nextInt(count(tree));
      return changed(tree, "");
    }

    private Object changed(Object value, String path) {
      if (at-- == 0) {
        return here(value, path);
      }
      if (value instanceof Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, below) -> copy.put((String) key, changed(below, path + "/" + key)));
        return copy;
      }
      if (value instanceof List<?> list) {
        List<Object> copy = new ArrayList<>();
        list.forEach(below -> copy.add(changed(below, path + "/" + copy.size())));
        return copy;
      }
      return value;
    }

    private Object here(Object value, String path) {
      int choice = random.nextInt(6);
      if (value instanceof Map<?, ?> map && !map.isEmpty() && choice > 0) {
        return inMap(map, path, choice);
      }
      if (value instanceof List<?> list && choice > 1) {
        List<Object> copy = new ArrayList<>(list);
        if (choice == 2 && !copy.isEmpty()) {
          copy.removeLast();
        } else {
          copy.add(choice == 3 && !copy.isEmpty() ? copy.getFirst() : any());
        }
        done = path + " is now " + Json.write(copy);
        return copy;
      }
      Object other = any();
      done = path + " is now " + Json.write(other);
      return other;
    }

    private Object inMap(Map<?, ?> map, String path, int choice) {
      List<String> names = new ArrayList<>();
      map.keySet().forEach(key -> names.add((String) key));
      String name = names.get(random.nextInt(names.size()));
      String key = keys.get(random.nextInt(keys.size()));
      Object added = any();
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach(
          (each, below) -> {
            if (!each.equals(name) || choice > 3) {
              copy.put((String) each, below);
            } else if (choice > 1) {
              copy.put(key, below);
            }
          });
      if (choice > 3) {
        copy.put(key, added);
      }
      done =
          path
              + (choice > 3
                  ? " has " + key + ": " + Json.write(added)
                  : choice > 1 ? "/" + name + " is called " + key : "/" + name + " is gone");
      return copy;
    }

    private Object any() {
      List<Object> some = new ArrayList<>(SOME);
      some.add(keys.get(random.nextInt(keys.size())));
      some.add(null);
      int choice = random.nextInt(some.size() + 4);
      return choice < some.size() ? some.get(choice) : part();
    }

    /** A part of another example. */
    private Object part() {
      Object value = flows.get(random.nextInt(flows.size()));
      while (random.nextInt(6) > 0) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
          value = new ArrayList<>(map.values()).get(random.nextInt(map.size()));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
          value = list.get(random.nextInt(list.size()));
        }
      }
      return value;
    }
  }

  private static final List<Object> SOME =
      List.of(
          true,
          false,
          "",
          "x",
          "two words",
          "Upper",
          0L,
          1L,
          -1L,
          99_999_999L,
          new BigDecimal("1.5"),
          List.of(),
          Map.of(),
          List.of("send_email"),
          Map.of("x", 1L),
          Map.of("secret", "s"),
          "$input.x",
          "${ $input.x }",
          "$$x",
          "5m",
          "0s",
          "PT0.0S",
          "P",
          "PT",
          "P1DT2H",
          "P1W",
          "PT-5M",
          "P400D",
          "30d",
          "0.0.0",
          "1.10",
          "1.0.0-" + "a".repeat(60),
          "input.cards[*].number",
          "$.a..b",
          new BigDecimal("2.0"),
          List.of("approve", "approve"),
          Map.of("min", 2L),
          Map.of("min", 99L),
          Map.of("tolerate", "5%"),
          "2028-02-29T00:00:00Z",
          "2027-02-29T00:00:00Z",
          "PT5M",
          "400d",
          "10%",
          "1.2.3",
          "role:x",
          "a.b",
          "*",
          "completed");

  private static int count(Object value) {
    int below = 0;
    if (value instanceof Map<?, ?> map) {
      below = map.values().stream().mapToInt(SchemaAgreementTest::count).sum();
    } else if (value instanceof List<?> list) {
      below = list.stream().mapToInt(SchemaAgreementTest::count).sum();
    }
    return 1 + below;
  }

  private List<String> keys() {
    TreeSet<String> keys = new TreeSet<>(Words.RESERVED);
    KindTable.common().forEach(key -> keys.add(key.name()));
    KindTable.rows().forEach(row -> row.options().forEach(key -> keys.add(key.name())));
    keys.addAll(List.of("verify", "schedule", "cron", "timezone", "retry_after", "$after"));
    flows.forEach(flow -> collect(flow, keys));
    return List.copyOf(keys);
  }

  private static void collect(Object value, Set<String> keys) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, below) -> {
            keys.add((String) key);
            collect(below, keys);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(below -> collect(below, keys));
    }
  }

  /** Every example, the tests that stand beside it put into it. */
  private static List<Object> flows() {
    try (Stream<Path> files = Files.walk(Examples.folder())) {
      List<Object> flows = new ArrayList<>();
      for (Path file : files.filter(each -> each.endsWith("flow.yaml")).sorted().toList()) {
        Map<String, Object> flow = data(file);
        Path tests = file.resolveSibling("flow.test.yaml");
        if (Files.exists(tests)) {
          flow.put("tests", data(tests).get("tests"));
        }
        flows.add(flow);
      }
      return flows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked") // an example is a map
  private static Map<String, Object> data(Path file) throws IOException {
    Document document = Document.read(Files.readString(file), new Problems());
    return new LinkedHashMap<>((Map<String, Object>) document.data());
  }
}
