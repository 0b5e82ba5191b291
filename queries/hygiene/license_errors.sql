-- title: Licenses that did not take
-- about: Assignments in an error or not active, with where they come from.
-- tables: users
-- tags: licenses
WITH states AS (
  SELECT user_principal_name, unnest(license_assignment_states) AS state FROM users
)
SELECT user_principal_name, state['sku_id'] AS product, state['state'] AS state, state['error'] AS error,
       state['assigned_by_group'] AS assigned_by_group, state['last_updated_date_time'] AS last_updated
  FROM states
 WHERE state['state'] NOT IN ('Active', 'ActiveWithError') OR state['error'] <> 'None'
 ORDER BY last_updated DESC, user_principal_name;
