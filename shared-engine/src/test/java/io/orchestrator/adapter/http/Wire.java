package io.orchestrator.adapter.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that does to a connection exactly what a test wants, and keeps what it was sent. */
final class Wire implements AutoCloseable {
  /** What happens to a connection. */
  @FunctionalInterface
  interface Behaviour {
    void serve(Socket socket) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  Wire(Behaviour behaviour) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.add(Thread.ofVirtual().start(() -> accept(behaviour)));
  }

  /** Answers every request with this text, and closes. */
  static Wire answering(String response) throws IOException {
    return new Wire(
        socket -> socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1)));
  }

  int port() {
    return server.getLocalPort();
  }

  /** The heads and bodies of all requests so far. */
  List<String> requests() {
    return requests;
  }

  private void accept(Behaviour behaviour) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        threads.add(Thread.ofVirtual().start(() -> serve(socket, behaviour)));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket, Behaviour behaviour) {
    try (socket) {
      requests.add(read(socket.getInputStream()));
      behaviour.serve(socket);
    } catch (SocketException cut) {
      requests.add("cut");
    } catch (IOException | InterruptedException over) {
      requests.add("over");
    }
  }

  private static String read(InputStream in) throws IOException {
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return request.toString();
      }
      request.append((char) b);
    }
    int at = request.indexOf("Content-Length: ");
    if (at >= 0) {
      int length = Integer.parseInt(request.substring(at + 16, request.indexOf("\r\n", at)));
      request.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
    return request.toString();
  }

  /** Writes until the other side has had enough. */
  static void flood(OutputStream out, String piece) throws IOException {
    byte[] bytes = piece.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 1_000_000; i++) {
      out.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.forEach(Thread::interrupt);
  }
}
