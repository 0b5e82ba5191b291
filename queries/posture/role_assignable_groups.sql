-- title: Groups that may hold directory roles
-- about: Whoever is in one of these can be an administrator: their members and owners deserve a look.
-- tables: groups
-- tags: groups, roles
SELECT display_name, description, group_types, membership_rule, on_premises_sync_enabled, created_date_time, id
  FROM groups
 WHERE is_assignable_to_role
 ORDER BY display_name;
