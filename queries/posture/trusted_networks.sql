-- title: Networks Conditional Access trusts
-- about: Named locations marked as trusted, network by network, with the policies that refer to them.
-- tables: named_locations, conditional_access_policies
-- tags: conditional-access, location
WITH used AS (
  SELECT display_name, unnest(conditions['locations']['exclude_locations']) AS location_id
    FROM conditional_access_policies
), networks AS (
  SELECT id, display_name, modified_date_time, is_trusted, unnest(ip_ranges) AS network
    FROM named_locations
)
SELECT n.display_name AS location, n.network['cidr_address'] AS network, n.modified_date_time,
       u.display_name AS left_out_by
  FROM networks n
  LEFT JOIN used u ON u.location_id IN (n.id, 'AllTrusted')
 WHERE n.is_trusted
 ORDER BY location, network, left_out_by;
