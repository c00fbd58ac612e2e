package io.orchestrator.adapter;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts and ranges of addresses that may be reached although they are not part of the public
 * internet.
 */
public final class AllowList {
  /** Nothing. */
  public static final AllowList NONE = new AllowList(List.of());

  private static final Pattern BRACKETED =
      Pattern.compile("\\[([^]]+)](?:/([0-9]+))?(?::([0-9]{1,5}))?");
  private static final Pattern PLAIN = Pattern.compile("([^:]+)(?::([0-9]{1,5}))?");
  private static final Pattern HOST =
      Pattern.compile(
          "(?=.{1,253}$)(?!.*[0-9]$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

  private final List<Entry> entries;

  private AllowList(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Reads entries, each a host or a range with an optional {@code :port} ({@code [::1]:8080} for
   * IPv6).
   *
   * @throws IllegalArgumentException with a message for the author
   */
  public static AllowList parse(List<String> texts) {
    List<Entry> entries = new ArrayList<>();
    for (String text : texts) {
      entries.add(Entry.parse(text.strip().toLowerCase(Locale.ROOT)));
    }
    return new AllowList(List.copyOf(entries));
  }

  /** The same from one text with commas, as an environment variable holds it. */
  public static AllowList parse(String commaSeparated) {
    return parse(
        List.of(commaSeparated.split(",")).stream().filter(text -> !text.isBlank()).toList());
  }

  /** Whether an entry is this host, or a range that holds this address, at this port. */
  public boolean permits(String host, InetAddress address, int port) {
    return entries.stream().anyMatch(entry -> entry.fits(host, address, port));
  }

  /**
   * One line of the list: a host or a range.
   *
   * @param host null for a range
   * @param range null for a host
   * @param port 0 for every port
   */
  private record Entry(String host, Cidr range, int port) {

    static Entry parse(String text) {
      Matcher bracketed = BRACKETED.matcher(text);
      if (bracketed.matches()) {
        String bits = bracketed.group(2) == null ? "" : "/" + bracketed.group(2);
        return new Entry(
            null, Cidr.parse(bracketed.group(1) + bits), port(text, bracketed.group(3)));
      }
      if (text.indexOf(':') != text.lastIndexOf(':')) {
        return new Entry(null, Cidr.parse(text), 0);
      }
      Matcher plain = PLAIN.matcher(text);
      if (!plain.matches()) {
        throw new IllegalArgumentException(text + " is not a host or range with an optional :port");
      }
      String name = plain.group(1);
      int port = port(text, plain.group(2));
      return HOST.matcher(name).matches()
          ? new Entry(name, null, port)
          : new Entry(null, Cidr.parse(name), port);
    }

    private static int port(String text, String digits) {
      if (digits == null) {
        return 0;
      }
      int port = Integer.parseInt(digits);
      if (port < 1 || port > 65_535) {
        throw new IllegalArgumentException(text + " must have a port from 1 to 65535");
      }
      return port;
    }

    boolean fits(String wantedHost, InetAddress address, int wantedPort) {
      boolean there = host != null ? host.equals(wantedHost) : range.contains(address);
      return there && (port == 0 || port == wantedPort);
    }
  }
}
