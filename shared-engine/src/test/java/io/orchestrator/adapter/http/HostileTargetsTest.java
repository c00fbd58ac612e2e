package io.orchestrator.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.adapter.Adapters;
import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.Answer;
import io.orchestrator.adapter.Calling;
import io.orchestrator.adapter.DefinitionReader;
import io.orchestrator.expression.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ways to make an adapter call what it must not: none of them brings a packet to the listener that
 * stands there.
 */
@Timeout(30)
class HostileTargetsTest {
  /** What a definition may wish for at most; the deployment does not permit it. */
  private static final AllowList WISHES = AllowList.parse("0.0.0.0/0,::/0,localhost");

  private static Silence silence;

  @BeforeAll
  static void listen() throws IOException {
    silence = new Silence();
  }

  @AfterAll
  static void leave() throws IOException {
    silence.close();
  }

  /** How a target is offered. */
  enum Way {
    /** As a URL, past all that reads definitions. */
    URL,
    /** As an address that a name leads to, alone and beside a public one. */
    NAME,
    /** As the base_url of a definition. */
    BASE_URL,
    /** As the token_url of a definition, or the address of its OpenAPI document. */
    OTHER_URL,
    /** As a param that goes into the path. */
    PATH,
    /** As a param that goes into a header. */
    HEADER,
    /** As the name of a header. */
    HEADER_NAME,
    /** As what the service itself answers, headers divided by |. */
    ANSWER
  }

  private static final String[] URLS = {
    "https://127.0.0.1:PORT/",
    "https://127.8.8.8:PORT/",
    "https://127.1:PORT/",
    "https://127.0.1:PORT/",
    "https://2130706433:PORT/",
    "https://0x7f000001:PORT/",
    "https://0x7f.1:PORT/",
    "https://0X7F.0.0.1:PORT/",
    "https://0177.0.0.1:PORT/",
    "https://0177.1:PORT/",
    "https://017700000001:PORT/",
    "https://127.000.000.001:PORT/",
    "https://127.0.0.1.:PORT/",
    "https://0.0.0.0:PORT/",
    "https://0:PORT/",
    "https://localhost:PORT/",
    "https://LocalHost:PORT/",
    "https://localhost.:PORT/",
    "https://[::1]:PORT/",
    "https://[::]:PORT/",
    "https://[0:0:0:0:0:0:0:1]:PORT/",
    "https://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/",
    "https://[::ffff:127.0.0.1]:PORT/",
    "https://[::ffff:7f00:1]:PORT/",
    "https://[::127.0.0.1]:PORT/",
    "https://[64:ff9b::127.0.0.1]:PORT/",
    "https://[2002:7f00:1::]:PORT/",
    "https://[::1%25lo]:PORT/",
    "https://[fe80::1%25lo]:PORT/",
    "https://user@127.0.0.1:PORT/",
    "https://user:password@127.0.0.1:PORT/",
    "https://api.example.com@127.0.0.1:PORT/",
    "https://127.0.0.1:PORT#@api.example.com/",
    "https://127.0.0.1:PORT?@api.example.com/",
    "http://127.0.0.1:PORT/",
    "http://localhost:PORT/",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/",
    "ws://127.0.0.1:PORT/",
    "file:///etc/hostname",
    "https:127.0.0.1:PORT",
    "https:///127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "https://127\u30020\u30020\u30021:PORT/",
    "https://\u2460\u2461\u2466.0.0.1:PORT/",
    "https://loc\u00e4lhost:PORT/",
    "https://169.254.169.254/latest/meta-data/",
    "https://[fd00:ec2::254]/latest/meta-data/",
  };

  private static final String[] ADDRESSES = {
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.0.0.2",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1"
  };

  private static final String[] BASE_URLS = {
    "https://127.0.0.1:PORT\\\\@api.example.com",
    "https://api.example.com\\\\.127.0.0.1:PORT",
    "https://127.0.0.1:PORT\\r\\nHost: api.example.com",
    "https://127.0.0.1:PORT /x",
    "https://[127.0.0.1]:PORT",
    "https://[::1",
    "https://::1:PORT",
    "https://[::1%25lo]:PORT",
    "https://127.0.0.1%2f:PORT",
    "https://%6c%6f%63alhost:PORT",
    "https://localhost.:PORT",
    "https://127.1:PORT",
    "https://0x7f.0.0.1:PORT",
    "https://user:password@127.0.0.1:PORT",
    "https://127.0.0.1:PORT/%2e%2e/",
    "https://127.0.0.1:PORT?x=",
    "https://127.0.0.1:PORT#x",
    "https://127.0.0.1:0",
    "https://127.0.0.1:65536",
    "https://-localhost:PORT",
    "https://loc\u00e4lhost:PORT",
    "http+unix://127.0.0.1:PORT",
    "${ $params.url }",
    "https://${ $params.host }:PORT",
    "https://{host}:PORT"
  };

