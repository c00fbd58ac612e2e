package io.orchestrator.functions;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.engine.Settings;
import io.orchestrator.store.ApprovalReads;
import io.orchestrator.store.ArchiveRows;
import io.orchestrator.store.AuditReads;
import io.orchestrator.store.AuditRows;
import io.orchestrator.store.AuditSealer;
import io.orchestrator.store.AuditVerification;
import io.orchestrator.store.BulkOrders;
import io.orchestrator.store.CircuitRows;
import io.orchestrator.store.ExecutionReads;
import io.orchestrator.store.FlowSearch;
import io.orchestrator.store.HaltedReads;
import io.orchestrator.store.HealthRows;
import io.orchestrator.store.Pool;
import io.orchestrator.store.PostgresExecutionStore;
import io.orchestrator.store.ScheduleRows;
import io.orchestrator.store.Summary;
import io.orchestrator.store.SummaryReads;
import io.orchestrator.store.Sweeps;
import io.orchestrator.store.TrialRows;

/**
 * What PostgreSQL keeps, each part over the pool of who uses it: the engine's role, and for what is
 * done on behalf of a client the API's. Lists, searches and figures come from the reader, if there
 * is one, and may be a moment old; everything else is asked of the writer, so that a client finds
 * what it has just made.
 */
final class Stores implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 8;

  private final Keyring keys;
  private final Connections engine;
  private final Connections api;
  private final Connections reader;
  private final boolean serves;
  private final Lazy<PostgresExecutionStore> executions;

  /**
   * Opens nothing yet.
   *
   * @param serves whether clients are served here; else everything is the engine's
   */
  Stores(Settings.Database database, boolean serves, Keyring keys) {
    this.keys = keys;
    this.serves = serves;
    this.engine = new Connections(() -> open(database.url(), database.engine()));
    this.api = new Connections(() -> open(database.url(), database.api()));
    this.reader =
        database.readerUrl().equals(database.url())
            ? api
            : new Connections(() -> open(database.readerUrl(), database.api()));
    this.executions = new Lazy<>(() -> new PostgresExecutionStore(engine));
  }

  private HikariDataSource open(String url, Settings.Login login) {
    boolean proxied = url.contains(".proxy-");
    return Pool.open(
        new Pool.Settings(
            url, login.user(), keys.system(login.secret()), CONNECTIONS_MAX, proxied));
  }

  /** Where the engine's role works. */
  Connections engine() {
    return engine;
  }

  /** Where rows of a tenant are kept on behalf of who is served. */
  Connections rows() {
    return serves ? api : engine;
  }

  private Connections lists() {
    return serves ? reader : engine;
  }

  PostgresExecutionStore executions() {
    return executions.get();
  }

  // -- on behalf of a client

  /** Executions as they are now. */
  ExecutionReads reads() {
    return new ExecutionReads(rows());
  }

  /** Executions as they were a moment ago, for lists of them. */
  ExecutionReads listed() {
    return new ExecutionReads(lists());
  }

  HaltedReads halted() {
    return new HaltedReads(lists());
  }

  FlowSearch search() {
    return new FlowSearch(lists());
  }

  SummaryReads figures() {
    return new SummaryReads(lists());
  }

  AuditReads auditReads() {
    return new AuditReads(lists());
  }

  /** Compares with what was sealed last: a reader that is behind would look like a loss. */
  AuditVerification auditVerification() {
    return new AuditVerification(rows());
  }

  BulkOrders bulkOrders() {
    return new BulkOrders(rows());
  }

  CircuitRows circuits() {
    return new CircuitRows(rows());
  }

  HealthRows health() {
    return new HealthRows(rows());
  }

  ApprovalReads approvals() {
    return new ApprovalReads(rows());
  }

  ScheduleRows schedules() {
    return new ScheduleRows(rows());
  }

  // -- for the engine and the sweeper

  ScheduleRows schedulesToAttend() {
    return new ScheduleRows(engine);
  }

  BulkOrders ordersToWork() {
    return new BulkOrders(engine);
  }

  ExecutionReads readsForWork() {
    return new ExecutionReads(engine);
  }

  /** Trials, as the sweeper guards them. */
  TrialRows trials() {
    return new TrialRows(engine);
  }

  /** Health checks, as the sweeper makes them. */
  HealthRows healthToCheck() {
    return new HealthRows(engine);
  }

  AuditRows auditRows() {
    return new AuditRows(engine);
  }

  AuditSealer auditSealer() {
    return new AuditSealer(engine);
  }

  ArchiveRows archiveRows() {
    return new ArchiveRows(engine);
  }

  Summary summary() {
    return new Summary(engine);
  }

  Sweeps sweeps() {
    return new Sweeps(engine);
  }

  /** Closes what is open; it opens again when it is needed. */
  @Override
  public void close() {
    engine.close();
    api.close();
    reader.close();
  }
}
