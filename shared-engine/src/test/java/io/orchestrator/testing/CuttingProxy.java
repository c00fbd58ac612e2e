package io.orchestrator.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on the loopback interface that can swallow answers: the server has done its work, the
 * client never hears of it.
 */
public final class CuttingProxy implements AutoCloseable {
  private final ServerSocket entrance;
  private final int target;
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicInteger passing = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger done = new AtomicInteger();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** A proxy to that port. */
  public CuttingProxy(int target) {
    this.target = target;
    try {
      this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Its own port. */
  public int port() {
    return entrance.getLocalPort();
  }

  /** Swallows the next answers, and cuts the connection each time. */
  public void swallow(int answers) {
    cuts.addAndGet(answers);
  }

  /** Lets that many answers pass, then swallows one as {@link #swallow} does. */
  public void swallowAfter(int answers) {
    passing.set(answers);
    swallow(1);
  }

  /** How many bytes have gone through it, in both directions. */
  public long bytes() {
    return bytes.get();
  }

  /** How many answers it has swallowed. */
  public int swallowed() {
    return done.get();
  }

  @Override
  public void close() {
    close(entrance);
    sockets.forEach(CuttingProxy::close);
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket client = entrance.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> forward(client, server, false));
        Thread.ofVirtual().start(() -> forward(server, client, true));
      } catch (IOException closedOrRefused) {
        // The client sees its own end closed; the next one is served if the entrance is still open.
      }
    }
  }

  private void forward(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (answers && isSwallowed()) {
          done.incrementAndGet();
          return;
        }
        bytes.addAndGet(read);
        out.write(buffer, 0, read);
      }
    } catch (IOException cut) {
      // Both ends are closed on the way out, that is all there is to do.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private boolean isSwallowed() {
    return passing.getAndUpdate(n -> Math.max(0, n - 1)) == 0
        && cuts.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception problem) {
      throw new IllegalStateException("closing a socket failed", problem);
    }
  }
}
