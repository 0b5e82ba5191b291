-- title: Licenses bought, used and left over
-- about: Subscriptions with the fewest licenses left first; those suspended or running out are marked.
-- tables: subscribed_skus
-- tags: licenses
SELECT sku_part_number, capability_status, consumed_units AS used,
       prepaid_units['enabled'] AS bought,
       prepaid_units['enabled'] - consumed_units AS left_over,
       prepaid_units['warning'] AS running_out, prepaid_units['suspended'] AS suspended
  FROM subscribed_skus
 ORDER BY left_over, sku_part_number;
