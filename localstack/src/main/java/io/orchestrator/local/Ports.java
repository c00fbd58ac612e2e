package io.orchestrator.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Free loopback ports by name, remembered so that a part gets the same one at the next start if it
 * is still free.
 */
public final class Ports {
  private final Path file;

  public Ports(Home home) {
    this.file = home.run().resolve("ports.properties");
  }

  /** The remembered port of that part, or a new free one that is remembered from now on. */
  public synchronized int of(String part) {
    Properties known = read();
    int remembered = Integer.parseInt(known.getProperty(part, "0"));
    int port = remembered > 0 && isFree(remembered) ? remembered : anyFree();
    remember(part, port);
    return port;
  }

  /** Notes a port that a part already holds, such as that of an adopted server. */
  public synchronized void remember(String part, int port) {
    Properties known = read();
    known.setProperty(part, Integer.toString(port));
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      known.store(writer, "Ports of the local stack");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Properties read() {
    Properties known = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        known.load(reader);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return known;
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static int anyFree() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
