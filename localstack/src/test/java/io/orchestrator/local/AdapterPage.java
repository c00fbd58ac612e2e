package io.orchestrator.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first part of docs/adapters.md, done as it says: its texts are written to files, its commands
 * are given, and what it shows of their output is compared. The CRM that it speaks of is there.
 */
final class AdapterPage implements AutoCloseable {
  private static final Pattern BLOCK = Pattern.compile("```([a-z]+)\n(.*?)```", Pattern.DOTALL);
  private static final String FAILS = "# exits with 1";
  private static final String PORT = "9090";

  private final Path folder;
  private final Path data;
  private final HttpServer crm;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Map<String, Path> files = new LinkedHashMap<>();

  AdapterPage(Path folder, Path data) throws IOException {
    this.folder = folder;
    this.data = data;
    this.crm = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    crm.setExecutor(threads);
    crm.createContext("/api", this::answer);
    crm.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    calls.add(call);
    boolean known =
        "Bearer token-of-the-crm".equals(exchange.getRequestHeaders().getFirst("Authorization"));
    boolean there = call.startsWith("POST ") || call.endsWith("/c-7");
    String json =
        there ? "{\"name\": \"Ann\", \"tier\": \"gold\"}" : "{\"error\": \"no such customer\"}";
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(known ? there ? 200 : 404 : 401, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** What the CRM was asked. */
  List<String> calls() {
    return calls;
  }

  void follow() throws IOException, InterruptedException {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("docs"))) {
      here = here.getParent();
    }
    String page = Files.readString(here.resolve("docs/adapters.md"));
    int end = page.indexOf("## All keys");
    assertThat(end).as("the page has a first part").isPositive();
    int commands = 0;
    String output = "";
    Matcher block = BLOCK.matcher(page.substring(0, end));
    while (block.find()) {
      String text = block.group(2);
      switch (block.group(1)) {
        case "yaml" -> write(text);
        case "sh" -> {
          for (String line : text.lines().filter(one -> !one.isBlank()).toList()) {
            output = run(line);
            commands++;
          }
        }
        default -> assertThat(output.strip()).isEqualTo(text.strip());
      }
    }
    assertThat(commands).isGreaterThan(8);
  }

  private void write(String text) throws IOException {
    String name = text.startsWith("flow:") ? "welcome.yaml" : "crm.yaml";
    String port = Integer.toString(crm.getAddress().getPort());
    files.put(name, Files.writeString(folder.resolve(name), text.replace(PORT, port)));
  }

  /** A command of ours in this process, any other in a shell; its output. */
  private String run(String line) throws IOException, InterruptedException {
    boolean fails = line.contains(FAILS);
    String command = line.replace(FAILS, "").strip();
    if (!command.startsWith("./orchestrator ")) {
      Process shell =
          new ProcessBuilder("sh", "-c", command.replace(".orchestrator", data.toString()))
              .inheritIO()
              .start();
      assertThat(shell.waitFor()).as(command).isZero();
      return "";
    }
    List<String> words = new ArrayList<>();
    for (String word : command.substring("./orchestrator ".length()).split(" +", -1)) {
      words.add(files.containsKey(word) ? files.get(word).toString() : word);
    }
    if (!words.getFirst().equals("validate")) {
      words.add("--data");
      words.add(data.toString());
    }
    StringWriter out = new StringWriter();
    int code =
        Main.commandLine().setOut(new PrintWriter(out, true)).execute(words.toArray(String[]::new));
    assertThat(code).as("%s: %s", command, out).isEqualTo(fails ? 1 : 0);
    return out.toString();
  }

  @Override
  public void close() {
    crm.stop(0);
    threads.close();
  }
}
