package io.orchestrator.adapter;

import java.net.InetAddress;

/** A range of addresses of one family (RFC 4632, RFC 4291). */
public record Cidr(InetAddress network, int prefixBits) {

  /**
   * Reads {@code address/bits}, or a single address. Never asks a name server.
   *
   * @throws IllegalArgumentException with a message for the author
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    InetAddress network;
    try {
      network = InetAddress.ofLiteral(literal);
      if (literal.indexOf(':') < 0 && !network.getHostAddress().equals(literal)) {
        // Java also reads 10.1 as 10.0.0.1, which is not what its author sees.
        throw new IllegalArgumentException(literal);
      }
    } catch (IllegalArgumentException notOne) {
      throw new IllegalArgumentException(
          text + " is not an address or a range such as 10.0.0.0/8", notOne);
    }
    int bits = network.getAddress().length * 8;
    if (slash < 0) {
      return new Cidr(network, bits);
    }
    String length = text.substring(slash + 1);
    if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
      throw new IllegalArgumentException(text + " must end in a number of bits from 0 to " + bits);
    }
    return new Cidr(network, Integer.parseInt(length));
  }

  /** Whether the address lies in the range; one of the other family never does. */
  public boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    int whole = prefixBits / 8;
    for (int i = 0; i < whole; i++) {
      if (mine[i] != other[i]) {
        return false;
      }
    }
    int rest = prefixBits % 8;
    return rest == 0 || ((mine[whole] ^ other[whole]) & 0xFF) >>> (8 - rest) == 0;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixBits;
  }
}
