package io.orchestrator.adapter.aws;

import io.orchestrator.adapter.http.Exchange;
import java.util.LinkedHashMap;
import java.util.Map;

/** The JSON of AWS, which goes by other names than {@code application/json}. */
public final class AwsJson {
  private AwsJson() {}

  /** The same response under the usual name. */
  public static Exchange.Response plain(Exchange.Response response) {
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.put("content-type", "application/json");
    return new Exchange.Response(response.status(), headers, response.body());
  }
}
