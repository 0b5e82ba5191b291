-- title: Groups about to expire
-- about: Microsoft 365 groups that will be deleted unless somebody renews them.
-- tables: groups
-- param: within interval = '100 days' -- How soon.
-- tags: groups
SELECT display_name, mail, expiration_date_time, renewed_date_time
  FROM groups
 WHERE expiration_date_time <= now() + $within
 ORDER BY expiration_date_time, display_name;
