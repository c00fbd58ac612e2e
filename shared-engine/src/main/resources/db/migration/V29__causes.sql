-- What led to an event: the execution that emitted it, or the trace of the request that brought it (W3C Trace Context). What the event
-- starts belongs to the same trace, and is counted, so that flows that start each other in a circle come to an end.
alter table buffered_events
  add column cause uuid,
  add column traceparent text,
  add constraint a_trace_is_short check (length(traceparent) <= 600);
