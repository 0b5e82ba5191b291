-- title: Disabled accounts that still hold licenses
-- about: Licenses paid for accounts nobody can use.
-- tables: users
-- tags: accounts, licenses
SELECT user_principal_name, display_name, department,
       array_length(assigned_licenses) AS licenses,
       array_transform(assigned_licenses, l -> l['sku_id']) AS products
  FROM users
 WHERE NOT account_enabled
   AND array_length(assigned_licenses) > 0
 ORDER BY licenses DESC, user_principal_name;
