package io.orchestrator.functions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The functions have no HTTP client of their own; that of the engine is held by ArchitectureTest.
 */
class OneClientTest {
  /** Tells CloudFormation, at the address that it gives, how the migration went. */
  private static final String EXCEPTION = "io/orchestrator/functions/MigrateFunction";

  private static final String[] CLIENTS = {
    "java/net/http/",
    "org/apache/hc/",
    "java/net/Socket",
    "java/net/HttpURLConnection",
    "java/net/URLConnection",
    "java/nio/channels/SocketChannel",
    "javax/net/ssl/"
  };

  @Test
  void no_class_of_the_functions_refers_to_an_http_client() throws IOException, URISyntaxException {
    Path classes = Path.of(Route.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> found = new TreeSet<>();
    int seen = 0;
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        seen++;
        found.addAll(clients(file));
      }
    }
    assertThat(seen).isGreaterThan(50);
    assertThat(found).allMatch(each -> each.startsWith(EXCEPTION));
    assertThat(found).as("the exception is still one").isNotEmpty();
  }

  private static Set<String> clients(Path file) {
    Set<String> found = new TreeSet<>();
    try {
      var model = ClassFile.of().parse(file);
      for (PoolEntry entry : model.constantPool()) {
        if (entry instanceof ClassEntry type) {
          for (String client : CLIENTS) {
            if (type.asInternalName().startsWith(client)) {
              found.add(model.thisClass().asInternalName() + " -> " + type.asInternalName());
            }
          }
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return found;
  }
}
