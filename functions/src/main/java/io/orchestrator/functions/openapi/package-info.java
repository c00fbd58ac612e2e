/**
 * The words in which the API describes itself: shapes of values, contracts of routes, and the
 * OpenAPI document that is made of them.
 */
package io.orchestrator.functions.openapi;
