package io.orchestrator.functions;

import io.orchestrator.access.Permission.Action;
import io.orchestrator.functions.openapi.Contract;
import io.orchestrator.functions.openapi.OpenApi;
import io.orchestrator.functions.openapi.Operation;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What every route takes and answers, one entry a route, in a file a concern. The OpenAPI document
 * is made of it, and the tests hold every request and answer against it. Nothing of it is loaded
 * before somebody asks for the document.
 */
final class Contracts {
  private static final Map<Route, Contract> ALL = all();

  private Contracts() {}

  private static Map<Route, Contract> all() {
    Map<Route, Contract> all = new EnumMap<>(Route.class);
    FlowContracts.into(all);
    CatalogContracts.into(all);
    LibraryContracts.into(all);
    ExecutionContracts.into(all);
    RepairContracts.into(all);
    AdapterContracts.into(all);
    AdapterHealthContracts.into(all);
    AnalyticsContracts.into(all);
    AuditContracts.into(all);
    OutsideContracts.into(all);
    ScheduleContracts.into(all);
    return all;
  }

  static Optional<Operation> find(Route route) {
    return Optional.ofNullable(ALL.get(route)).map(contract -> operation(route, contract));
  }

  private static Operation operation(Route route, Contract contract) {
    Action permission = route.permission();
    Operation.Token token =
        switch (route.guard()) {
          case PERMISSION, TOKEN -> Operation.Token.NEEDED;
          case OTHERWISE -> Operation.Token.POSSIBLE;
          case NOTHING -> Operation.Token.IGNORED;
        };
    return new Operation(
        id(route),
        route.method(),
        route.template(),
        permission == null ? "" : permission.text(),
        token,
        route.parameters(),
        contract);
  }

  /** {@code PUBLISH_FLOW} is {@code publishFlow}. */
  private static String id(Route route) {
    String[] words = route.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder id = new StringBuilder(words[0]);
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      id.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return id.toString();
  }

  /** The OpenAPI document of all routes. */
  static Map<String, Object> document() {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("title", "Orchestrator");
    info.put("version", "1");
    info.put(
        "description",
        "Serverless flows over HTTP. Errors are problem documents (RFC 9457), lists page by cursor,"
            + " ETag and If-Match guard changes.");
    List<Operation> operations =
        Arrays.stream(Route.values()).flatMap(route -> find(route).stream()).toList();
    return OpenApi.document(info, operations, Parameters.USUAL);
  }
}
