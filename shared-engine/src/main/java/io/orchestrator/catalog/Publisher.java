package io.orchestrator.catalog;

import io.orchestrator.engine.Listener;
import io.orchestrator.flow.Document;
import io.orchestrator.flow.Flow;
import io.orchestrator.flow.FlowReader;
import io.orchestrator.flow.FlowValidation;
import io.orchestrator.flow.Problem;
import io.orchestrator.flow.Problems;
import io.orchestrator.flow.Trigger;
import io.orchestrator.store.FlowPublishing;
import io.orchestrator.store.FlowRow;
import io.orchestrator.store.FlowRows;
import io.orchestrator.store.FlowWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One wish to publish a text, from reading it to its row. */
final class Publisher {
  private final Catalog catalog;
  private final FlowRows rows;
  private final FlowPublishing publishing;
  private final String tenant;
  private final Draft draft;

  Publisher(Catalog catalog, FlowRows rows, String tenant, Draft draft) {
    this.catalog = catalog;
    this.rows = rows;
    this.publishing = rows.publishing();
    this.tenant = tenant;
    this.draft = draft;
  }

  Publication create() {
    FlowValidation validation = catalog.validate(tenant, draft.text());
    Flow flow = readable(validation);
    if (flow == null || !(validation.valid() || draft.asDraft())) {
      return new Publication.Invalid(validation.errors());
    }
    Optional<FlowRow> taken = rows.get(tenant, flow.name());
    if (taken.isPresent() && draft.once() == null) { // with a key it may have been this request
      return new Publication.NameTaken(taken.get());
    }
    return draft.asDraft() ? firstDraft(flow, validation) : first(flow, validation);
  }

  Publication update(String name, int expected) {
    FlowValidation validation = catalog.validate(tenant, draft.text());
    Flow flow = readable(validation);
    if (flow == null || !(validation.valid() || draft.asDraft())) {
      return new Publication.Invalid(validation.errors());
    }
    if (!flow.name().equals(name)) {
      String message =
          "the text is of the flow '" + flow.name() + "', the address says '" + name + "'";
      return new Publication.Invalid(
          List.of(new Problem("name_mismatch", "/flow", 0, 0, message, "write flow: " + name)));
    }
    Optional<FlowRow> known = rows.get(tenant, name);
    if (known.isEmpty()) {
      return draft.asDraft() ? firstDraft(flow, validation) : first(flow, validation);
    }
    FlowRow row = known.get();
    // For its clients a retired flow is not there: what they publish under its name is new.
    if (expected != FlowRows.ANY && expected != (row.isRetired() ? 0 : row.revision())) {
      return new Publication.Stale(row.revision());
    }
    return draft.asDraft() ? nextDraft(row, validation) : next(row, flow, validation);
  }

  /** The flow if at least its name can be read, for a draft need not be right. */
  private Flow readable(FlowValidation validation) {
    if (validation.flow() != null) {
      return validation.flow();
    }
    Problems ignored = new Problems();
    Document document = Document.read(draft.text(), ignored);
    Flow flow = document == null ? null : FlowReader.read(document, ignored);
    return flow == null || flow.name().isEmpty() ? null : flow;
  }

  private Publication first(Flow flow, FlowValidation validation) {
    Optional<Publication.HookTaken> conflict = hookTaken(flow);
    if (conflict.isPresent()) {
      return conflict.get();
    }
    String version = flow.version().isEmpty() ? Versions.FIRST : flow.version();
    Function<FlowRow, Publication> done =
        made -> new Publication.Done(made, version, hash(validation), validation.warnings());
    FlowPublishing.Next first = next(flow, version, validation, draft.activate());
    return written(publishing.create(tenant, flow.name(), first, once(done)), done, flow);
  }

  private Publication firstDraft(Flow flow, FlowValidation validation) {
    Function<FlowRow, Publication> done =
        made -> new Publication.Drafted(made, validation.errors(), validation.warnings());
    return written(
        publishing.createDraft(
            tenant, flow.name(), meta(flow), Catalog.text(draft), draft.by(), once(done)),
        done,
        flow);
  }

  private FlowPublishing.Once once(Function<FlowRow, Publication> done) {
    return draft.once() == null
        ? null
        : new FlowPublishing.Once(
            draft.once().key(), made -> draft.once().answer().apply(done.apply(made)));
  }

