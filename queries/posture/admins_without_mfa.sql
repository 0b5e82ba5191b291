-- title: Administrators without MFA
-- about: Accounts with a directory role and no strong sign-in method, and what they have registered.
-- tables: user_registration_details
-- tags: mfa, roles, accounts
SELECT user_principal_name, user_display_name, user_type, methods_registered,
       is_mfa_registered, is_mfa_capable, last_updated_date_time
  FROM user_registration_details
 WHERE is_admin
   AND NOT is_mfa_capable
 ORDER BY user_principal_name;
