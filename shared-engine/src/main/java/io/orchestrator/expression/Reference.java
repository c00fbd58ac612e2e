package io.orchestrator.expression;

import java.util.List;

/**
 * One {@code $root.field} in an expression: its root, the constant fields behind it, its offset in
 * characters.
 */
public record Reference(String root, List<String> fields, int offset) {}
