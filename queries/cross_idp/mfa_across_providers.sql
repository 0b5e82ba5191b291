-- title: MFA at either provider
-- about: For everybody with an Okta account, whether a second factor is enrolled at Okta, in Entra, at both or at none.
-- tables: lists.okta_factors, lists.okta_users, user_registration_details
-- tags: cross-idp, mfa
WITH factors AS (
  SELECT user_id, array_sort(array_agg(DISTINCT factor_type)) AS factors
    FROM lists.okta_factors
   WHERE status = 'ACTIVE'
     -- A question is knowledge, and a mailbox is often behind the same password.
     AND factor_type NOT IN ('email', 'question')
   GROUP BY user_id
), people AS (
  SELECT upn_fold(u.login) AS account, u.status AS okta_status, f.factors AS okta_factors,
         r.methods_registered AS entra_methods,
         f.user_id IS NOT NULL AS at_okta,
         coalesce(r.is_mfa_capable, false) AS in_entra
    FROM lists.okta_users u
    LEFT JOIN factors f ON f.user_id = u.id
    LEFT JOIN user_registration_details r ON upn_fold(r.user_principal_name) = upn_fold(u.login)
   WHERE u.status <> 'DEPROVISIONED'
)
SELECT CASE WHEN at_okta AND in_entra THEN 'both'
            WHEN at_okta THEN 'Okta only'
            WHEN in_entra THEN 'Entra only'
            ELSE 'none' END AS mfa,
       account, okta_status, okta_factors, entra_methods
  FROM people
 ORDER BY array_position(['none', 'Okta only', 'Entra only', 'both'], mfa), account;
