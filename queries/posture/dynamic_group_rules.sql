-- title: Rules that decide who is in a group
-- about: Dynamic groups, and whether their rule looks at something users or guests may set themselves.
-- tables: groups
-- tags: groups
SELECT display_name,
       coalesce(regexp_like(membership_rule, 'user\.(displayName|givenName|surname|mail|otherMails|mobile|mailNickname|userPrincipalName|preferredLanguage)', 'i'), false) AS users_may_steer,
       security_enabled, membership_rule, membership_rule_processing_state AS processing
  FROM groups
 WHERE array_has(group_types, 'DynamicMembership')
 ORDER BY users_may_steer DESC, display_name;
