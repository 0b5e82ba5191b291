//! The table of activities: class, activity, what it is done to, and the names.
//!
//! Names from <https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities>
//! (2024-04), and from logs where it lacks them.

use crate::ocsf::activities::{Activity, Of, Severe};

/// Every activity that is known by name.
#[rustfmt::skip]
pub const TABLE: &[Activity] = &[
    // Account Change: the account itself, its passwords and its factors.
    row(3001, 1, Of::User, &["Add user", "Invite external user", "Viral user creation"]),
    row(3001, 2, Of::User, &["Enable account"]),
    row(3001, 3, Of::User, &["Change user password", "Change password (self-service)"]),
    row(3001, 4, Of::User, &[
        "Reset password", "Reset user password", "Reset password (by admin)",
        "Reset password (self-service)", "User Password Reset",
    ]),
    row(3001, 5, Of::User, &["Disable account"]),
    row(3001, 6, Of::User, &["Delete user", "Hard Delete user", "Delete external user"]),
    row(3001, 9, Of::User, &["Add blocked user", "Fraud reported - user is blocked for MFA"]),
    row(3001, 10, Of::User, &[
        "Enable Strong Authentication", "User registered security info",
        "User registered all required security info", "Admin registered security info",
        "Add FIDO2 security key", "Add Windows Hello for Business credential",
        "Add passwordless phone sign-in credential", "Add platform credential",
        "Add users strong authentication phone app detail",
    ]),
    row(3001, 11, Of::User, &["Disable Strong Authentication"]).severe(Severe::Ours),
    row(3001, 11, Of::User, &[
        "User deleted security info", "Admin deleted security info",
        "Delete FIDO2 security key", "Delete FIDO2 security keys", "Delete FIDO2 security key(s)",
        "Delete Windows Hello for Business credential",
        "Delete passwordless phone sign-in credential", "Delete platform credential",
        "Remove users strong authentication phone app detail",
    ]),
    row(3001, 12, Of::User, &["Clear block on user", "Unlock user account (self-service)"]),
    row(3001, 99, Of::User, &[
        "Update user", "Restore user", "User started password change",
        "Set force change user password", "Update StsRefreshTokenValidFrom Timestamp",
        "Change user license", "Set user manager", "Convert federated user to managed",
        "Create application password for user", "Delete application password for user",
        "User changed default security info", "User updated security info",
        "Admin updated security info", "Blocked from self-service password reset",
        "Self-service password reset flow activity progress", "Redeem external user invite",
        "Suspicious activity reported", "Update attribute values assigned to a user",
    ]),

    // Group Management: the group and its members.
    row(3006, 6, GROUP, &["Add group"]),
    row(3006, 5, GROUP, &["Delete group", "Hard Delete group"]),
    row(3006, 3, Of::Group { subgroup: Some(7) }, &["Add member to group"]),
    row(3006, 4, Of::Group { subgroup: Some(8) }, &["Remove member from group"]),
    row(3006, 1, Of::AppRole, &["Add app role assignment to group"]),
    row(3006, 2, Of::AppRole, &["Remove app role assignment from group"]),
    row(3006, 99, GROUP, &[
        "Update group", "Restore group", "Add owner to group", "Remove owner from group",
        "Set group license", "Update group settings",
    ]),

    // User Access Management: roles. Given to a group they are Group Management, with the
    // same activity ids.
    row(3005, 1, Of::Role, &[
        "Add member to role", "Add eligible member to role", "Add scoped member to role",
        "Add EligibleRoleAssignment to RoleDefinition", "Add role assignment to role definition",
        "Add member to role completed (PIM activation)",
        "Add member to role in PIM completed (permanent)",
        "Add member to role in PIM completed (timebound)",
        "Add eligible member to role in PIM completed (permanent)",
        "Add eligible member to role in PIM completed (timebound)",
        "Add member to role outside of PIM (permanent)", "Restore member from role",
    ]).severe(Severe::Connectors),
    row(3005, 2, Of::Role, &[
        "Remove member from role", "Remove eligible member from role",
        "Remove scoped member from role", "Remove role assignment from role definition",
        "Remove member from role completed (PIM deactivate)",
        "Remove member from role (PIM activation expired)",
        "Remove member from role in PIM completed",
        "Remove eligible member from role in PIM completed",
        "Remove member from role in PIM completed (permanent)",
        "Remove member from role in PIM completed (timebound)",
        "Remove eligible member from role in PIM completed (permanent)",
        "Remove eligible member from role in PIM completed (timebound)",
        "Remove permanent direct role assignment", "Remove permanent eligible role assignment",
    ]),

    // User Access Management: permissions of apps, ownership, access packages.
    row(3005, 1, Of::AppRole, &["Add app role assignment grant to user"]),
    row(3005, 2, Of::AppRole, &["Remove app role assignment from user"]),
    row(3005, 1, Of::AppRole, &["Add app role assignment to service principal"])
        .severe(Severe::Connectors),
    row(3005, 2, Of::AppRole, &["Remove app role assignment from service principal"]),
    row(3005, 1, Of::Scopes, &["Consent to application", "Add delegated permission grant"]),
    row(3005, 2, Of::Scopes, &["Remove delegated permission grant"]),
    row(3005, 1, Of::Owner, &["Add owner to application", "Add owner to service principal"]),
    row(3005, 2, Of::Owner, &["Remove owner from application", "Remove owner from service principal"]),
    row(3005, 1, Of::Package, &[
        "Administrator directly assigns user to access package",
        "Fulfill access package assignment request",
    ]),
    row(3005, 2, Of::Package, &[
        "Administrator directly removes user access package assignment",
        "Remove access package resource assignment",
    ]),

    // Entity Management: apps.
    row(3004, 1, Of::Target, &["Add application", "Add service principal"]),
    row(3004, 1, Of::Target, &["Create federated identity credential"]).severe(Severe::Connectors),
    row(3004, 3, Of::Target, &[
        "Update application - Certificates and secrets management",
        "Add service principal credentials",
    ]).severe(Severe::Connectors),
    row(3004, 3, Of::Target, &[
        "Update application", "Update service principal", "Remove service principal credentials",
        "Set verified publisher", "Add policy to application",
    ]),
    row(3004, 4, Of::Target, &[
        "Delete application", "Hard Delete application", "Remove service principal",
        "Hard delete service principal",
    ]),
    row(3004, 99, Of::Target, &["Restore application", "Restore service principal"]),

    // Entity Management: policies. Turning Conditional Access off is severe, changing it is not.
    row(3004, 1, Of::ConditionalAccess, &["Add Conditional Access policy"]),
    row(3004, 3, Of::ConditionalAccess, &["Update Conditional Access policy"]),
    row(3004, 4, Of::ConditionalAccess, &["Delete Conditional Access policy"])
        .severe(Severe::Connectors),
    row(3004, 1, Of::NetworkZone, &["Add named location"]),
    row(3004, 3, Of::NetworkZone, &["Update named location"]),
    row(3004, 4, Of::NetworkZone, &["Delete named location"]),
    row(3004, 3, Of::Policy, &["Update security defaults"]).severe(Severe::Ours),
    row(3004, 3, Of::Policy, &[
        "Update authorization policy", "Authentication Methods Policy Update",
        "Update IdentityProtectionPolicy", "Update User Risk and MFA Registration Policy",
        "Set device registration policies", "Update policy", "Update role setting in PIM",
        "Update a partner cross-tenant access setting", "Update permission grant policy",
    ]),
    row(3004, 1, Of::Policy, &[
        "Add policy", "Add a partner to cross-tenant access setting", "Add permission grant policy",
    ]),
    row(3004, 4, Of::Policy, &[
        "Delete policy", "Delete partner specific cross-tenant access setting",
    ]),

    // Entity Management: roles and their alerts.
    row(3004, 8, Of::Named("PIM alert"), &["Enable PIM alert"]),
    row(3004, 9, Of::Named("PIM alert"), &["Disable PIM alert"]),
    row(3004, 99, Of::Named("PIM alert"), &["Triggered PIM alert"]),
    row(3004, 1, Of::Named("Role"), &["Add role definition"]),
    row(3004, 3, Of::Named("Role"), &["Update role definition"]),
    row(3004, 4, Of::Named("Role"), &["Delete role definition"]),

    // Entity Management: domains and the tenant.
    row(3004, 3, Of::Named("Domain"), &[
        "Set federation settings on domain", "Set domain authentication",
    ]).severe(Severe::Ours),
    row(3004, 3, Of::Named("Domain"), &["Verify domain", "Update domain"]),
    row(3004, 1, Of::Named("Domain"), &["Add unverified domain", "Add verified domain"]),
    row(3004, 4, Of::Named("Domain"), &["Remove unverified domain", "Remove verified domain"]),
    row(3004, 3, Of::Organization, &[
        "Set Company Information", "Set DirSyncEnabled flag", "Set DirSync feature",
        "Update company settings",
    ]),
    row(3004, 1, Of::Organization, &["Add partner to company"]).severe(Severe::Ours),
    row(3004, 4, Of::Organization, &["Remove partner from company"]),
    row(3004, 8, Of::Organization, &["Enable passthrough authentication", "Enable Desktop Sso"]),
    row(3004, 9, Of::Organization, &["Disable passthrough authentication", "Disable Desktop Sso"]),
    row(3004, 1, UNIT, &["Add administrative unit"]),
    row(3004, 3, UNIT, &[
        "Update administrative unit", "Add member to administrative unit",
        "Remove member from administrative unit",
        "Add member to restricted management administrative unit",
        "Remove member from restricted management administrative unit",
    ]),
    row(3004, 4, UNIT, &["Delete administrative unit", "Hard Delete administrative unit"]),

    // Entity Management: devices and their keys.
    row(3004, 1, Of::Device, &["Add device"]),
    row(3004, 3, Of::Device, &[
        "Update device", "Add registered owner to device", "Add registered users to device",
        "Remove registered owner from device", "Remove registered users from device",
    ]),
    row(3004, 4, Of::Device, &["Delete device"]),
    row(3004, 6, Of::Device, &["Register device"]),
    row(3004, 7, Of::Device, &["Unregister device"]),
    row(3004, 99, Of::Device, &["Device no longer compliant", "Device no longer managed"]),
    row(3004, 2, Of::Device, &[
        "Reveal local administrator password", "Recover device local administrator password",
    ]),
    row(3004, 1, Of::Named("BitLockerKey"), &["Add BitLocker key"]),
    row(3004, 2, Of::Named("BitLockerKey"), &["Read BitLocker key"]),
    row(3004, 4, Of::Named("BitLockerKey"), &["Delete BitLocker key"]),

    // Detection Finding: what an administrator says about a risky account.
    row(2004, 2, Of::Finding(IN_PROGRESS), &[
        "ConfirmAccountCompromised", "ConfirmCompromised", "ConfirmServicePrincipalCompromised",
    ]),
    row(2004, 3, Of::Finding(RESOLVED), &["ConfirmSafe"]),
    row(2004, 3, Of::Finding(SUPPRESSED), &["DismissUser", "DismissServicePrincipal"]),
];

const GROUP: Of = Of::Group { subgroup: None };
const UNIT: Of = Of::Named("AdministrativeUnit");
const IN_PROGRESS: i32 = 2;
const SUPPRESSED: i32 = 3;
const RESOLVED: i32 = 4;

const fn row(class: u32, id: i32, of: Of, names: &'static [&'static str]) -> Activity {
    Activity { class, id, of, severe: None, names }
}

impl Activity {
    const fn severe(mut self, who: Severe) -> Self {
        self.severe = Some(who);
        self
    }
}
