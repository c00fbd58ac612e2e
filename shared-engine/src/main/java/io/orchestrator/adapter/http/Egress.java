package io.orchestrator.adapter.http;

import io.orchestrator.adapter.AllowList;
import io.orchestrator.adapter.BaseUrl;
import io.orchestrator.adapter.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The only way out of the house: one HTTP client for all adapters. It goes to public addresses over
 * TLS and to what is allowed besides, follows no redirect, keeps no cookie, asks no proxy, and
 * gives up in time. Any number of threads.
 */
public final class Egress implements AutoCloseable {
  private static final int COPY_BYTES = 8 * 1_024;

  private final NameServer names;
  private final AddressPolicy policy;
  private final ScheduledThreadPoolExecutor watchdog;
  private volatile CloseableHttpClient client;

  /**
   * @param deployment what definitions may allow at most; {@link AllowList#NONE} in the cloud
   */
  public Egress(NameServer names, AllowList deployment) {
    this.names = names;
    this.policy = new AddressPolicy(deployment);
    this.watchdog =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("egress-watchdog").factory());
    watchdog.setRemoveOnCancelPolicy(true);
  }

  /** Looks at a response while it comes. */
  @FunctionalInterface
  public interface Enough {
    /** The whole of it, as long as it may be. */
    Enough NEVER = (headers, some, count) -> false;

    /** Whether what came now, the first {@code count} bytes, makes the rest needless. */
    boolean has(Map<String, String> headers, byte[] some, int count);
  }

  /** Makes one request, once. Every end is a value. */
  public Exchange send(Exchange.Request request) {
    return send(request, Enough.NEVER);
  }

  /** The same, for a response that may go on after what is wanted of it: then it is cut off. */
  public Exchange send(Exchange.Request request, Enough enough) {
    long deadline = System.nanoTime() + request.timeout().toNanos();
    URI uri = request.uri();
    boolean https = "https".equals(uri.getScheme());
    String written = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    String host = written.startsWith("[") ? written.substring(1, written.length() - 1) : written;
    int port = uri.getPort() > 0 ? uri.getPort() : https ? 443 : 80;
    boolean http = "http".equals(uri.getScheme());
    if ((!https && !http) || uri.getRawUserInfo() != null || !BaseUrl.isPlainHost(written)) {
      return new Exchange.Broken(Exchange.Cause.FORBIDDEN, "only plain https URLs can be called");
    }
    try {
      List<InetAddress> addresses = resolve(host, deadline);
      for (InetAddress address : addresses) {
        if (!policy.permits(https, host, address, port, request.allow())) {
          // The address itself is not told: it may be a fact of somebody's network.
          return new Exchange.Broken(
              Exchange.Cause.FORBIDDEN, "adapters may not reach " + host + " at port " + port);
        }
      }
      return sendTo(addresses, host, port, request, enough, deadline);
    } catch (UnknownHostException unknown) {
      return new Exchange.Broken(Exchange.Cause.UNREACHABLE, "there is no host " + host);
    } catch (TimeoutException late) {
      return timeout(request);
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      return new Exchange.Broken(Exchange.Cause.INTERRUPTED, "the call was interrupted");
    }
  }

  /**
   * Tries the checked addresses in order until one takes the connection; what was sent is never
   * sent twice.
   */
  private Exchange sendTo(
      List<InetAddress> addresses,
      String host,
      int port,
      Exchange.Request request,
      Enough enough,
      long deadline) {
    Exchange last = null;
    for (InetAddress address : addresses) {
      // With its address in it, the target is not looked up again, and connections are pooled by
      // address as well.
      HttpHost target = new HttpHost(request.uri().getScheme(), address, host, port);
      Attempt attempt = new Attempt(request, enough, deadline);
      last = attempt.run(target);
      if (!attempt.notConnected) {
        return last;
      }
    }
    return last;
  }

  private List<InetAddress> resolve(String host, long deadline)
      throws UnknownHostException, TimeoutException, InterruptedException {
    FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> names.addresses(host));
    Thread.ofVirtual().name("egress-lookup").start(lookup);
    return List.of(await(lookup, host, deadline));
  }

  private static InetAddress[] await(Future<InetAddress[]> lookup, String host, long deadline)
      throws UnknownHostException, TimeoutException, InterruptedException {
    try {
      return lookup.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new IllegalStateException("looking up " + host + " broke", failed.getCause());
    }
  }

  private static Exchange.Broken timeout(Exchange.Request request) {
    String message = "no whole answer within " + request.timeout().toMillis() + " ms";
    return new Exchange.Broken(Exchange.Cause.TIMEOUT, message);
  }

  /** One request to one address. */
  private final class Attempt {
    private final Exchange.Request request;
    private final Enough enough;
    private final long deadline;
    private final HttpUriRequestBase message;
    private volatile boolean expired;
    private boolean notConnected;
    private Exchange.Response cut;

    Attempt(Exchange.Request request, Enough enough, long deadline) {
      this.request = request;
      this.enough = enough;
      this.deadline = deadline;
      this.message = new HttpUriRequestBase(request.method(), request.uri());
      request.headers().forEach(message::setHeader);
      if (request.body() != null) {
        message.setEntity(new ByteArrayEntity(request.body(), null));
      }
    }

    Exchange run(HttpHost target) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (!left.isPositive()) {
        return timeout(request);
      }
      message.setConfig(config(left));
      // Socket timeouts bound each read only: a server that sends a byte a second would hold us for
      // ever.
      Future<?> watch = watchdog.schedule(this::expire, left.toNanos(), TimeUnit.NANOSECONDS);
      try {
        return client().execute(target, message, null, this::read);
      } catch (IOException broken) {
        if (cut != null) {
          return cut;
        }
        notConnected = broken instanceof ConnectException && !expired;
        return Failures.broken(broken, expired, request);
      } catch (IllegalStateException cancelled) {
        // The client takes a connection that expires while it is opened for a mistake of its own.
        if (!expired) {
          throw cancelled;
        }
        return timeout(request);
      } finally {
        watch.cancel(false);
      }
    }

    private void expire() {
      expired = true;
      message.cancel();
    }

    private Exchange.Response read(ClassicHttpResponse response) throws IOException, HttpException {
      Map<String, String> headers = new LinkedHashMap<>();
      for (Header header : response.getHeaders()) {
        String value = header.getValue() == null ? "" : visible(header.getValue());
        headers.merge(
            header.getName().toLowerCase(Locale.ROOT),
            value,
            (first, second) -> first + ", " + second);
      }
      InputStream stream = response.getEntity() == null ? null : response.getEntity().getContent();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      boolean whole = stream == null || copy(stream, headers, all);
      Exchange.Response read =
          new Exchange.Response(response.getCode(), headers, all.toByteArray());
      if (!whole) {
        // The client would read on to the end before it gives the connection back.
        cut = read;
        message.cancel();
      }
      return read;
    }

    /** False if the rest was not wanted. */
    private boolean copy(InputStream stream, Map<String, String> headers, ByteArrayOutputStream all)
        throws IOException {
      byte[] some = new byte[COPY_BYTES];
      for (int count = stream.read(some); count >= 0; count = stream.read(some)) {
        all.write(some, 0, count);
        if (all.size() > Limits.RESPONSE_BYTES_MAX) {
          // Closing the stream would read on to the end; cancelling cuts the connection.
          message.cancel();
          throw new Failures.TooLarge();
        }
        if (enough.has(headers, some, count)) {
          return false;
        }
      }
      return true;
    }
  }

  private static String visible(String header) {
    return header.codePoints().anyMatch(Character::isISOControl)
        ? header.replaceAll("\\p{Cntrl}", " ")
        : header;
  }

  private static RequestConfig config(Duration left) {
    Timeout timeout = Timeout.ofMilliseconds(Math.max(1, left.toMillis()));
    return RequestConfig.custom()
        .setConnectionRequestTimeout(timeout)
        .setResponseTimeout(timeout)
        .setConnectionKeepAlive(TimeValue.ofSeconds(20))
        .setRedirectsEnabled(false)
        .setAuthenticationEnabled(false)
        .setExpectContinueEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  /** Built at the first call, because a process that makes none should not load it. */
  private CloseableHttpClient client() {
    CloseableHttpClient built = client;
    if (built == null) {
      synchronized (this) {
        built = client;
        if (built == null) {
          built = build();
          client = built;
        }
      }
    }
    return built;
  }

  private static CloseableHttpClient build() {
    Http1Config bounds =
        Http1Config.custom()
            .setMaxLineLength(Limits.HEADER_LINE_CHARACTERS_MAX)
            .setMaxHeaderCount(Limits.HEADER_LINES_MAX)
            .setMaxEmptyLineCount(10)
            .build();
    ConnectionConfig connections =
        ConnectionConfig.custom()
            .setTimeToLive(TimeValue.ofMinutes(5))
            .setValidateAfterInactivity(TimeValue.ofMilliseconds(100))
            .setConnectTimeout(Timeout.ofSeconds(10))
            .build();
    PoolingHttpClientConnectionManagerBuilder pool =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder().http1Config(bounds).build())
            .setDefaultConnectionConfig(connections)
            .setDnsResolver(new NoLookup())
            .setTlsSocketStrategy(new TlsAtFirstUse())
            .setMaxConnTotal(Limits.CONNECTIONS_MAX)
            .setMaxConnPerRoute(Limits.CONNECTIONS_PER_ADDRESS_MAX);
    return HttpClientBuilder.create()
        .setConnectionManager(pool.build())
        .setUserAgent("orchestrator")
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableConnectionState()
        .disableContentCompression()
        .build();
  }

  /** Refuses to look up a host behind the check's back. */
  private static final class NoLookup extends SystemDefaultDnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      throw new UnknownHostException(host);
    }
  }

  /**
   * The usual TLS, set up at the first https call: reading the trusted certificates is a good part
   * of a cold start, and a process that makes none should not pay it.
   */
  private static final class TlsAtFirstUse implements TlsSocketStrategy {
    private TlsSocketStrategy usual;

    @Override
    public SSLSocket upgrade(
        Socket socket, String host, int port, Object attachment, HttpContext context)
        throws IOException {
      return usual().upgrade(socket, host, port, attachment, context);
    }

    private synchronized TlsSocketStrategy usual() {
      if (usual == null) {
        usual = DefaultClientTlsStrategy.createDefault();
      }
      return usual;
    }
  }

  @Override
  public void close() throws IOException {
    watchdog.shutdownNow();
    CloseableHttpClient built = client;
    if (built != null) {
      built.close();
    }
  }
}
