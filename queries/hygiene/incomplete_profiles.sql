-- title: Members whose profile says too little
-- about: Enabled members without department, job title or country of use: rules and licenses go by these.
-- tables: users
-- tags: accounts
SELECT user_principal_name, display_name, department, job_title, usage_location, employee_id, created_date_time
  FROM users
 WHERE account_enabled
   AND user_type = 'Member'
   AND (department IS NULL OR job_title IS NULL OR usage_location IS NULL)
 ORDER BY user_principal_name;
