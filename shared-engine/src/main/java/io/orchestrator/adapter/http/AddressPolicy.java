package io.orchestrator.adapter.http;

import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Cidr;
import java.net.InetAddress;
import java.util.List;

/**
 * Which addresses a call may reach: the public internet, and what both the adapter's definition and
 * the deployment allow. The ranges are those of the IANA special-purpose registries (RFC 6890),
 * written out because the predicates of {@link InetAddress} miss half of them.
 */
final class AddressPolicy {
  private static final List<Cidr> NOT_PUBLIC =
      cidrs(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          // Of IPv6 only 2000::/3 is public; the other seven eighths hold loopback, mapped and
          // NAT64 addresses (::/3, which
          // includes 64:ff9b::/96), unique local ones (fc00::/7), link-local ones and multicast.
          "::/3",
          "4000::/2",
          "8000::/1",
          // Teredo, ORCHID, benchmarking and the rest of the IETF's block, documentation, and 6to4,
          // which wraps IPv4.
          "2001::/23",
          "2001:db8::/32",
          "2002::/16",
          "2620:4f:8000::/48",
          "3fff::/20");

  /**
   * Where clouds keep the credentials of the machine itself; nothing that is configured opens
   * these.
   */
  private static final List<Cidr> NEVER = cidrs("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32");

  private final AllowList deployment;

  /**
   * @param deployment bounds what definitions may allow
   */
  AddressPolicy(AllowList deployment) {
    this.deployment = deployment;
  }

  /** Whether the call may go there. */
  boolean permits(boolean https, String host, InetAddress address, int port, AllowList definition) {
    if (NEVER.stream().anyMatch(range -> range.contains(address))) {
      return false;
    }
    boolean allowed =
        definition.permits(host, address, port) && deployment.permits(host, address, port);
    return allowed || (https && NOT_PUBLIC.stream().noneMatch(range -> range.contains(address)));
  }

  private static List<Cidr> cidrs(String... texts) {
    return List.of(texts).stream().map(Cidr::parse).toList();
  }
}
