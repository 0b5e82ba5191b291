-- title: Domains and how their users sign in
-- about: All domains of the tenant; federated ones are trusted to sign anybody in, unverified ones are leftovers.
-- tables: domains
-- tags: domains
SELECT id AS domain, authentication_type, is_verified, is_default, is_initial,
       password_validity_period_in_days, supported_services
  FROM domains
 ORDER BY is_verified, authentication_type, domain;
