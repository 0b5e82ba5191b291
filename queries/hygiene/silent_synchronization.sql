-- title: Accounts synchronization has lost sight of
-- about: Synchronized accounts that were not written for longer than the time given.
-- tables: users
-- param: silence interval = '1 day' -- How long an account was not written.
-- tags: synchronization
SELECT user_principal_name, on_premises_domain_name, on_premises_sam_account_name,
       on_premises_last_sync_date_time, account_enabled
  FROM users
 WHERE on_premises_sync_enabled
   AND on_premises_last_sync_date_time < now() - $silence
 ORDER BY on_premises_last_sync_date_time, user_principal_name;
