package io.orchestrator.functions;

/** The routes of {@link ApiFunction}, each with the resource that answers it. */
final class Api {
  private final Front front;
  private final FlowsResource flows;
  private final SearchResource search;
  private final VersionsResource versions;
  private final RoutingResource routing;
  private final StepsResource steps;
  private final TemplatesResource templates;
  private final RehearsalsResource rehearsals;
  private final ExecutionsResource executions;
  private final AdaptersResource adapters;
  private final AdapterCallResource calls;
  private final AdapterHealthResource adapterHealth;
  private final ExplainResource explanations;
  private final HealthResource health;
  private final SchedulesResource schedules;
  private final RepairsResource repairs;
  private final RevealResource reveals;
  private final BulkResource bulk;
  private final FollowingResource following;
  private final FailuresResource failures;
  private final WordsResource words;
  private final InboxResource inbox;
  private final AuditResource audit;
  private final AnalyticsResource analytics;

  Api(Wiring wiring) {
    Stores stores = wiring.stores();
    this.front = wiring.front();
    this.executions =
        new ExecutionsResource(stores.reads(), stores.listed(), wiring.catalog(), wiring.engine());
    this.rehearsals = new RehearsalsResource(wiring.catalog(), wiring.definitions());
    this.schedules = new SchedulesResource(stores.schedules());
    this.flows =
        new FlowsResource(wiring.catalog(), wiring.engine(), executions, rehearsals, schedules);
    this.search = new SearchResource(stores.search(), wiring.catalog());
    this.versions = new VersionsResource(wiring.catalog());
    this.routing = new RoutingResource(wiring.catalog());
    this.steps = new StepsResource(wiring.catalog().library());
    this.templates = new TemplatesResource(wiring.catalog(), wiring.templates());
    this.adapters = wiring.adapterRegistry();
    this.calls =
        new AdapterCallResource(wiring.definitions(), wiring.adapters(), stores.auditRows());
    this.adapterHealth = wiring.adapterHealth();
    this.explanations = new ExplainResource(stores.reads(), wiring.catalog());
    this.repairs = new RepairsResource(stores.reads(), wiring.engine());
    this.reveals = new RevealResource(wiring.engine(), stores.auditRows());
    this.bulk = new BulkResource(stores.bulkOrders(), stores.listed(), wiring.engine());
    this.following = new FollowingResource(stores.reads());
    this.failures = new FailuresResource(stores.halted());
    this.words = new WordsResource(stores.reads(), wiring.engine());
    this.inbox = new InboxResource(stores.approvals());
    this.audit = wiring.audit();
    this.analytics = new AnalyticsResource(wiring.catalog(), wiring.analytics());
    this.health = new HealthResource(wiring);
  }

  Reply answer(Request request) {
    return front.answer(Route.Server.API, request, this::answer);
  }

  private Reply answer(Visit visit) {
    return switch (visit.route()) {
      case PUBLISH_FLOW -> flows.publish(visit);
      case LIST_FLOWS -> search.list(visit);
      case VALIDATE_FLOW -> flows.validate(visit);
      case GET_FLOW -> flows.get(visit);
      case UPDATE_FLOW -> flows.update(visit);
      case RETIRE_FLOW -> routing.retire(visit);
      case LIST_VERSIONS -> versions.list(visit);
      case GET_VERSION -> versions.get(visit);
      case DIFF_FLOW -> versions.diff(visit);
      case FLOW_FACETS -> search.facets(visit);
      case ROUTE_FLOW -> routing.route(visit);
      case ACTIVATE_FLOW -> routing.activate(visit);
      case ROLLBACK_FLOW -> routing.rollback(visit);
      case CLONE_FLOW -> templates.copy(visit);
      case TEST_FLOW -> rehearsals.test(visit);
      case DRY_RUN_FLOW -> rehearsals.dryRun(visit);
      case EXECUTE_FLOW -> flows.execute(visit);
      case LIST_EXECUTIONS -> executions.list(visit);
      case GET_EXECUTION -> executions.get(visit);
      case GET_HISTORY -> executions.history(visit);
      case EXPLAIN_EXECUTION -> explanations.explain(visit);
      case CANCEL_EXECUTION -> executions.cancel(visit);
      case PAUSE_EXECUTION -> executions.pause(visit);
      case RESUME_EXECUTION -> executions.resume(visit);
      case LIST_SCHEDULES -> schedules.list(visit);
      case LIST_ADAPTERS -> adapters.list(visit);
      case GET_ADAPTER -> adapters.get(visit);
      case PUT_ADAPTER -> adapters.put(visit);
      case DELETE_ADAPTER -> adapters.delete(visit);
      case LIST_ADAPTER_REVISIONS -> adapters.revisions(visit);
      case CALL_ADAPTER -> calls.call(visit);
      case GET_ADAPTER_HEALTH -> adapterHealth.get(visit);
      case SET_CIRCUIT -> adapterHealth.setCircuit(visit);
      case LIST_STEPS -> steps.list(visit);
      case GET_STEP -> steps.get(visit);
      case PUT_STEP -> steps.put(visit);
      case DELETE_STEP -> steps.delete(visit);
      case LIST_TEMPLATES -> templates.list(visit);
      case GET_TEMPLATE -> templates.get(visit);
      case PUT_TEMPLATE -> templates.put(visit);
      case DELETE_TEMPLATE -> templates.delete(visit);
      case INSTANTIATE_TEMPLATE -> templates.instantiate(visit);
      case ME -> MeResource.get(visit);
      case OPENAPI -> SchemaResource.openApi();
      case FLOW_SCHEMA -> SchemaResource.flow();
      case HEALTH -> health.get();
      case FOLLOW_EXECUTION -> following.follow(visit);
      case LIST_FAILURES -> failures.list(visit);
      case ORDER_BULK -> bulk.order(visit);
      case GET_BULK -> bulk.get(visit);
      case CONTINUE_BULK -> bulk.goOn(visit);
      case STOP_BULK -> bulk.stop(visit);
      case RETRY_EXECUTION -> repairs.retry(visit);
      case RERUN_EXECUTION -> repairs.rerun(visit);
      case ROLLBACK_EXECUTION -> repairs.rollback(visit);
      case REVEAL_EXECUTION -> reveals.reveal(visit);
      case COMPLETE_STEP -> repairs.complete(visit);
      case FAIL_STEP -> repairs.fail(visit);
      case SKIP_STEP -> repairs.skip(visit);
      case SEND_SIGNAL -> words.signal(visit);
      case SEND_EVENT -> words.event(visit);
      case LIST_APPROVALS -> inbox.list(visit);
      case ANALYZE_FLOW -> analytics.get(visit);
      case LIST_AUDIT -> audit.list(visit);
      case VERIFY_AUDIT -> audit.verify(visit);
      case EXPORT_AUDIT -> audit.export(visit);
      case HOOK, CALLBACK, GET_APPROVAL, DECIDE_APPROVAL ->
          throw new IllegalStateException(visit.route() + " is served elsewhere");
    };
  }
}
