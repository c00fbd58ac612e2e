package io.orchestrator.secret;

import io.orchestrator.secret.SecretLookup.Found;
import io.orchestrator.secret.SecretLookup.Missing;
import io.orchestrator.secret.SecretLookup.Unavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Secrets of the local stack: the file {@code tenant/name} (the system's: {@code name}) of a
 * folder, else the environment variable {@code ORCHESTRATOR_SECRET_<NAME>}. All tenants share the
 * environment, but a variable that holds a secret of the system is kept from them.
 */
public final class LocalSecrets implements SecretSource {
  private static final String PREFIX = "ORCHESTRATOR_SECRET_";
  private static final long FILE_BYTES_MAX = 64 * 1024;

  private final Path folder;
  private final Map<String, String> environment;
  private final Set<String> systemVariables;

  /**
   * @param folder with the files, or null if there is none
   */
  public LocalSecrets(Path folder, Map<String, String> environment, Set<String> systemNames) {
    this.folder = folder;
    this.environment =
        environment.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(PREFIX))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    this.systemVariables =
        systemNames.stream().map(LocalSecrets::variable).collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public SecretLookup ofTenant(String tenant, String name) {
    Optional<SecretLookup> kept =
        folder == null ? Optional.empty() : file(folder.resolve(tenant).resolve(name));
    return kept.orElseGet(
        () -> systemVariables.contains(variable(name)) ? missing(name) : inEnvironment(name));
  }

  @Override
  public SecretLookup ofSystem(String name) {
    Optional<SecretLookup> kept = folder == null ? Optional.empty() : file(folder.resolve(name));
    return kept.orElseGet(() -> inEnvironment(name));
  }

  @Override
  public void close() {}

  /** Follows no link out of the folder: its files' real place must be inside. */
  private Optional<SecretLookup> file(Path path) {
    try {
      if (!Files.isRegularFile(path)) {
        return Optional.empty();
      }
      if (!path.toRealPath().startsWith(folder.toRealPath()) || Files.size(path) > FILE_BYTES_MAX) {
        return Optional.of(
            new Missing(
                "The secret's file is outside the folder, or over " + FILE_BYTES_MAX + " bytes"));
      }
      return Optional.of(
          new Found(new SecretText(Files.readString(path, StandardCharsets.UTF_8).strip())));
    } catch (IOException e) {
      return Optional.of(new Unavailable("The secret's file cannot be read"));
    }
  }

  private SecretLookup inEnvironment(String name) {
    String value = environment.get(variable(name));
    return value == null ? missing(name) : new Found(new SecretText(value));
  }

  private static SecretLookup missing(String name) {
    return new Missing("There is no secret " + name);
  }

  private static String variable(String name) {
    return PREFIX + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
