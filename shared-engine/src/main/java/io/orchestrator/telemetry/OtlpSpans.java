package io.orchestrator.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends spans to a collector by OTLP over HTTP, through OpenTelemetry's SDK. The only class that
 * knows the SDK, together with {@link Gathered}: without a collector neither is ever loaded.
 */
public final class OtlpSpans implements Spans {
  private static final Duration CONNECT_MAX = Duration.ofMillis(500);
  private static final String PATH = "/v1/traces";

  private final String endpoint;
  private final Map<String, String> headers;
  private final Map<String, String> resource;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile Open open;

  private record Open(SdkTracerProvider provider, Tracer tracer, Gathered gathered) {}

  /** The ids that the span which this thread is just making has to have. */
  private static final class GivenIds implements IdGenerator {
    private static final ThreadLocal<String> CONTEXT = new ThreadLocal<>();

    @Override
    public String generateSpanId() {
      return Trace.spanId(CONTEXT.get());
    }

    @Override
    public String generateTraceId() {
      return Trace.traceId(CONTEXT.get());
    }
  }

  /**
   * Opens nothing before the first span.
   *
   * @param endpoint of the collector, as OTEL_EXPORTER_OTLP_ENDPOINT has it: {@code /v1/traces} is
   *     put behind it
   * @param headers of every request to it
   * @param resource what describes this process
   */
  public OtlpSpans(String endpoint, Map<String, String> headers, Map<String, String> resource) {
    this.endpoint = endpoint.replaceAll("/+$", "") + PATH;
    this.headers = Map.copyOf(headers);
    this.resource = Map.copyOf(resource);
  }

  @Override
  public boolean wanted() {
    return true;
  }

  @Override
  public void over(Span span) {
    if (!Trace.isSampled(span.context())) {
      return;
    }
    SpanBuilder builder = open().tracer().spanBuilder(span.name()).setSpanKind(kind(span.kind()));
    if (span.parent() == null) {
      builder.setNoParent();
    } else {
      builder.setParent(
          Context.root()
              .with(io.opentelemetry.api.trace.Span.wrap(remote(span.context(), span.parent()))));
    }
    span.links().forEach(link -> builder.addLink(remote(link, Trace.spanId(link))));
    builder.setAllAttributes(attributes(span.attributes()));
    builder.setStartTimestamp(span.begun());
    GivenIds.CONTEXT.set(span.context());
    io.opentelemetry.api.trace.Span made;
    try {
      made = builder.startSpan();
    } finally {
      GivenIds.CONTEXT.remove();
    }
    if (span.error() != null) {
      made.setAttribute("error.type", span.error());
      made.setStatus(StatusCode.ERROR);
    }
    made.end(span.ended().isBefore(span.begun()) ? span.begun() : span.ended());
  }

  @Override
  public void flush() {
    Open now = open;
    if (now != null) {
      now.gathered().flush();
    }
  }

  /** Sends the rest; the next span opens it again. */
  @Override
  public void close() {
    opening.lock();
    try {
      if (open != null) {
        open.gathered().flush();
        open.provider().close();
        open = null;
      }
    } finally {
      opening.unlock();
    }
  }

  private Open open() {
    Open now = open;
    if (now != null) {
      return now;
    }
    opening.lock();
    try {
      if (open == null) {
        open = opened();
      }
      return open;
    } finally {
      opening.unlock();
    }
  }

  private Open opened() {
    // One try is enough: an invocation must not wait long for what it merely tells.
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint)
            .setConnectTimeout(CONNECT_MAX)
            .setTimeout(Gathered.EXPORT_MAX)
            .setRetryPolicy(null)
            .setMeterProvider(MeterProvider.noop());
    headers.forEach(exporter::addHeader);
    Gathered gathered = new Gathered(exporter.build(), endpoint);
    AttributesBuilder process = Attributes.builder();
    resource.forEach(process::put);
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(process.build())))
            .setIdGenerator(new GivenIds())
            .setSampler(Sampler.alwaysOn()) // decided before, by the flag of the trace
            .addSpanProcessor(gathered)
            .build();
    return new Open(provider, provider.get("io.orchestrator"), gathered);
  }

  private static SpanKind kind(Span.Kind kind) {
    return switch (kind) {
      case SERVER -> SpanKind.SERVER;
      case CLIENT -> SpanKind.CLIENT;
      case CONSUMER -> SpanKind.CONSUMER;
      case INTERNAL -> SpanKind.INTERNAL;
    };
  }

  private static SpanContext remote(String context, String span) {
    return SpanContext.createFromRemoteParent(
        Trace.traceId(context), span, TraceFlags.getSampled(), state(Trace.state(context)));
  }

  private static TraceState state(String header) {
    if (header.isEmpty()) {
      return TraceState.getDefault();
    }
    String[] members = header.split(",", -1);
    TraceStateBuilder state = TraceState.builder();
    for (int i = members.length - 1; i >= 0; i--) { // each is put before those that are there
      int equals = members[i].indexOf('=');
      if (equals > 0) {
        state.put(members[i].substring(0, equals).strip(), members[i].substring(equals + 1));
      }
    }
    return state.build();
  }

  private static Attributes attributes(Map<String, Object> attributes) {
    AttributesBuilder builder = Attributes.builder();
    attributes.forEach(
        (name, value) -> {
          switch (value) {
            case null -> {}
            case Long number -> builder.put(AttributeKey.longKey(name), number);
            case Boolean flag -> builder.put(AttributeKey.booleanKey(name), flag);
            default -> builder.put(name, value.toString());
          }
        });
    return builder.build();
  }
}
