-- Bulk orders go as executions go: 90 days after their end. One that nobody has continued counts from its beginning.

-- Only what is older than that is looked at.
create index bulk_orders_to_purge on bulk_orders (created_at);
