/**
 * The {@code sandbox} type of adapters, which answers by itself, and the definitions that are built
 * in with it.
 */
package io.orchestrator.adapter.sandbox;
