package io.orchestrator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of docs/architecture.md that a compiler can't keep: what is pure, what may know what,
 * and names.
 */
class ArchitectureTest {
  private static final String ROOT = "io.orchestrator";
  private static final String[] PURE = {
    ROOT + ".flow..", ROOT + ".expression..", ROOT + ".execution.."
  };

  /** The part of the JDK that neither reads the world nor writes to it; concurrency isn't in it. */
  private static final String[] PURE_JDK = {
    "java.lang", "java.lang.annotation", "java.lang.invoke", "java.lang.runtime",
    "java.util", "java.util.function", "java.util.stream", "java.util.regex",
    "java.time..", "java.math", "java.nio.charset"
  };

  /** Ports whose second implementation is elsewhere than in this module, each with where it is. */
  private static final Map<String, String> IMPLEMENTED_ELSEWHERE = Map.of();

  private static JavaClasses production;
  private static JavaClasses everything;

  @BeforeAll
  static void read_the_classes() {
    // Names are all that the rules look at, so libraries need not be read: that takes seconds.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    everything =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages(ROOT);
    production = everything.that(describe("not of tests", ArchitectureTest::isProduction));
  }

  @Test
  void expressions_know_only_the_jdk_and_the_regular_expressions_of_linear_time() {
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + ".expression..")
            .should()
            .onlyDependOnClassesThat(
                allowed(ROOT + ".expression..", "com.google.re2j..", "java.security")));
  }

  @Test
  void flows_know_only_expressions_and_the_yaml_reader() {
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + ".flow..")
            .should()
            .onlyDependOnClassesThat(
                allowed(ROOT + ".flow..", ROOT + ".expression..", "org.snakeyaml.engine..")));
  }

  @Test
  void executions_know_only_flows_and_expressions() {
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + ".execution..")
            .should()
            .onlyDependOnClassesThat(allowed(PURE)));
  }

  @Test
  void the_pure_packages_ask_neither_a_clock_nor_chance_nor_the_machine() {
    check(noClasses().that().resideInAnyPackage(PURE).should().accessTargetWhere(ofTheWorld()));
  }

  /** Promise P12: a host whose clock is wrong by an hour does no harm, for nobody asks it. */
  @Test
  void whatever_times_executions_asks_the_database_and_never_the_clock_of_its_host() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".engine..", ROOT + ".store..", ROOT + ".queue..")
            .should()
            .accessTargetWhere(ofTheHostsClock()));
  }

  @Test
  void the_only_door_to_security_is_the_message_digest() {
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + ".expression..")
            .should()
            .onlyDependOnClassesThat(
                resideOutsideOfPackage("java.security..")
                    .or(
                        describe(
                            "a digest",
                            c ->
                                Set.of("MessageDigest", "NoSuchAlgorithmException")
                                    .contains(c.getSimpleName())))));
  }

  @Test
  void the_reference_model_shares_nothing_with_the_engine_but_plans_and_expressions() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".reference..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(
                    resideOutsideOfPackages(
                        ROOT + ".reference..", ROOT + ".flow..", ROOT + ".expression..")))
        .check(everything);
  }

  @Test
  void packages_form_no_cycle() {
    check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
  }

  @Test
  void an_interface_has_two_implementations_or_is_none() {
    classes()
        .that()
        .areInterfaces()
        .and(describe("not annotations, sealed or functional", ArchitectureTest::isOpen))
        // What the reference model asks of the world around it stands between the two on purpose.
        .and()
        .resideOutsideOfPackage(ROOT + ".reference..")
        .should(haveTwoImplementations())
        .allowEmptyShould(true)
        .check(everything);
  }

  /**
   * Every call to a service goes through one client. Others there are two, by name: the one that
   * fetches the issuer's keys, from an address of the deployment and before anybody is known, and
   * the senders inside the AWS SDK and OpenTelemetry, which speak to what the deployment names.
   */
  @Test
  void there_is_one_http_client_for_calls() {
    check(
        noClasses()
            .that(describe("not the egress client", c -> !isOf(c, "adapter.http.Egress")))
            .and(describe("not its failures", c -> !isOf(c, "adapter.http.Failures")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.apache.hc..",
                "org.apache.http..",
                "okhttp3..",
                "io.netty..",
                "reactor.netty.."));
    check(
        noClasses()
            .that(describe("not the issuer's keys", c -> !isOf(c, "access.KeySet")))
            .and()
            .resideOutsideOfPackage(ROOT + ".functions..") // whose own test says it of them
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.net.http.."));
    check(
        noClasses()
            .that(describe("not the clients of AWS", c -> !isOf(c, "aws.AwsClients")))
            .and(describe("not who signs for the client", c -> !isOf(c, "adapter.aws.AwsSigner")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk.http.."));
    // It takes the SDK's picture of a request, and none of what could send one.
    check(
        noClasses()
            .that(describe("who signs", c -> isOf(c, "adapter.aws.AwsSigner")))
            .should()
            .dependOnClassesThat()
            .haveNameMatching("software\\.amazon\\.awssdk\\.http\\..*Client.*"));
    check(
        noClasses()
            .that(describe("not the spans' sender", c -> !isOf(c, "telemetry.OtlpSpans")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry.exporter.."));
  }

  @Test
  void nothing_opens_a_socket_but_the_egress_client() {
    check(
        noClasses()
            .that(describe("not the egress client", c -> !isOf(c, "adapter.http.Egress")))
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.net\\.(Socket|ServerSocket|DatagramSocket|MulticastSocket)"
                    + "|java\\.nio\\.channels\\..*SocketChannel"
                    + "|javax\\.net\\.(ssl\\.)?(SSL)?SocketFactory"));
  }

  /** Whether it is that class, or one inside it. */
  private static boolean isOf(JavaClass c, String name) {
    String whole = ROOT + "." + name;
    return c.getName().equals(whole) || c.getName().startsWith(whole + "$");
  }

  @Test
  void nothing_opens_a_url_by_itself() {
    check(
        noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.net\\.(Http|Jar)?URLConnection|javax\\.net\\.ssl\\.HttpsURLConnection"));
    check(noClasses().should().callMethod(java.net.URL.class, "openStream"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Impl", "Manager", "Utils", "Util"})
  void names_say_what_a_thing_is(String ending) {
    check(noClasses().should().haveSimpleNameEndingWith(ending));
  }

  @Test
  void the_rules_see_the_code() {
    assertThat(production).as("classes under %s", ROOT).isNotEmpty();
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(production);
  }

  private static DescribedPredicate<JavaClass> allowed(String... packages) {
    return resideInAnyPackage(packages)
        .or(resideInAnyPackage(PURE_JDK))
        .or(describe("a primitive or an array of one", c -> c.getBaseComponentType().isPrimitive()))
        .or(describe("an array", JavaClass::isArray))
        .or(resideInAPackage("com.google.errorprone.annotations.."));
  }

  private static DescribedPredicate<JavaAccess<?>> ofTheHostsClock() {
    return describe(
        "the time of day of the host",
        access -> {
          String owner = access.getTargetOwner().getName();
          String name = access.getName();
          return (owner.startsWith("java.time.") && name.equals("now"))
              || (owner.equals("java.time.Clock") && name.startsWith("system"))
              || (owner.equals("java.time.InstantSource") && name.equals("system"))
              || (owner.equals(System.class.getName()) && name.equals("currentTimeMillis"))
              || (owner.equals("java.util.Date") && name.equals("<init>"));
        });
  }

  private static DescribedPredicate<JavaAccess<?>> ofTheWorld() {
    Set<String> classes =
        Set.of(
            System.class.getName(),
            Runtime.class.getName(),
            Process.class.getName(),
            ProcessBuilder.class.getName(),
            Thread.class.getName(),
            Random.class.getName(),
            "java.lang.IO",
            "java.util.SplittableRandom",
            "java.util.Scanner",
            "java.util.Timer",
            "java.util.concurrent.ThreadLocalRandom");
    return describe(
        "a clock, chance or the machine",
        access -> {
          String owner = access.getTargetOwner().getName();
          String name = access.getName();
          return classes.contains(owner)
              || (owner.startsWith("java.time.") && name.equals("now"))
              || (owner.equals("java.time.Clock")
                  && (name.startsWith("system") || name.startsWith("tick")))
              || (owner.equals("java.time.ZoneId") && name.equals("systemDefault"))
              || (owner.equals("java.util.Locale") && name.equals("getDefault"))
              || (owner.equals("java.util.TimeZone") && name.equals("getDefault"))
              || (owner.equals(UUID.class.getName()) && name.equals("randomUUID"))
              || (owner.equals("java.util.Collections") && name.equals("shuffle"))
              || (owner.equals(Math.class.getName()) && name.equals("random"))
              || name.equals("printStackTrace");
        });
  }

  private static boolean isProduction(JavaClass type) {
    return type.getSource()
        .filter(source -> source.getUri().getPath().contains("/test-classes/"))
        .isEmpty();
  }

  private static boolean isOpen(JavaClass type) {
    return !type.isAnnotation()
        && !type.isAnnotatedWith(FunctionalInterface.class)
        && !type.reflect().isSealed()
        && !type.getModifiers().contains(JavaModifier.SYNTHETIC)
        && !IMPLEMENTED_ELSEWHERE.containsKey(type.getName());
  }

  private static ArchCondition<JavaClass> haveTwoImplementations() {
    return new ArchCondition<>("have two implementations in this repository") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        long known = type.getAllSubclasses().stream().filter(c -> !c.isInterface()).count();
        String message =
            type.getName() + " has " + known + " implementations: " + type.getAllSubclasses();
        events.add(new SimpleConditionEvent(type, known >= 2, message));
      }
    };
  }
}
