-- title: Accounts that do not synchronize
-- about: What synchronization could not write, and the value that stands in its way.
-- tables: users
-- tags: synchronization
WITH errors AS (
  SELECT user_principal_name, unnest(on_premises_provisioning_errors) AS error FROM users
)
SELECT user_principal_name, error['category'] AS category,
       error['property_causing_error'] AS property, error['value'] AS value,
       error['occurred_date_time'] AS occurred
  FROM errors
 ORDER BY occurred DESC, user_principal_name;