  private Publication written(FlowWrite write, Function<FlowRow, Publication> done, Flow flow) {
    return switch (write) {
      case FlowWrite.Made made -> done.apply(made.flow());
      case FlowWrite.Refused ignored ->
          new Publication.NameTaken(rows.get(tenant, flow.name()).orElseThrow());
      case FlowWrite.PathTaken taken -> new Publication.HookTaken(taken.path(), taken.flow());
      case FlowWrite.UsesRetired used -> new Publication.Invalid(List.of(retired(used.flow())));
      case FlowWrite.Repeated repeated -> new Publication.Repeated(repeated.answer());
      case FlowWrite.KeyReused ignored -> new Publication.KeyReused();
    };
  }

  private static Problem retired(String flow) {
    return new Problem(
        "unknown_flow", "", 0, 0, "the flow '" + flow + "' has been retired in this moment", "");
  }

  private FlowPublishing.Next next(
      Flow flow, String version, FlowValidation validation, boolean activate) {
    List<String> paths =
        flow.triggers().stream()
            .filter(Trigger.Webhook.class::isInstance)
            .map(trigger -> ((Trigger.Webhook) trigger).path())
            .distinct()
            .toList();
    return new FlowPublishing.Next(
        meta(flow), row(version, validation), paths, activate, Timetable.rows(flow.triggers()));
  }

  private Publication nextDraft(FlowRow row, FlowValidation validation) {
    return rows.draft(tenant, row.flow(), row.revision(), Catalog.text(draft), draft.by())
        .<Publication>map(
            kept -> new Publication.Drafted(kept, validation.errors(), validation.warnings()))
        .orElseGet(() -> stale(row));
  }

  private Publication next(FlowRow row, Flow flow, FlowValidation validation) {
    String latest = row.latest();
    if (latest != null && !row.isRetired() && hash(validation).equals(hashOf(row))) {
      return new Publication.Same(row, latest, hash(validation), validation.warnings());
    }
    if (latest != null
        && !flow.version().isEmpty()
        && Versions.compare(flow.version(), latest) <= 0) {
      return new Publication.VersionNotAbove(flow.version(), latest);
    }
    Optional<Publication.HookTaken> conflict = hookTaken(flow);
    if (conflict.isPresent()) {
      return conflict.get();
    }
    String implied = latest == null ? Versions.FIRST : Versions.next(latest);
    String version = flow.version().isEmpty() ? implied : flow.version();
    // A canary means that the route is in somebody's hands.
    boolean activate = draft.activate() && row.canary() == null;
    FlowWrite write =
        publishing.publish(
            tenant, row.flow(), row.revision(), next(flow, version, validation, activate));
    return write instanceof FlowWrite.Refused
        ? stale(row)
        : written(
            write,
            moved -> new Publication.Done(moved, version, hash(validation), validation.warnings()),
            flow);
  }

  private Publication stale(FlowRow seen) {
    return new Publication.Stale(
        rows.get(tenant, seen.flow()).map(FlowRow::revision).orElse(seen.revision()));
  }

  private String hashOf(FlowRow row) {
    return rows.version(tenant, row.flow(), row.latest()).map(FlowRow.Version::hash).orElse("");
  }

  private Optional<Publication.HookTaken> hookTaken(Flow flow) {
    for (Trigger trigger : flow.triggers()) {
      if (trigger instanceof Trigger.Webhook hook) {
        Optional<Hooks.Found> other =
            new Hooks(catalog, rows)
                .find(tenant, hook.path())
                .filter(found -> !found.flow().equals(flow.name()));
        if (other.isPresent()) {
          return Optional.of(new Publication.HookTaken(hook.path(), other.get().flow()));
        }
      }
    }
    return Optional.empty();
  }

  private FlowRow.Version row(String version, FlowValidation validation) {
    String plan = Published.stored(validation.compiled());
    return FlowRow.Version.of(
            version, hash(validation), Catalog.text(draft), draft.format(), plan, draft.by())
        .listening(topics(validation.flow()));
  }

  private static List<String> topics(Flow flow) {
    List<String> topics = new ArrayList<>();
    for (Trigger trigger : flow.triggers()) {
      switch (trigger) {
        case Trigger.Occurrence event -> topics.add(Listener.event(event.type()));
        case Trigger.Completion end -> topics.add(Listener.completed(end.flow()));
        case Trigger.Webhook ignored -> {}
        case Trigger.Schedule ignored -> {}
      }
    }
    return topics.stream().distinct().toList();
  }

  private static String hash(FlowValidation validation) {
    return validation.compiled().plan().hash();
  }

  private static FlowRow.Meta meta(Flow flow) {
    Flow.About about = flow.about();
    return new FlowRow.Meta(
        about.title(), about.description(), about.category(), about.tags(), about.owner());
  }
}
