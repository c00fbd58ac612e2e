/** Adapters that speak to AWS over its own wire, signed. */
package io.orchestrator.adapter.aws;
