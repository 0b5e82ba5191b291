-- title: Users at risk who can still sign in
-- about: Cases of Identity Protection that nobody has closed, with the account they are about.
-- tables: risky_users, users
-- tags: risk, accounts
SELECT r.risk_last_updated_date_time, r.risk_level, r.risk_state, r.risk_detail,
       u.user_principal_name, u.department, u.job_title, u.user_type
  FROM risky_users r
  JOIN users u ON u.id = r.id
 WHERE r.risk_state IN ('atRisk', 'confirmedCompromised')
   AND u.account_enabled
 ORDER BY CASE r.risk_level WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,
          r.risk_last_updated_date_time DESC;
