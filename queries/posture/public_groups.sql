-- title: Groups anyone in the tenant can join
-- about: Microsoft 365 groups that are public: their files and mail are open to every member of the tenant.
-- tables: groups
-- tags: groups
SELECT display_name, mail, classification, created_date_time
  FROM groups
 WHERE array_has(group_types, 'Unified')
   AND visibility = 'Public'
 ORDER BY display_name;
