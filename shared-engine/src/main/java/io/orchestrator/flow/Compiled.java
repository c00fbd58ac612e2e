package io.orchestrator.flow;

import java.util.Map;

/**
 * A flow that can be published.
 *
 * @param bindings what its names mean, as plain data; stored with the version and read by {@link
 *     FrozenNames}
 */
public record Compiled(Plan plan, Map<String, Object> bindings) {}
