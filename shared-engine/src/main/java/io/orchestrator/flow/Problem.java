package io.orchestrator.flow;

/**
 * One thing that is wrong with a text, in the one error shape of the product.
 *
 * @param code stable, listed in docs/errors.md
 * @param path RFC 6901 pointer into the document, empty for the whole
 * @param line from 1, 0 if unknown
 * @param column from 1, 0 if unknown
 * @param hint what to write instead; empty if there is nothing to suggest
 */
public record Problem(
    String code, String path, int line, int column, String message, String hint) {}
