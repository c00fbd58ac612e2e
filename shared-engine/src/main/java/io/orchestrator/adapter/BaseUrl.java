package io.orchestrator.adapter;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** The rules of a {@code base_url}: what it says is where the call goes, in every parser's eyes. */
public final class BaseUrl {
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  /**
   * A last label that begins with a digit may be read as an IPv4 address in disguise (WHATWG URL,
   * section 3.5).
   */
  private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?[0-9][^.]*\\.?");

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.|$)){4}");

  private BaseUrl() {}

  /**
   * Reads it; the result has no slash at its end.
   *
   * @throws IllegalArgumentException with a message for the author
   */
  static URI parse(String text) {
    URI address = address("base_url", text, false);
    PathTemplate.parse(address.getRawPath().replaceAll("/+$", ""));
    return URI.create(address.toString().replaceAll("/+$", ""));
  }

  /**
   * Reads any address that a definition names.
   *
   * @param key under which it stands
   * @param query whether it may have one
   * @throws IllegalArgumentException with a message for the author
   */
  public static URI address(String key, String text, boolean query) {
    URI uri = uri(key, text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException(key + " must begin with https://");
    }
    if (uri.getRawUserInfo() != null
        || (uri.getRawQuery() != null && !query)
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          key + " must have no user" + (query ? " or" : ", query or") + " fragment");
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          key + " must have a host; write an international one as xn--");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new IllegalArgumentException("the port of " + key + " must be from 1 to 65535");
    }
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    if (!isPlainHost(host)) {
      throw new IllegalArgumentException(
          "the host of " + key + " must be a name or an address in its usual form");
    }
    return URI.create(
        scheme
            + "://"
            + host
            + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
            + uri.getRawPath()
            + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
  }

  private static URI uri(String key, String text) {
    try {
      return URI.create(text).parseServerAuthority();
    } catch (IllegalArgumentException | java.net.URISyntaxException notOne) {
      throw new IllegalArgumentException(
          key + " must be a URL such as https://api.example.com", notOne);
    }
  }

  /**
   * Whether every parser takes the host for the same thing: a name, or an address in its usual form
   * without a zone.
   */
  public static boolean isPlainHost(String host) {
    if (host.startsWith("[") && host.endsWith("]")) {
      return host.indexOf('%') < 0 && isLiteral(host.substring(1, host.length() - 1));
    }
    return NUMERIC_END.matcher(host).matches()
        ? IPV4.matcher(host).matches()
        : NAME.matcher(host).matches();
  }

  private static boolean isLiteral(String address) {
    try {
      return InetAddress.ofLiteral(address) != null;
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }
}
