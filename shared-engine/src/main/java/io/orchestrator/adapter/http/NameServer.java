package io.orchestrator.adapter.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Tells the addresses of a host. */
@FunctionalInterface
public interface NameServer {
  /** The system's. */
  NameServer SYSTEM = InetAddress::getAllByName;

  /** All addresses of the host, at least one. */
  InetAddress[] addresses(String host) throws UnknownHostException;
}
