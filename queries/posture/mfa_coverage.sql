-- title: Who could answer an MFA prompt
-- about: Members and guests by department: with MFA, without a password, with a phone as the only second factor.
-- tables: user_registration_details, users
-- tags: mfa, accounts
SELECT r.user_type, u.department, count(*) AS accounts,
       count(*) FILTER (WHERE r.is_mfa_capable) AS with_mfa,
       round(100.0 * count(*) FILTER (WHERE r.is_mfa_capable) / count(*), 1) AS percent,
       count(*) FILTER (WHERE r.is_passwordless_capable) AS passwordless,
       count(*) FILTER (WHERE array_has(r.methods_registered, 'mobilePhone')
                          AND NOT array_has(r.methods_registered, 'softwareOneTimePasscode')
                          AND NOT r.is_passwordless_capable) AS phone_only
  FROM user_registration_details r
  JOIN users u ON u.id = r.id
 GROUP BY r.user_type, u.department
 ORDER BY percent, accounts DESC;
