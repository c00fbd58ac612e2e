import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.spi.ToolProvider;

/**
 * The format of the Java sources, checked or applied: {@code Format check|apply ROOT KNOWN}.
 *
 * <p>google-java-format reads code with the compiler of the JDK that runs it, so it must run on the
 * JDK of the sources, not on Maven's; see docs/adr/0002. {@code KNOWN} is a file of hashes of texts
 * that were found well formatted; they aren't looked at again. What a check finds stands in the
 * file {@code unformatted} beside it, and the exit code is 0: a file that can't be read is the only
 * failure.
 */
public final class Format {
  private final Path root;
  private final Path known;
  private final Set<String> good;

  private Format(Path root, Path known) throws IOException {
    this.root = root;
    this.known = known;
    this.good = Files.exists(known) ? new HashSet<>(Files.readAllLines(known)) : new HashSet<>();
  }

  public static void main(String[] args) throws IOException {
    Format format = new Format(Path.of(args[1]), Path.of(args[2]));
    System.exit(
        switch (args[0]) {
          case "check" -> format.check();
          case "apply" -> format.apply();
          default -> throw new IllegalArgumentException("Say check or apply, not " + args[0]);
        });
  }

  private int check() throws IOException {
    List<Path> unseen = unseen();
    List<Path> bad = new ArrayList<>();
    int exit = unseen.isEmpty() ? 0 : run(unseen, bad, "--dry-run");
    Files.createDirectories(known.getParent());
    Path report = known.resolveSibling("unformatted");
    Files.deleteIfExists(report);
    if (!bad.isEmpty()) {
      Files.write(
          report, bad.stream().map(path -> root.relativize(path).toString()).sorted().toList());
    }
    if (exit == 0) {
      unseen.removeAll(bad);
      remember(unseen);
    }
    return exit;
  }

  private int apply() throws IOException {
    List<Path> unseen = unseen();
    if (unseen.isEmpty()) {
      return 0;
    }
    int exit = run(unseen, new ArrayList<>(), "--replace");
    if (exit == 0) {
      remember(unseen);
    }
    return exit;
  }

  /** Runs the formatter; the names that it prints are those of files that it would change. */
  private static int run(List<Path> files, List<Path> changed, String... options) {
    ToolProvider formatter = ToolProvider.findFirst("google-java-format").orElseThrow();
    List<String> arguments = new ArrayList<>(List.of(options));
    files.forEach(file -> arguments.add(file.toString()));
    StringWriter names = new StringWriter();
    PrintWriter errors = new PrintWriter(System.err, true);
    int exit =
        formatter.run(new PrintWriter(names, true), errors, arguments.toArray(String[]::new));
    names.toString().lines().map(Path::of).forEach(changed::add);
    errors.flush();
    return exit;
  }

  private List<Path> unseen() throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean ours = folder.equals(root) || folder.endsWith(".mvn");
            boolean skipped =
                name.startsWith(".") || name.equals("target") || name.equals("node_modules");
            return ours || !skipped ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java") && !good.contains(hash(file))) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  private void remember(List<Path> files) throws IOException {
    files.forEach(file -> good.add(hash(file)));
    Files.createDirectories(known.getParent());
    Files.write(known, good.stream().sorted().toList());
  }

  private static String hash(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
