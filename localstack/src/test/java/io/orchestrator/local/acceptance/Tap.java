package io.orchestrator.local.acceptance;

import io.orchestrator.local.acceptance.Sockets.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A wire between a function and a server that a test can watch. Once armed, the first thing a
 * client says that holds a text makes it tell the test which connection spoke, either before the
 * server hears it or after the server has answered; what the client would have heard next never
 * reaches it.
 */
final class Tap implements AutoCloseable {
  private static final int CHUNK_BYTES = 1 << 20;

  private final ServerSocket listens;
  private final int server;
  private final AtomicReference<Trap> trap = new AtomicReference<>();

  /** Is told which connection it was. */
  interface Springs {
    void on(Connection connection);
  }

  private record Trap(byte[] text, boolean afterAnswer, Springs springs) {}

  /** A wire to that port of this machine. */
  Tap(int server) {
    this.server = server;
    try {
      this.listens = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listens.getLocalPort();
  }

  /** Springs when a client says that, before the server hears it. */
  void before(String text, Springs springs) {
    trap.set(new Trap(text.getBytes(StandardCharsets.UTF_8), false, springs));
  }

  /** Springs when a client says that and the server has done it. */
  void after(String text, Springs springs) {
    trap.set(new Trap(text.getBytes(StandardCharsets.UTF_8), true, springs));
  }

  /** Springs no more. */
  void disarm() {
    trap.set(null);
  }

  private void accept() {
    while (!listens.isClosed()) {
      try {
        Socket client = listens.accept();
        client.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket client) {
    try (client;
        Socket away = new Socket()) {
      away.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server));
      away.setTcpNoDelay(true);
      AtomicReference<Trap> sprung = new AtomicReference<>();
      Thread answers = Thread.ofVirtual().start(() -> backward(client, away, sprung));
      forward(client, away, sprung);
      answers.interrupt();
    } catch (IOException e) {
      // One of the two has gone, as a killed process does; closing the other is all there is to do.
    }
  }

  private void forward(Socket client, Socket away, AtomicReference<Trap> sprung)
      throws IOException {
    InputStream in = client.getInputStream();
    OutputStream out = away.getOutputStream();
    byte[] buffer = new byte[CHUNK_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      Trap set = trap.get();
      if (set != null && holds(buffer, read, set.text()) && trap.compareAndSet(set, null)) {
        if (!set.afterAnswer()) {
          set.springs().on(new Connection(client.getPort(), port()));
          return;
        }
        sprung.set(set);
      }
      out.write(buffer, 0, read);
      out.flush();
    }
  }

  private void backward(Socket client, Socket away, AtomicReference<Trap> sprung) {
    try {
      InputStream in = away.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[CHUNK_BYTES];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        Trap set = sprung.getAndSet(null);
        if (set != null) {
          set.springs().on(new Connection(client.getPort(), port()));
          client.close();
          return;
        }
        out.write(buffer, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // As above.
    }
  }

  private static boolean holds(byte[] chunk, int length, byte[] text) {
    for (int at = 0; at + text.length <= length; at++) {
      if (Arrays.equals(chunk, at, at + text.length, text, 0, text.length)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    try {
      listens.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
