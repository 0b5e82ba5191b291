//! `ocsf.policy_inventory`: policies of the tenant as Cloud Resources Inventory Info (5023).

use crate::ocsf::envelope::{COLLECTED, ENTRA, SOURCE};
use crate::ocsf::pair::{Pair, key, set, sure};
use crate::ocsf::view::View;

/// The view.
pub(super) static VIEW: View = View::new("policy_inventory", 5023)
    .about("Conditional Access and other policies as OCSF Cloud Resources Inventory Info.")
    .from(FROM)
    .pairs(&[SOURCE, ENTRA, COLLECTED, POLICY])
    .observables(&["resources[0].uid"])
    .examples(&[(
        "Conditional Access policies that are not in force",
        "SELECT resources[1]['name'], resources[1]['data']['state'] AS state
           FROM ocsf.policy_inventory
          WHERE metadata.log_name = 'identity/conditionalAccess/policies'
            AND resources[1]['data']['state'] <> 'enabled'",
    )]);

// The name of the log is a constant of each branch, so a filter on it leaves the others out.
const FROM: &str = "(
  SELECT id, display_name, created_date_time AS created, modified_date_time AS modified,
         'Conditional Access Policy' AS kind, 'identity/conditionalAccess/policies' AS log_name,
         ocsf_map('state', state, 'description', description, 'templateId', template_id,
                  'conditions', conditions, 'grantControls', grant_controls,
                  'sessionControls', session_controls, 'deletedDateTime', deleted_date_time) AS data
    FROM conditional_access_policies
   UNION ALL
  SELECT id, display_name, created_date_time, modified_date_time,
         'Named Location', 'identity/conditionalAccess/namedLocations',
         ocsf_map('@odata.type', location_type, 'isTrusted', is_trusted, 'ipRanges', ip_ranges,
                  'countriesAndRegions', countries_and_regions,
                  'countryLookupMethod', country_lookup_method,
                  'includeUnknownCountriesAndRegions', include_unknown_countries_and_regions,
                  'deletedDateTime', deleted_date_time)
    FROM named_locations
   UNION ALL
  SELECT id, display_name, NULL, NULL,
         'Authorization Policy', 'policies/authorizationPolicy',
         ocsf_map('description', description, 'allowInvitesFrom', allow_invites_from,
                  'guestUserRoleId', guest_user_role_id,
                  'defaultUserRolePermissions', default_user_role_permissions,
                  'allowEmailVerifiedUsersToJoinOrganization',
                  allow_email_verified_users_to_join_organization,
                  'allowedToSignUpEmailBasedSubscriptions',
                  allowed_to_sign_up_email_based_subscriptions,
                  'allowedToUseSSPR', allowed_to_use_sspr,
                  'allowUserConsentForRiskyApps', allow_user_consent_for_risky_apps,
                  'blockMsolPowerShell', block_msol_power_shell,
                  'deletedDateTime', deleted_date_time)
    FROM authorization_policy
   UNION ALL
  SELECT id, display_name, NULL, last_modified_date_time,
         'Authentication Methods Policy', 'policies/authenticationMethodsPolicy',
         ocsf_map('description', description,
                  'authenticationMethodConfigurations', authentication_method_configurations,
                  'registrationEnforcement', registration_enforcement,
                  'policyMigrationState', policy_migration_state,
                  'policyVersion', policy_version,
                  'reconfirmationInDays', reconfirmation_in_days)
    FROM authentication_methods_policy
   UNION ALL
  SELECT id, display_name, created_date_time, modified_date_time,
         'Authentication Strength', 'policies/authenticationStrengthPolicies',
         ocsf_map('description', description, 'policyType', policy_type,
                  'requirementsSatisfied', requirements_satisfied,
                  'allowedCombinations', allowed_combinations,
                  'combinationConfigurations', combination_configurations)
    FROM authentication_strength_policies
   UNION ALL
  SELECT id, display_name, NULL, NULL,
         'Security Defaults', 'policies/identitySecurityDefaultsEnforcementPolicy',
         ocsf_map('description', description, 'isEnabled', is_enabled,
                  'deletedDateTime', deleted_date_time)
    FROM security_defaults_policy
   UNION ALL
  SELECT id, display_name, NULL, NULL,
         'Cross-Tenant Access Policy', 'policies/crossTenantAccessPolicy',
         ocsf_map('description', description, 'allowedCloudEndpoints', allowed_cloud_endpoints,
                  'deletedDateTime', deleted_date_time)
    FROM cross_tenant_access_policy) AS p";

const POLICY: &[Pair] = &[
    set("message", "concat(kind, ' ', coalesce(ocsf_text(display_name), id))"),
    set("metadata.log_name", "log_name"),
    sure("resources[0].uid", "id"),
    set("resources[0].name", "display_name"),
    set("resources[0].type", "kind"),
    set("resources[0].created_time", "created"),
    set("resources[0].modified_time", "modified"),
    key("resources[0].data", "data"),
];
