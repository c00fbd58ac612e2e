package io.orchestrator.expression;

/**
 * A secret's name in filled data. It is a type of its own, so that input that merely looks like
 * {@code {secret: name}} never becomes one; the value is resolved at the moment of the call and is
 * never data.
 */
public record Secret(String name) {}
