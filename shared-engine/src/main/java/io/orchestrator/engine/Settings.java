package io.orchestrator.engine;

import io.orchestrator.access.Issuer;
import io.orchestrator.access.Roles;
import io.orchestrator.execution.MaskRules;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a deployment decides: the environment variables, read once and nowhere else.
 *
 * @param redisUrl empty: work without
 * @param publicUrl where others reach the API, without a slash at the end; empty for functions that
 *     make no callback addresses
 * @param runAhead whether a step runner takes the next step itself
 * @param slowCalls whether this process makes the calls that may take longer than ten seconds
 * @param egressAllow addresses outside the public internet that adapters may be allowed to reach
 * @param functionName of the function that this process is, as Lambda names it; empty outside of
 *     Lambda
 * @param region of AWS in which it runs; empty outside of it
 * @param sandbox whether the sandbox adapters answer; only on one's own machine
 * @param telemetry where spans go
 * @param masking what is covered in every flow
 * @param environment name of the deployment, for what adapter definitions say of it; empty if it
 *     has none
 */
public record Settings(
    Database database,
    String redisUrl,
    Queues queues,
    Identity identity,
    SecretStore secrets,
    ArchiveStore archive,
    String publicUrl,
    boolean runAhead,
    boolean slowCalls,
    List<String> egressAllow,
    boolean sandbox,
    String functionName,
    String region,
    Telemetry telemetry,
    Masking masking,
    String environment) {
  private static final String LOCAL_SECRET = "ORCHESTRATOR_SECRET_";

  /**
   * A role of the database; {@code secret} names the secret with its password, empty if it needs
   * none.
   */
  public record Login(String user, String secret) {}

  /**
   * PostgreSQL.
   *
   * @param url JDBC address of the writer
   * @param readerUrl of a reader; the writer's if there is none
   * @param owner who migrates
   */
  public record Database(String url, String readerUrl, Login engine, Login api, Login owner) {}

  /** The addresses of the queues; {@code endpoint} is an emulator's, null for the real service. */
  public record Queues(String step, String slow, String resume, String sweep, URI endpoint) {}

  /** Whose tokens are accepted, and where a client gets one. */
  public record Identity(
      String issuer, String audience, URI keys, String iamUrl, Issuer.Claims claims) {}

  /**
   * Where secrets are.
   *
   * @param callback name of the secret with the callback key
   * @param folder files instead of the service, one a secret; empty for the service
   * @param local secrets given in the environment, by the variable's name
   */
  public record SecretStore(String callback, String folder, Map<String, String> local) {
    @Override
    public String toString() {
      return "SecretStore[callback=" + callback + ", folder=" + folder + "]";
    }
  }

  /**
   * Where histories are archived: a bucket of S3 with Object Lock, or a folder. Both empty:
   * nowhere, and then nothing is deleted.
   */
  public record ArchiveStore(String bucket, String folder) {}

  /**
   * What is covered in every flow.
   *
   * @param fields names of fields whose values are
   * @param shapes what is in texts
   */
  public record Masking(List<String> fields, Set<MaskRules.Shape> shapes) {
    /** As rules. */
    public MaskRules rules() {
      return new MaskRules(fields, shapes);
    }
  }

  /**
   * Where what the system tells about itself goes, beside the log.
   *
   * @param endpoint of an OTLP collector; empty: no spans are made
   * @param headers of every request to it
   * @param service how this deployment calls itself
   */
  public record Telemetry(String endpoint, Map<String, String> headers, String service) {
    @Override
    public String toString() {
      return "Telemetry[endpoint=" + endpoint + ", service=" + service + "]";
    }
  }

  /**
   * Reads the variables.
   *
   * @throws IllegalStateException that names every variable that is missing or wrong
   */
  public static Settings of(Map<String, String> environment) {
    Reader reader = new Reader(environment);
    Settings settings = reader.settings();
    if (!reader.complaints.isEmpty()) {
      throw new IllegalStateException(
          "The environment is not complete: " + String.join("; ", reader.complaints));
    }
    return settings;
  }

  /**
   * The variables that are read, for whoever has to set them. The standard ones of AWS are not
   * among them.
   */
  public static List<String> variables() {
    Reader reader = new Reader(Map.of());
    reader.settings();
    return reader.asked.stream().filter(name -> !name.startsWith("AWS_")).toList();
  }

  private static final class Reader {
    private final Map<String, String> environment;
    private final List<String> asked = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    Reader(Map<String, String> environment) {
      this.environment = environment;
    }

    Settings settings() {
      return new Settings(
          database(),
          text("REDIS_URL", ""),
          queues(),
          identity(),
          secrets(),
          new ArchiveStore(text("ARCHIVE_BUCKET", ""), text("ARCHIVE_DIR", "")),
          address("PUBLIC_URL"),
          flag("RUN_AHEAD", true),
          flag("SLOW_CALLS", false),
          list("EGRESS_ALLOW"),
          flag("SANDBOX", false),
          text("AWS_LAMBDA_FUNCTION_NAME", ""),
          text("AWS_REGION", ""),
          telemetry(),
          masking(),
          text("ENVIRONMENT", ""));
    }

    private Masking masking() {
      List<String> fields = orNone(list("MASK_FIELDS"), MaskRules.FIELDS);
      Set<MaskRules.Shape> shapes = EnumSet.noneOf(MaskRules.Shape.class);
      for (String name : orNone(list("MASK_TEXTS"), List.of("card", "bearer", "jwt"))) {
        try {
          shapes.add(MaskRules.Shape.valueOf(name.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException unknown) {
          complaints.add("MASK_TEXTS may name card, bearer, jwt and email, not " + name);
        }
      }
      return new Masking(fields, shapes);
    }

    private static List<String> orNone(List<String> given, List<String> usual) {
      return given.isEmpty() ? usual : given.equals(List.of("none")) ? List.of() : given;
    }

    private Telemetry telemetry() {
      URI endpoint = uri("OTEL_EXPORTER_OTLP_ENDPOINT", "");
      Map<String, String> headers = new LinkedHashMap<>();
      for (String pair : list("OTEL_EXPORTER_OTLP_HEADERS")) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          complaints.add("OTEL_EXPORTER_OTLP_HEADERS must be name=value, name=value");
        } else {
          String value = pair.substring(equals + 1).replace("+", "%2B");
          headers.put(pair.substring(0, equals), URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
      }
      return new Telemetry(
          endpoint == null ? "" : endpoint.toString(),
          Map.copyOf(headers),
          text("POWERTOOLS_SERVICE_NAME", "orchestrator"));
    }

    private Database database() {
      String url = needed("DATABASE_URL");
      String reader = text("DATABASE_READER_URL", "");
      Login engine = login("", "orchestrator_engine");
      Login api = login("API_", "orchestrator_api");
      Login owner = login("OWNER_", engine.user());
      return new Database(url, reader.isEmpty() ? url : reader, engine, api, owner);
    }

    private Login login(String prefix, String otherwise) {
      return new Login(
          text(prefix + "DATABASE_USER", otherwise), text(prefix + "DATABASE_SECRET", ""));
    }

    private Queues queues() {
      return new Queues(
          needed("STEP_QUEUE_URL"),
          needed("SLOW_QUEUE_URL"),
          needed("RESUME_QUEUE_URL"),
          needed("SWEEP_QUEUE_URL"),
          uri("AWS_ENDPOINT_URL_SQS", ""));
    }

    private Identity identity() {
      String issuer = needed("JWT_ISSUER");
      String audience = needed("JWT_AUDIENCE");
      String slash = issuer.endsWith("/") ? "" : "/";
      URI keys = uri("JWKS_URL", issuer + slash + ".well-known/jwks.json");
      return new Identity(
          issuer,
          audience,
          keys,
          text("IAM_URL", issuer),
          new Issuer.Claims(
              text("TENANT_CLAIM", "tenant"),
              text("PERMISSIONS_CLAIM", "permissions"),
              text("ROLES_CLAIM", "roles"),
              roles()));
    }

    private Roles roles() {
      try {
        return Roles.parse(text("ROLES", ""));
      } catch (IllegalArgumentException e) {
        complaints.add("ROLES is wrong: " + e.getMessage());
        return Roles.NONE;
      }
    }

    private SecretStore secrets() {
      Map<String, String> local = new LinkedHashMap<>();
      environment.forEach(
          (name, value) -> {
            if (name.startsWith(LOCAL_SECRET)) {
              local.put(name, value);
            }
          });
      return new SecretStore(needed("CALLBACK_SECRET"), text("SECRETS_DIR", ""), Map.copyOf(local));
    }

    private String text(String name, String otherwise) {
      asked.add(name);
      String value = environment.get(name);
      return value == null || value.isBlank() ? otherwise : value.strip();
    }

    private String needed(String name) {
      String value = text(name, "");
      if (value.isEmpty()) {
        complaints.add(name + " is missing");
      }
      return value;
    }

    private String address(String name) {
      String value = text(name, "");
      return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
    }

    private URI uri(String name, String otherwise) {
      String value = text(name, otherwise);
      try {
        return value.isEmpty() ? null : URI.create(value);
      } catch (IllegalArgumentException e) {
        complaints.add(name + " is not an address: " + value);
        return null;
      }
    }

    private boolean flag(String name, boolean otherwise) {
      String value = text(name, Boolean.toString(otherwise));
      return switch (value) {
        case "1", "true" -> true;
        case "0", "false" -> false;
        default -> {
          complaints.add(name + " must be true or false (or 1 or 0), not " + value);
          yield otherwise;
        }
      };
    }

    private List<String> list(String name) {
      String value = text(name, "");
      return value.isEmpty() ? List.of() : List.of(value.split("[,\\s]+"));
    }
  }
}
