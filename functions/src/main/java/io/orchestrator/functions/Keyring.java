package io.orchestrator.functions;

import io.orchestrator.engine.Settings;
import io.orchestrator.secret.AwsSecrets;
import io.orchestrator.secret.LocalSecrets;
import io.orchestrator.secret.SecretLookup;
import io.orchestrator.secret.SecretSource;
import io.orchestrator.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;

/** The secrets that a function knows by name: the system's own, and those of tenants. */
final class Keyring implements AutoCloseable {
  private final Secrets secrets;
  private final String callback;

  Keyring(Settings settings, InstantSource clock) {
    this.secrets = new Secrets(source(settings), systemNames(settings), clock);
    this.callback = settings.secrets().callback();
  }

  /** A secret of the system's own as text; empty if none is named. */
  String system(String name) {
    if (name.isEmpty()) {
      return "";
    }
    return switch (secrets.system(name)) {
      case SecretLookup.Found found ->
          found.text().field("password").orElseGet(() -> found.text().reveal());
      case SecretLookup.Missing missing ->
          throw new IllegalStateException("The secret " + name + " is missing: " + missing.why());
      case SecretLookup.Unavailable away ->
          throw new IllegalStateException("The secret " + name + " cannot be read: " + away.why());
    };
  }

  /** The key of callback tokens, and of what is derived from it. */
  byte[] callbackKey() {
    return system(callback).getBytes(StandardCharsets.UTF_8);
  }

  /** A tenant's secret as text; null if there is none of that name. */
  String ofTenant(String tenant, String name) {
    return switch (secrets.value(tenant, name)) {
      case SecretLookup.Found found -> found.text().reveal();
      case SecretLookup.Missing ignored -> null;
      case SecretLookup.Unavailable away ->
          throw new io.orchestrator.adapter.Secrets.Away(away.why());
    };
  }

  /** The same with the reason if there is none. */
  SecretLookup lookup(String tenant, String name) {
    return secrets.value(tenant, name);
  }

  private static SecretSource source(Settings settings) {
    Settings.SecretStore store = settings.secrets();
    if (store.folder().isEmpty() && store.local().isEmpty()) {
      return new AwsSecrets(null);
    }
    Path folder = store.folder().isEmpty() ? null : Path.of(store.folder());
    return new LocalSecrets(folder, store.local(), systemNames(settings));
  }

  private static Set<String> systemNames(Settings settings) {
    Settings.Database database = settings.database();
    Set<String> names = new LinkedHashSet<>();
    names.add(settings.secrets().callback());
    names.add(database.engine().secret());
    names.add(database.api().secret());
    names.add(database.owner().secret());
    names.remove("");
    return names;
  }

  @Override
  public void close() {
    secrets.close();
  }
}
