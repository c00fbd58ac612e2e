/** Where the histories of executions go before the database forgets them. */
package io.orchestrator.archive;
