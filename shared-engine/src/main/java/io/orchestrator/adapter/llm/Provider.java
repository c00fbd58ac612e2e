package io.orchestrator.adapter.llm;

import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.aws.AwsSigner;
import io.orchestrator.adapter.http.Exchange;
import io.orchestrator.adapter.http.Line;
import java.util.Map;

/** How one provider of models is spoken to. Any number of threads. */
interface Provider {
  /** The request of a turn. */
  Exchange.Request request(Prompt prompt, Invocation invocation)
      throws Line.Unwritable, AwsSigner.Unsigned;

  /** The turn in the body of a success. */
  Turn turn(Map<?, ?> body);

  /** What a response other than a success is. */
  Reply refused(Exchange.Response response, Invocation invocation);
}
