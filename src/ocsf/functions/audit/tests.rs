//! Every activity of the mapping by name, and what an audit that lacks something becomes.
//!
//! The expected classes are written down from the mapping, not read from the table.

use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::SessionContext;

const ALL_TARGETS: &str = "[named_struct('id', 'u1', 'type', 'User', \
    'user_principal_name', 'ada@contoso.com', 'display_name', 'Ada', 'modified_properties', \
    [named_struct('display_name', 'Role.DisplayName', 'old_value', '\"Reader\"', 'new_value', '\"Reader\"'), \
     named_struct('display_name', 'AppRole.Value', 'old_value', '\"Mail.Read\"', 'new_value', '\"Mail.Read\"'), \
     named_struct('display_name', 'ConsentAction.Permissions', 'old_value', NULL, \
                  'new_value', '\"[] => [[Scope: Mail.Read, Id: 1]]\"'), \
     named_struct('display_name', 'DelegatedPermissionGrant.Scope', 'old_value', '\" Mail.Read\"', \
                  'new_value', '[]')]), \
    named_struct('id', 'g1', 'type', 'Group', 'user_principal_name', NULL, 'display_name', 'Staff', \
                 'modified_properties', []), \
    named_struct('id', 'p1', 'type', 'AccessPackage', 'user_principal_name', NULL, \
                 'display_name', 'Sales', 'modified_properties', [])]";
/// A caller API Activity accepts.
const CALLER: &str =
    "named_struct('user', named_struct('id', 'a1', 'ip_address', '198.51.100.7'), 'app', NULL)";

fn session() -> SessionContext {
    let context = SessionContext::new();
    for function in crate::ocsf::functions() {
        context.register_udf(function);
    }
    context
}

