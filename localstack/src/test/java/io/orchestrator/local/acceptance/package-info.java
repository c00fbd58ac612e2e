/** What a user sees of the whole system, over HTTP, on real parts. */
package io.orchestrator.local.acceptance;
