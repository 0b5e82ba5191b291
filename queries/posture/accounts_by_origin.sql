-- title: Accounts by origin, type and state
-- about: How many members and guests there are, synchronized or of the cloud, enabled or not.
-- tables: users
-- tags: accounts, overview
SELECT CASE WHEN on_premises_sync_enabled THEN 'synchronized' ELSE 'cloud' END AS origin,
       user_type,
       account_enabled,
       count(*) AS accounts,
       min(created_date_time) AS oldest,
       max(created_date_time) AS newest
  FROM users
 GROUP BY origin, user_type, account_enabled
 ORDER BY accounts DESC;