/// The rows of a query, their columns with spaces between.
pub(super) async fn rows(sql: &str) -> Vec<String> {
    let frame = session().sql(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let batches = frame.collect().await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let options = FormatOptions::default().with_null("NULL");
    let mut out = Vec::new();
    for batch in &batches {
        let columns = batch.columns().iter();
        let formats = columns.map(|c| ArrayFormatter::try_new(c, &options).expect("can be shown"));
        let formats: Vec<_> = formats.collect();
        for row in 0..batch.num_rows() {
            let cells: Vec<_> = formats.iter().map(|f| f.value(row).to_string()).collect();
            out.push(cells.join(" "));
        }
    }
    out
}

/// What an audit is: class and activity.
async fn is(name: &str, category: &str, operation: &str, targets: &str, by: &str) -> String {
    let arguments = format!("'{name}', '{category}', '{operation}', {targets}, {by}");
    let sql = format!("SELECT entra_audit_class({arguments}), entra_audit_activity({arguments})");
    rows(&sql).await.join("\n")
}

pub(super) fn target(id: &str, kind: &str) -> String {
    changed(id, kind, &[])
}

/// A target and its properties: name, before, after.
pub(super) fn changed(id: &str, kind: &str, properties: &[(&str, &str, &str)]) -> String {
    let properties = properties.iter().map(|(name, old, new)| {
        format!(
            "named_struct('display_name', '{name}', 'old_value', '{old}', 'new_value', '{new}')"
        )
    });
    let properties: Vec<_> = properties.collect();
    let properties = match properties.is_empty() {
        true => "[named_struct('display_name', 'x', 'old_value', '', 'new_value', '')]".to_owned(),
        false => format!("[{}]", properties.join(", ")),
    };
    format!(
        "named_struct('id', '{id}', 'type', '{kind}', 'user_principal_name', NULL, \
         'display_name', '{id}', 'modified_properties', {properties})"
    )
}

/// Class, activity, and the names that are that.
const EXPECTED: &[(&str, &str)] = &[
    ("3001 1", "Add user; Invite external user; Viral user creation"),
    ("3001 2", "Enable account"),
    ("3001 3", "Change user password; Change password (self-service)"),
    (
        "3001 4",
        "Reset password; Reset user password; Reset password (by admin); \
         Reset password (self-service); User Password Reset",
    ),
    ("3001 5", "Disable account"),
    ("3001 6", "Delete user; Hard Delete user; Delete external user"),
    ("3001 9", "Add blocked user; Fraud reported - user is blocked for MFA"),
    (
        "3001 10",
        "Enable Strong Authentication; User registered security info; \
         User registered all required security info; Admin registered security info; \
         Add FIDO2 security key; Add Windows Hello for Business credential; \
         Add passwordless phone sign-in credential; Add platform credential; \
         Add users strong authentication phone app detail",
    ),
    (
        "3001 11",
        "Disable Strong Authentication; User deleted security info; Admin deleted security info; \
         Delete FIDO2 security key(s); Delete Windows Hello for Business credential; \
         Delete passwordless phone sign-in credential; Delete platform credential; \
         Remove users strong authentication phone app detail",
    ),
    ("3001 12", "Clear block on user; Unlock user account (self-service)"),
    (
        "3001 99",
        "User started password change; Update user; Restore user; Set force change user password; \
         Update StsRefreshTokenValidFrom Timestamp; Change user license; Set user manager; \
         Convert federated user to managed; Create application password for user; \
         Delete application password for user; User changed default security info; \
         User updated security info; Admin updated security info; \
         Blocked from self-service password reset; \
         Self-service password reset flow activity progress; Redeem external user invite; \
         Suspicious activity reported; Update attribute values assigned to a user",
    ),
    ("3006 6", "Add group"),
    ("3006 5", "Delete group; Hard Delete group"),
    ("3006 3", "Add member to group"),
    ("3006 4", "Remove member from group"),
    ("3006 1", "Add app role assignment to group"),
    ("3006 2", "Remove app role assignment from group"),
    (
        "3006 99",
        "Update group; Restore group; Add owner to group; Remove owner from group; \
         Set group license; Update group settings",
    ),
    (
        "3005 1",
        "Add member to role; Add eligible member to role; Add scoped member to role; \
         Add EligibleRoleAssignment to RoleDefinition; Add role assignment to role definition; \
         Add member to role completed (PIM activation); \
         Add member to role in PIM completed (permanent); \
         Add member to role in PIM completed (timebound); \
         Add eligible member to role in PIM completed (permanent); \
         Add eligible member to role in PIM completed (timebound); \
         Add member to role outside of PIM (permanent); Restore member from role; \
         Add app role assignment grant to user; Consent to application; \
         Add delegated permission grant; Add app role assignment to service principal; \
         Add owner to application; Add owner to service principal; \
         Administrator directly assigns user to access package; \
         Fulfill access package assignment request",
    ),
    (
        "3005 2",
        "Remove member from role; Remove eligible member from role; \
         Remove scoped member from role; Remove role assignment from role definition; \
         Remove member from role completed (PIM deactivate); \
         Remove member from role (PIM activation expired); \
         Remove member from role in PIM completed; \
         Remove eligible member from role in PIM completed; \
         Remove member from role in PIM completed (permanent); \
         Remove eligible member from role in PIM completed (timebound); \
         Remove permanent direct role assignment; Remove permanent eligible role assignment; \
         Remove app role assignment from user; Remove delegated permission grant; \
         Remove app role assignment from service principal; Remove owner from application; \
         Remove owner from service principal; \
         Administrator directly removes user access package assignment; \
         Remove access package resource assignment",
    ),
    (
        "3005 99",
        "Add member to role requested (PIM activation); \
         Add member to role approval requested (PIM activation); \
         Add member to role request approved (PIM activation); \
         Add member to role request denied (PIM activation); \
         Add eligible member to role in PIM requested (permanent); \
         Add eligible member to role in PIM canceled (renew)",
    ),
    (
        "3004 1",
        "Add application; Add service principal; Create federated identity credential; \
         Add Conditional Access policy; Add named location; Add policy; \
         Add a partner to cross-tenant access setting; Add permission grant policy; \
         Add role definition; Add unverified domain; Add verified domain; Add partner to company; \
         Add administrative unit; Add device; Add BitLocker key",
    ),
    (
        "3004 2",
        "Read BitLocker key; Reveal local administrator password; \
         Recover device local administrator password",
    ),
    (
        "3004 3",
        "Update application; Update application \u{2013} Certificates and secrets management; \
         Update service principal; Add service principal credentials; \
         Remove service principal credentials; Set verified publisher; Add policy to application; \
         Update conditional access policy; Update named location; Update security defaults; \
         Update authorization policy; Authentication Methods Policy Update; \
         Update IdentityProtectionPolicy; Update User Risk and MFA Registration Policy; \
         Set device registration policies; Update policy; Update role setting in PIM; \
         Update a partner cross-tenant access setting; Update permission grant policy; \
         Update role definition; Set federation settings on domain; Set domain authentication; \
         Verify domain; Update domain; Set Company Information; Set DirSyncEnabled flag; \
         Set DirSync feature; Update company settings; Update administrative unit; \
         Add member to administrative unit; Remove member from administrative unit; Update device; \
         Add registered owner to device; Add registered users to device; \
         Remove registered owner from device; Remove registered users from device",
    ),
    (
        "3004 4",
        "Delete application; Hard Delete application; Remove service principal; \
         Hard delete service principal; Delete Conditional Access policy; Delete named location; \
         Delete policy; Delete partner specific cross-tenant access setting; \
         Delete role definition; Remove verified domain; Remove unverified domain; \
         Remove partner from company; Delete administrative unit; Hard Delete administrative unit; \
         Delete device; Delete BitLocker key",
    ),
    ("3004 6", "Register device"),
    ("3004 7", "Unregister device"),
    ("3004 8", "Enable PIM alert; Enable passthrough authentication; Enable Desktop Sso"),
    ("3004 9", "Disable PIM alert; Disable passthrough authentication; Disable Desktop Sso"),
    (
        "3004 99",
        "Restore application; Restore service principal; Triggered PIM alert; \
         Device no longer compliant; Device no longer managed",
    ),
    (
        "6003 2",
        "Download users - finished (bulk); Download group members - finished (bulk); \
         Get tenant details; GroupLifecyclePolicies_Get; Settings_GetAll",
    ),
    ("2004 2", "ConfirmAccountCompromised; ConfirmCompromised; ConfirmServicePrincipalCompromised"),
    ("2004 3", "ConfirmSafe; DismissUser; DismissServicePrincipal"),
];

#[tokio::test]
async fn every_activity_of_the_mapping_is_the_event_it_says() {
    for (expected, names) in EXPECTED {
        let values: Vec<_> = names.split("; ").map(|name| format!("('{name}')")).collect();
        let arguments = format!("name, 'Other', 'Update', {ALL_TARGETS}, {CALLER}");
        let sql = format!(
            "SELECT entra_audit_class({arguments}), entra_audit_activity({arguments}), name \
               FROM (VALUES {}) AS t(name)",
            values.join(", ")
        );
        let expected: Vec<_> = names.split("; ").map(|name| format!("{expected} {name}")).collect();
        assert_eq!(rows(&sql).await, expected);
    }
}

#[tokio::test]
async fn every_name_of_the_table_is_expected_here() {
    let normal = |name: &str| name.to_lowercase().replace('\u{2013}', "-");
    let expected: Vec<_> =
        EXPECTED.iter().flat_map(|(_, names)| names.split("; ")).map(normal).collect();
    // Spellings and variants of what is expected in one of them.
    let variants = [
        "delete fido2 security key",
        "delete fido2 security keys",
        "remove member from role in pim completed (timebound)",
        "remove eligible member from role in pim completed (permanent)",
        "add member to restricted management administrative unit",
        "remove member from restricted management administrative unit",
    ];
    for activity in crate::ocsf::activities::TABLE {
        for name in activity.names.iter().map(|name| normal(name)) {
            assert!(expected.contains(&name) || variants.contains(&name.as_str()), "{name}");
        }
    }
}

#[tokio::test]
async fn an_unknown_activity_goes_by_category_and_operation() {
    let all = ALL_TARGETS;
    for (category, operation, expected) in [
        ("UserManagement", "Update", "3001 99"),
        ("usermanagement", "", "3001 99"),
        ("GroupManagement", "Update", "3006 99"),
        ("RoleManagement", "Assign", "3005 99"),
        ("ApplicationManagement", "Add", "3004 1"),
        ("Policy", "Create", "3004 1"),
        ("Policy", "update", "3004 3"),
        ("Policy", "Assign", "3004 3"),
        ("Policy", "Unassign", "3004 3"),
        ("Policy", "Delete", "3004 4"),
        ("Policy", "ActivateRole", "3004 99"),
        ("", "", "3004 99"),
    ] {
        let found = is("Something new", category, operation, all, "NULL").await;
        assert_eq!(found, expected, "{category} {operation}");
    }
    let nothing = "SELECT entra_audit_class(NULL, NULL, NULL, NULL, NULL), \
                          entra_audit_activity(NULL, NULL, NULL, NULL, NULL)";
    assert_eq!(rows(nothing).await, ["3004 99"]);
}

#[tokio::test]
async fn what_lacks_a_part_its_class_requires_is_entity_management() {
    let role: &[_] = &[("Role.DisplayName", "", "\"Reader\"")];
    let nobody = "[named_struct('id', '', 'type', 'User', 'display_name', NULL)]".to_owned();
    for (name, targets, expected) in [
        ("Delete user", format!("[{}]", target("x", "Other")), "3004 4"),
        ("Delete user", nobody.clone(), "3004 4"),
        ("Delete user", "NULL".to_owned(), "3004 4"),
        ("Delete user", format!("[{}]", target("s", "ServicePrincipal")), "3001 6"),
        ("Delete group", format!("[{}]", target("u", "User")), "3004 4"),
        ("Add member to role", format!("[{}]", target("u", "User")), "3004 4"),
        ("Add member to role", format!("[{}]", changed("u", "User", role)), "3005 1"),
        ("Add member to role", format!("[{}]", changed("s", "ServicePrincipal", role)), "3005 1"),
        ("Add member to role", format!("[{}]", changed("g", "Group", role)), "3006 1"),
        ("Remove member from role", format!("[{}]", changed("g", "Group", role)), "3006 2"),
        ("Add member to role", format!("[{}]", changed("o", "Other", role)), "3004 4"),
        (
            "Add owner to service principal",
            format!("[{}]", target("s", "ServicePrincipal")),
            "3004 4",
        ),
        ("Consent to application", format!("[{}]", target("s", "ServicePrincipal")), "3004 4"),
        ("ConfirmSafe", nobody, "3004 4"),
        ("DismissServicePrincipal", format!("[{}]", target("s", "ServicePrincipal")), "2004 3"),
    ] {
        let found = is(name, "", "Delete", &targets, "NULL").await;
        assert_eq!(found, expected, "{name} {targets}");
    }
}

#[tokio::test]
async fn a_read_is_api_activity_if_it_is_known_who_and_from_where() {
    let user = |fields: &str| format!("named_struct('user', named_struct({fields}), 'app', NULL)");
    for (by, class) in [
        (CALLER.to_owned(), "6003 2"),
        (user("'user_principal_name', 'a@b.c', 'ip_address', '2001:db8::7'"), "6003 2"),
        (user("'id', 'a1', 'ip_address', ''"), "3004 2"),
        (user("'id', '', 'ip_address', '198.51.100.7'"), "3004 2"),
        ("named_struct('user', NULL, 'app', named_struct('app_id', '1'))".to_owned(), "3004 2"),
        ("NULL".to_owned(), "3004 2"),
    ] {
        let found = is("Download users - finished (bulk)", "Other", "Update", "NULL", &by).await;
        assert_eq!(found, class, "{by}");
    }
}

#[tokio::test]
async fn members_of_groups_are_told_by_type() {
    let user = target("u", "User");
    let group = target("g", "Group");
    let member = changed("m", "Group", &[("Group.ObjectID", "", "\"g\"")]);
    for (targets, activities, picked) in [
        (format!("[{user}, {group}]"), ["3", "4"], "g NULL u"),
        (format!("[{group}, {user}]"), ["3", "4"], "g NULL u"),
        (format!("[{member}, {group}]"), ["7", "8"], "g m NULL"),
        (format!("[{group}, {member}]"), ["7", "8"], "g m NULL"),
        (format!("[{member}]"), ["7", "8"], "g m NULL"),
        (format!("[{group}]"), ["7", "8"], "g NULL NULL"),
        (format!("[{}, {group}]", target("d", "Device")), ["99", "99"], "g NULL NULL"),
    ] {
        for (name, activity) in
            ["Add member to group", "Remove member from group"].into_iter().zip(activities)
        {
            let found = is(name, "GroupManagement", "Assign", &targets, "NULL").await;
            assert_eq!(found, format!("3006 {activity}"), "{name} {targets}");
            let part =
                |part| format!("entra_audit_target('{name}', NULL, {targets}, '{part}')['id']");
            let [group, subgroup, user] = ["group", "subgroup", "user"].map(part);
            let sql = format!("SELECT {group}, {subgroup}, {user}");
            assert_eq!(rows(&sql).await, [picked], "{name} {targets}");
        }
    }
}

#[tokio::test]
async fn a_policy_turned_off_is_disabled_and_severe() {
    let state = |state: &str| format!("{{\"displayName\":\"MFA\",\"state\":\"{state}\"}}");
    let (on, off) = (state("enabled"), state("disabled"));
    let reports = state("enabledForReportingButNotEnforced");
    for (old, new, activity, severities) in [
        (on.as_str(), off.as_str(), "9", "4 3"),
        (off.as_str(), on.as_str(), "8", "3 1"),
        (on.as_str(), on.as_str(), "3", "3 1"),
        (on.as_str(), reports.as_str(), "3", "3 1"),
        (reports.as_str(), off.as_str(), "9", "4 3"),
        ("", off.as_str(), "9", "4 3"),
        ("{}", "no JSON", "3", "3 1"),
    ] {
        let name = "Update Conditional Access Policy";
        let targets =
            format!("[{}]", changed("p", "Policy", &[("ConditionalAccessPolicy", old, new)]));
        let found = is(name, "Policy", "Update", &targets, "NULL").await;
        assert_eq!(found, format!("3004 {activity}"), "{old} {new}");
        let severity = |result| {
            format!("entra_severity_id('{name}', 'Policy', 'Update', '{result}', {targets})")
        };
        let sql = format!("SELECT {}, {}", severity("failure"), severity("success"));
        assert_eq!(rows(&sql).await, [severities], "{old} {new}");
    }
}

#[tokio::test]
async fn severity_is_that_of_operation_and_result() {
    for (name, category, operation, result, expected) in [
        ("Add member to role", "RoleManagement", "Assign", "failure", "4 High"),
        ("Add member to role", "RoleManagement", "Assign", "timeout", "4 High"),
        ("Add member to role", "RoleManagement", "Assign", "success", "3 Medium"),
        ("Add member to role", "GroupManagement", "Assign", "failure", "3 Medium"),
        ("Add service principal credentials", "", "Update", "failure", "4 High"),
        ("Set domain authentication", "", "Update", "failure", "4 High"),
        ("Delete conditional access policy", "Policy", "Delete", "failure", "4 High"),
        ("Update user", "UserManagement", "Update", "failure", "3 Medium"),
        ("Something new", "Other", "Create", "failure", "3 Medium"),
        ("Something new", "Other", "", "failure", "2 Low"),
        ("Update user", "UserManagement", "Update", "success", "1 Informational"),
        ("Update user", "UserManagement", "Update", "unknownFutureValue", "0 Unknown"),
        ("GroupLifecyclePolicies_Get", "GroupManagement", "Update", "failure", "2 Low"),
        ("Read BitLocker key", "KeyManagement", "Update", "failure", "2 Low"),
        ("Read BitLocker key", "KeyManagement", "Update", "success", "1 Informational"),
    ] {
        let arguments = format!("'{name}', '{category}', '{operation}', '{result}', NULL");
        let sql = format!("SELECT entra_severity_id({arguments}), entra_severity({arguments})");
        assert_eq!(rows(&sql).await, [expected], "{name} {result}");
    }
    for (level, expected) in
        [("high", "4"), ("Medium", "3"), ("low", "2"), ("none", "1"), ("hidden", "0")]
    {
        let sql = format!("SELECT entra_risk_severity_id('{level}')");
        assert_eq!(rows(&sql).await, [expected]);
    }
}
