package io.orchestrator.adapter.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Listens on every loopback address that a test may be lured to, and hears whether anybody came.
 */
final class Silence implements AutoCloseable {
  private final List<ServerSocketChannel> doors = new ArrayList<>();

  Silence() throws IOException {
    doors.add(door("127.0.0.1", 0));
    for (String other : List.of("127.0.0.2", "127.8.8.8", "::1")) {
      try {
        doors.add(door(other, port()));
      } catch (IOException notHere) {
        // A machine without IPv6, or with one loopback address only, has fewer doors to knock at.
      }
    }
  }

  private static ServerSocketChannel door(String address, int port) throws IOException {
    ServerSocketChannel door = ServerSocketChannel.open();
    try {
      door.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    } catch (IOException taken) {
      door.close();
      throw taken;
    }
    door.configureBlocking(false);
    return door;
  }

  int port() {
    return doors.getFirst().socket().getLocalPort();
  }

  /** How many came since it was asked last: a connection is there before its client knows of it. */
  int knocks() throws IOException {
    int knocks = 0;
    for (ServerSocketChannel door : doors) {
      for (SocketChannel guest = door.accept(); guest != null; guest = door.accept()) {
        guest.close();
        knocks++;
      }
    }
    return knocks;
  }

  @Override
  public void close() throws IOException {
    for (ServerSocketChannel door : doors) {
      door.close();
    }
  }
}
