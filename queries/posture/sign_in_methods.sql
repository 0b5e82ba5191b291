-- title: How many have registered which method
-- about: Every method of sign-in with the number of accounts that have it and those that have nothing else.
-- tables: user_registration_details
-- tags: mfa, accounts
SELECT method, count(*) AS accounts, count(*) FILTER (WHERE methods = 1) AS only_this
  FROM (SELECT unnest(methods_registered) AS method,
               array_length(methods_registered) AS methods
          FROM user_registration_details)
 GROUP BY method
 ORDER BY accounts DESC, method;
