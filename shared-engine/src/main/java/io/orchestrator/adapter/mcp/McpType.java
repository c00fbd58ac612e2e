package io.orchestrator.adapter.mcp;

import io.orchestrator.adapter.AdapterType;
import io.orchestrator.adapter.Invocation;
import io.orchestrator.adapter.Reply;
import io.orchestrator.adapter.http.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adapters of type {@code mcp}: they call a tool of an MCP server over streamable HTTP. Every call
 * has a session of its own, so that no execution sees what another one left in a server.
 */
public final class McpType implements AdapterType {
  private static final int PAGES_MAX = 20;

  private final Line line;

  public McpType(Line line) {
    this.line = line;
  }

  @Override
  public Reply call(Invocation invocation) {
    try (McpSession session = new McpSession(line, invocation)) {
      session.open();
      return invocation.action().name().equals("list_tools")
          ? tools(session)
          : called(session, invocation);
    } catch (McpSession.Over over) {
      return over.reply();
    } catch (Line.Unwritable complaint) {
      return complaint.reply();
    }
  }

  private static Reply tools(McpSession session) throws McpSession.Over, Line.Unwritable {
    List<Object> tools = new ArrayList<>();
    Object cursor = null;
    for (int page = 0; page < PAGES_MAX && (page == 0 || cursor != null); page++) {
      Map<?, ?> result =
          session.ask("tools/list", cursor == null ? Map.of() : Map.of("cursor", cursor));
      tools.addAll(result.get("tools") instanceof List<?> list ? list : List.of());
      cursor = result.get("nextCursor");
    }
    return Reply.ok(Map.of("tools", tools));
  }

  private static Reply called(McpSession session, Invocation invocation)
      throws McpSession.Over, Line.Unwritable {
    Object asked = invocation.asked();
    if (!(asked instanceof Map<?, ?> params) || !(params.get("tool") instanceof String tool)) {
      throw McpSession.Over.because("validation", "the param tool names the tool", false);
    }
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("name", tool);
    wanted.put("arguments", params.get("arguments") == null ? Map.of() : params.get("arguments"));
    Map<?, ?> result = session.ask("tools/call", wanted);
    List<?> content = result.get("content") instanceof List<?> list ? list : List.of();
    String text = text(content);
    if (Boolean.TRUE.equals(result.get("isError"))) {
      throw McpSession.Over.because(
          invocation.definition().adapter() + ".tool_error",
          "the tool " + tool + " failed" + (text.isEmpty() ? "" : ": " + text),
          false);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("text", text);
    answer.put("data", result.get("structuredContent"));
    answer.put("content", content);
    return Reply.ok(answer);
  }

  private static String text(List<?> content) {
    List<String> texts = new ArrayList<>();
    for (Object block : content) {
      if (block instanceof Map<?, ?> map && map.get("text") instanceof String text) {
        texts.add(text);
      }
    }
    return String.join("\n", texts);
  }
}
