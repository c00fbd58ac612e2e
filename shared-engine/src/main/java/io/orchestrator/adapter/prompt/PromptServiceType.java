package io.orchestrator.adapter.prompt;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.expression.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adapters of type {@code prompt_service}: calls over HTTP, where the answer to a GET is good for
 * five minutes. Prompts change seldom and are needed by every execution; a change is seen when that
 * time is over, and a definition that changes is asked anew at once. Each process keeps its own.
 */
public final class PromptServiceType implements AdapterType {
  private static final Duration KEPT = Duration.ofMinutes(5);
  private static final int KEPT_MAX = 500;
  private static final int KEPT_BYTES_MAX = 64 * 1_024;

  private final AdapterType http;

  private final Map<Question, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Known> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /**
   * @param http makes the calls
   */
  public PromptServiceType(AdapterType http) {
    this.http = http;
  }

  private record Question(
      String tenant, Map<String, Object> definition, String action, Object params) {}

  private record Known(Reply.Answered reply, Instant at) {
    boolean isFresh(Instant now) {
      return !now.isBefore(at) && now.isBefore(at.plus(KEPT));
    }
  }

  @Override
  public Reply call(Invocation invocation) {
    if (!invocation.action().method().equals("GET")) {
      return http.call(invocation);
    }
    Question question =
        new Question(
            invocation.call().tenant(),
            invocation.definition().data(),
            invocation.action().name(),
            invocation.call().params());
    Known answer = get(question);
    if (answer != null && answer.isFresh(invocation.now())) {
      return answer.reply();
    }
    Reply reply = http.call(invocation);
    if (reply instanceof Reply.Answered answered && answered.status() == 200) {
      keep(question, answered, invocation);
    }
    return reply;
  }

  private Known get(Question question) {
    synchronized (known) {
      return known.get(question);
    }
  }

  /** A later call knows no secret of this one, so what is kept holds none. */
  private void keep(Question question, Reply.Answered answered, Invocation invocation) {
    Object body = invocation.vault().mask(answered.body());
    if (Json.bytes(body, KEPT_BYTES_MAX) <= KEPT_BYTES_MAX) {
      Map<String, Object> headers = new LinkedHashMap<>(answered.headers());
      headers.replaceAll((name, value) -> invocation.vault().mask(value));
      Reply.Answered kept = new Reply.Answered(answered.status(), headers, body);
      synchronized (known) {
        known.put(question, new Known(kept, invocation.now()));
      }
    }
  }
}