  private static final String[] OTHER_URLS = {
    "https://127.1:PORT/t", "https://user@127.0.0.1:PORT/t", "https://localhost.:PORT/t",
    "file:///etc/passwd", "https://127.0.0.1:PORT/t#x", "https://loc\u00e4lhost:PORT"
  };

  private static final String[] PATHS = {".", "..", ""};

  private static final String[] HEADERS = {
    "a\\r\\nHost: 127.0.0.1",
    "a\\nX: y",
    "a\\rX: y",
    "a\\r\\n\\r\\nGET / HTTP/1.1",
    "\u560a\u560dX: y",
    " a",
    "a\\u007f"
  };

  private static final String[] HEADER_NAMES = {
    "Host",
    "host",
    "Content-Length",
    "Transfer-Encoding",
    "Connection",
    "Upgrade",
    "Proxy-Authorization",
    "X-Forwarded-Host",
    "Via",
    "Expect",
    "TE",
    "X: y",
    "X\\r\\nY",
    "X Y",
    ""
  };

  private static final String[] ANSWERS = {
    "301|Location: http://127.0.0.1:PORT/",
    "302|Location: http://127.0.0.1:PORT/",
    "302|Location: //127.0.0.1:PORT/",
    "302|Location: http://user@127.0.0.1:PORT/",
    "303|Location: http://[::1]:PORT/",
    "305|Location: http://127.0.0.1:PORT/",
    "307|Location: http://127.0.0.1:PORT/",
    "308|Location: http://localhost:PORT/",
    "200|Refresh: 0; url=http://127.0.0.1:PORT/",
    "200|Alt-Svc: h2=\"127.0.0.1:PORT\"",
    "200|Content-Location: http://127.0.0.1:PORT/",
    "401|WWW-Authenticate: Basic realm=\"x\"",
    "407|Proxy-Authenticate: Basic realm=\"x\""
  };

