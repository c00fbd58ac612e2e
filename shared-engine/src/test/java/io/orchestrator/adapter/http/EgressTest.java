package io.orchestrator.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.AllowList;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class EgressTest {
  private static Exchange send(NameServer names, String deployment, String allow, String url)
      throws IOException {
    try (Egress egress = new Egress(names, AllowList.parse(deployment))) {
      return egress.send(request(url, allow));
    }
  }

  private static Exchange.Request request(String url, String allow) {
    return new Exchange.Request(
        "GET", URI.create(url), Map.of(), null, Duration.ofSeconds(2), AllowList.parse(allow));
  }

  private static Exchange.Cause cause(Exchange exchange) {
    assertThat(exchange).isInstanceOf(Exchange.Broken.class);
    return ((Exchange.Broken) exchange).cause();
  }

  private static InetAddress[] literals(String... addresses) {
    return java.util.Arrays.stream(addresses)
        .map(InetAddress::ofLiteral)
        .toArray(InetAddress[]::new);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.8.8.8",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:10::1",
        "2001:2::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "4000::1"
      })
  void a_name_that_leads_to_an_address_inside_is_refused(String address) throws IOException {
    NameServer names = host -> literals("93.184.216.34", address);
    assertThat(cause(send(names, "", "", "https://api.example.com/x")))
        .isEqualTo(Exchange.Cause.FORBIDDEN);
    // What only one side allows stays closed.
    assertThat(
            cause(send(names, "", "api.example.com,0.0.0.0/0,::/0", "https://api.example.com/x")))
        .isEqualTo(Exchange.Cause.FORBIDDEN);
    assertThat(cause(send(names, "0.0.0.0/0,::/0", "", "https://api.example.com/x")))
        .isEqualTo(Exchange.Cause.FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "169.254.170.2", "fd00:ec2::254", "fe80::1"})
  void the_addresses_of_cloud_credentials_cannot_be_opened_at_all(String address)
      throws IOException {
    NameServer names = host -> literals(address);
    assertThat(
            cause(
                send(
                    names,
                    "0.0.0.0/0,::/0",
                    "0.0.0.0/0,::/0,meta.example.com",
                    "https://meta.example.com/")))
        .isEqualTo(Exchange.Cause.FORBIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[0:0:0:0:0:ffff:7f00:1]/",
        "https://localhost/",
        "https://LOCALHOST/",
        "https://user@127.0.0.1/",
        "https://a:b@93.184.216.34/",
        "http://93.184.216.34/",
        "ftp://93.184.216.34/",
        "https://[64:ff9b::127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/"
      })
  void a_hostile_url_reaches_nobody(String url) throws IOException {
    assertThat(cause(send(NameServer.SYSTEM, "", "", url))).isEqualTo(Exchange.Cause.FORBIDDEN);
  }

  @Test
  void the_name_is_looked_up_once_and_the_checked_address_is_used() throws IOException {
    AtomicInteger lookups = new AtomicInteger();
    NameServer rebinding =
        host -> lookups.incrementAndGet() == 1 ? literals("127.0.0.1") : literals("10.0.0.1");
    try (Wire wire = Wire.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
      Exchange exchange =
          send(
              rebinding, "127.0.0.0/8", "api.example.com", "http://api.example.com:" + wire.port());
      assertThat(exchange).isInstanceOf(Exchange.Response.class);
      assertThat(lookups).hasValue(1);
      assertThat(wire.requests().getFirst())
          .contains("\r\nHost: api.example.com:" + wire.port() + "\r\n");
    }
  }

  @Test
  void a_kept_connection_is_not_lent_to_who_may_not_make_it() throws IOException {
    String ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    CountDownLatch end = new CountDownLatch(1);
    try (Wire wire =
            new Wire(
                socket -> {
                  socket
                      .getOutputStream()
                      .write(ok.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                  end.await();
                });
        Egress egress = new Egress(host -> literals("127.0.0.1"), AllowList.parse("127.0.0.0/8"))) {
      String url = "http://api.example.com:" + wire.port();
      assertThat(egress.send(request(url, "api.example.com")))
          .isInstanceOf(Exchange.Response.class);
      assertThat(cause(egress.send(request(url, "")))).isEqualTo(Exchange.Cause.FORBIDDEN);
      end.countDown();
    }
  }

  @Test
  void an_allowed_port_opens_no_other() throws IOException {
    try (Wire wire = Wire.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      String url = "http://127.0.0.1:" + wire.port();
      assertThat(send(NameServer.SYSTEM, "127.0.0.1", "127.0.0.1:" + wire.port(), url))
          .isInstanceOf(Exchange.Response.class);
      assertThat(cause(send(NameServer.SYSTEM, "127.0.0.1", "127.0.0.1:1", url)))
          .isEqualTo(Exchange.Cause.FORBIDDEN);
      assertThat(cause(send(NameServer.SYSTEM, "127.0.0.1:1", "127.0.0.1", url)))
          .isEqualTo(Exchange.Cause.FORBIDDEN);
      assertThat(wire.requests()).hasSize(1);
    }
  }

  @Test
  void the_next_address_is_tried_when_one_refuses_the_connection() throws IOException {
    try (Wire wire = Wire.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      NameServer names = host -> literals("127.0.0.9", "127.0.0.1");
      assertThat(send(names, "127.0.0.0/8", "x.test", "http://x.test:" + wire.port()))
          .isInstanceOf(Exchange.Response.class);
    }
  }

  @Test
  void an_unknown_host_is_unreachable_and_a_name_server_that_hangs_times_out() throws IOException {
    NameServer unknown =
        host -> {
          throw new UnknownHostException(host);
        };
    assertThat(cause(send(unknown, "", "", "https://nobody.example.com/")))
        .isEqualTo(Exchange.Cause.UNREACHABLE);
    CountDownLatch never = new CountDownLatch(1);
    NameServer hanging =
        host -> {
          try {
            never.await();
          } catch (InterruptedException told) {
            Thread.currentThread().interrupt();
          }
          return literals("93.184.216.34");
        };
    assertThat(cause(send(hanging, "", "", "https://slow.example.com/")))
        .isEqualTo(Exchange.Cause.TIMEOUT);
  }

  @Test
  void a_proxy_of_the_environment_is_not_asked() throws IOException {
    String before = System.getProperty("http.proxyHost");
    System.setProperty("http.proxyHost", "127.0.0.2");
    System.setProperty("http.proxyPort", "1");
    try (Wire wire = Wire.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(
              send(NameServer.SYSTEM, "127.0.0.1", "127.0.0.1", "http://127.0.0.1:" + wire.port()))
          .isInstanceOf(Exchange.Response.class);
    } finally {
      System.clearProperty("http.proxyPort");
      if (before == null) {
        System.clearProperty("http.proxyHost");
      }
    }
  }

  @Test
  void a_response_that_goes_on_after_what_was_wanted_is_cut_off() throws IOException {
    try (Wire wire =
            new Wire(
                socket -> {
                  socket
                      .getOutputStream()
                      .write(
                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
                              .getBytes(StandardCharsets.US_ASCII));
                  socket.getOutputStream().flush();
                  // Until the other side has had enough.
                  assertThat(socket.getInputStream().read()).isEqualTo(-1);
                });
        Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8"))) {
      Exchange exchange =
          egress.send(
              request("http://127.0.0.1:" + wire.port() + "/", "127.0.0.1"),
              (headers, some, count) -> count == 5);
      assertThat(exchange).isInstanceOf(Exchange.Response.class);
      assertThat(new String(((Exchange.Response) exchange).body(), StandardCharsets.US_ASCII))
          .isEqualTo("hello");
    }
  }
}
