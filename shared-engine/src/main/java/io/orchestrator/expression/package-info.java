/**
 * The expression language: JSON in, JSON out, total and pure.
 *
 * <p>Data is plain Java: {@code null}, {@link java.lang.Boolean}, {@link java.lang.String}, {@link
 * java.lang.Long} for an integer that fits, {@link java.math.BigDecimal} for every other number,
 * {@link java.util.List} and an insertion-ordered {@link java.util.Map} with string keys.
 */
package io.orchestrator.expression;