  static Stream<Arguments> hostile() {
    Map<Way, String[]> all = new LinkedHashMap<>();
    all.put(Way.URL, URLS);
    all.put(Way.NAME, ADDRESSES);
    all.put(Way.BASE_URL, BASE_URLS);
    all.put(Way.OTHER_URL, OTHER_URLS);
    all.put(Way.PATH, PATHS);
    all.put(Way.HEADER, HEADERS);
    all.put(Way.HEADER_NAME, HEADER_NAMES);
    all.put(Way.ANSWER, ANSWERS);
    List<Arguments> arguments = new ArrayList<>();
    all.forEach(
        (way, targets) -> {
          for (String target : targets) {
            arguments.add(Arguments.of(way, target));
          }
        });
    return arguments.stream();
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void no_packet_reaches_a_hostile_target(Way way, String target) throws IOException {
    String real = target.replace("PORT", Integer.toString(silence.port()));
    switch (way) {
      case URL -> assertThat(cause(NameServer.SYSTEM, real)).isEqualTo(Exchange.Cause.FORBIDDEN);
      case NAME -> name(InetAddress.ofLiteral(real));
      case BASE_URL -> refused("'base_url': '" + real + "'", "/base_url");
      case OTHER_URL -> {
        String oauth2 = "'client_id': 'a', 'client_secret': {'secret': 'b'}, 'token_url': '";
        String base = "'base_url': 'https://x.example.com', ";
        refused(base + "'auth': {'oauth2': {" + oauth2 + real + "'}}", "/auth/oauth2/token_url");
        refused(base + "'openapi': '" + real + "'", "/openapi");
      }
      case PATH -> params("'path': '/x/{p}/y'", real);
      case HEADER -> params("'headers': {'X-Given': '$params.p'}", real);
      case HEADER_NAME ->
          refused(
              "'base_url': 'https://x.example.com', 'headers': {'" + real + "': 'v'}", "/headers");
      case ANSWER -> answer(real);
    }
    assertThat(silence.knocks()).isZero();
  }

  private static Exchange.Cause cause(NameServer names, String url) throws IOException {
    try (Egress egress = new Egress(names, AllowList.NONE)) {
      Exchange.Request request =
          new Exchange.Request(
              "GET", URI.create(url), Map.of(), null, Duration.ofSeconds(5), WISHES);
      Exchange exchange = egress.send(request);
      assertThat(exchange).isInstanceOf(Exchange.Broken.class);
      return ((Exchange.Broken) exchange).cause();
    }
  }

  private static void name(InetAddress address) throws IOException {
    String url = "https://api.example.com:" + silence.port() + "/";
    InetAddress elsewhere = InetAddress.ofLiteral("93.184.216.34");
    assertThat(cause(host -> new InetAddress[] {address}, url)).isEqualTo(Exchange.Cause.FORBIDDEN);
    // The first one alone would pass; all must.
    assertThat(cause(host -> new InetAddress[] {elsewhere, address}, url))
        .isEqualTo(Exchange.Cause.FORBIDDEN);
  }

  private static void refused(String keys, String path) {
    Object data = Json.read(("{'adapter': 'a', " + keys + "}").replace('\'', '"'));
    byte[] text = Json.write(data).getBytes(StandardCharsets.UTF_8);
    assertThat(DefinitionReader.readText(text).problems())
        .anyMatch(problem -> problem.path().equals(path));
  }

  /**
   * The adapter's own host is the listener, and it is allowed: only the param stands in the way.
   */
  private static void params(String action, String param) throws IOException {
    String definition =
        """
        {'adapter': 'a', 'base_url': 'http://127.0.0.1:%d', 'allow': ['127.0.0.1'],
         'actions': {'go': {%s}}}
        """
            .formatted(silence.port(), action);
    Object params = Json.read("{\"p\": \"" + param + "\"}");
    try (Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8"))) {
      Adapters adapters =
          Calling.adapters(Calling.definitions(definition), Map.of("http", new HttpType(egress)));
      Answer answer = adapters.call(Calling.call("a", "go", params).build());
      assertThat(answer).isInstanceOf(Answer.Refused.class);
      assertThat(((Answer.Refused) answer).failure().type()).isEqualTo("validation");
    }
  }

  /** An allowed service answers, with credentials in the request; nobody else hears of it. */
  private static void answer(String text) throws IOException {
    String[] parts = text.split("\\|", 2);
    String response =
        "HTTP/1.1 " + parts[0] + " X\r\nConnection: close\r\nContent-Length: 0\r\n" + parts[1];
    try (Wire wire = Wire.answering(response + "\r\n\r\n");
        Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8,::1"))) {
      Exchange.Request request =
          new Exchange.Request(
              "GET",
              URI.create("http://127.0.0.1:" + wire.port() + "/"),
              Map.of("Authorization", "Bearer of-the-service"),
              null,
              Duration.ofSeconds(5),
              WISHES);
      Exchange exchange = egress.send(request);
      assertThat(exchange).isInstanceOf(Exchange.Response.class);
      assertThat(((Exchange.Response) exchange).status()).isEqualTo(Integer.parseInt(parts[0]));
      assertThat(wire.requests()).hasSize(1);
    }
  }

  @Test
  void there_are_at_least_sixty_of_them_and_the_listener_would_hear_a_call() throws IOException {
    assertThat(hostile().count()).isGreaterThanOrEqualTo(60);
    try (Egress egress = new Egress(NameServer.SYSTEM, AllowList.parse("127.0.0.0/8"))) {
      URI uri = URI.create("http://127.0.0.1:" + silence.port() + "/");
      egress.send(new Exchange.Request("GET", uri, Map.of(), null, Duration.ofMillis(200), WISHES));
    }
    assertThat(silence.knocks()).isEqualTo(1);
  }

  /** Names are looked up once: what they lead to afterwards is of no importance. */
  @Test
  void a_name_that_is_rebound_between_check_and_connection_gains_nothing() throws IOException {
    List<String> asked = new ArrayList<>();
    NameServer rebinding =
        host -> {
          asked.add(host);
          String address = asked.size() == 1 ? "10.0.0.1" : "127.0.0.1";
          return new InetAddress[] {InetAddress.ofLiteral(address)};
        };
    assertThat(cause(rebinding, "https://rebind.example.com:" + silence.port() + "/"))
        .isEqualTo(Exchange.Cause.FORBIDDEN);
    assertThat(asked).hasSize(1);
    assertThat(silence.knocks()).isZero();
  }
}
