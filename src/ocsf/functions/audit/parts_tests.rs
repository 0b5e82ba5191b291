//! The parts of an audit: who is given something, what it is, and by what right.

use crate::ocsf::functions::audit::tests::{changed, rows, target};

#[tokio::test]
async fn privileges_are_taken_out_of_their_json() {
    let reader = ("Role.DisplayName", "\"Old\"", "\"New\"");
    let template = ("Role.TemplateId", "", "\"62e90394-69f5-4237-9190-012177145e10\"");
    let scopes = ("DelegatedPermissionGrant.Scope", "\" A B\"", "\" A B C\"");
    let consent = (
        "ConsentAction.Permissions",
        "",
        "\"[] => [[Id: 1, Scope: Mail.Read offline_access, X: ]]\"",
    );
    for (name, property, expected) in [
        ("Add member to role", reader, "[New]"),
        ("Remove member from role", reader, "[Old]"),
        ("Add member to role requested (PIM activation)", reader, "[New]"),
        ("Add member to role", template, "[Global Administrator]"),
        ("Add delegated permission grant", scopes, "[C]"),
        (
            "Remove delegated permission grant",
            ("DelegatedPermissionGrant.Scope", "\"A\"", ""),
            "[A]",
        ),
        ("Consent to application", consent, "[Mail.Read, offline_access]"),
        (
            "Add app role assignment to service principal",
            ("AppRole.Value", "", "\"X.All\""),
            "[X.All]",
        ),
        ("Remove app role assignment from user", ("AppRole.Value", "\"X.All\"", ""), "[X.All]"),
        ("Remove owner from application", ("x", "", ""), "[Owner]"),
        ("Add member to role", ("x", "", ""), "NULL"),
        ("Update user", reader, "NULL"),
    ] {
        let targets = format!("[{}]", changed("u", "User", &[property]));
        let sql = format!("SELECT entra_audit_privileges('{name}', NULL, {targets})");
        assert_eq!(rows(&sql).await, [expected], "{name}");
    }
}

#[tokio::test]
async fn an_app_that_is_granted_something_is_not_the_one_that_has_it() {
    let grant = &[
        ("AppRole.Value", "", "\"Mail.Send\""),
        ("ServicePrincipal.ObjectID", "", "\"client\""),
        ("ServicePrincipal.DisplayName", "", "\"Backup\""),
    ];
    let api = changed("graph", "ServicePrincipal", grant);
    let client = target("client", "ServicePrincipal");
    let name = "Add app role assignment to service principal";
    for (targets, shown) in [
        (format!("[{api}, {client}]"), "client"),
        (format!("[{client}, {api}]"), "client"),
        (format!("[{api}]"), "Backup"),
    ] {
        let user = format!("entra_audit_target('{name}', NULL, {targets}, 'user')");
        let resource = format!("entra_audit_target('{name}', NULL, {targets}, 'resource')");
        let sql = format!("SELECT {user}['id'], {user}['display_name'], {resource}['id']");
        assert_eq!(rows(&sql).await, [format!("client {shown} graph")], "{targets}");
    }
    let (owner, owned) = (
        changed("owner", "ServicePrincipal", &[("ServicePrincipal.ObjectID", "", "\"owned\"")]),
        target("owned", "ServicePrincipal"),
    );
    let name = "Add owner to service principal";
    let part =
        |part| format!("entra_audit_target('{name}', NULL, [{owned}, {owner}], '{part}')['id']");
    let sql = format!("SELECT {}, {}", part("user"), part("resource"));
    assert_eq!(rows(&sql).await, ["owner owned"]);
}

#[tokio::test]
async fn an_entity_has_the_type_of_its_activity_or_its_own() {
    let user = target("u", "User");
    for (name, targets, expected) in [
        (
            "Add registered owner to device",
            format!("[{user}, {}]", target("d", "Device")),
            "d 1 Device",
        ),
        ("Update policy", format!("[{}]", target("p", "Policy")), "p 5 Policy"),
        ("Add named location", format!("[{}]", target("l", "Policy")), "l 7 Network Zone"),
        ("Update domain", format!("[{}]", target("d", "Other")), "d 99 Domain"),
        ("Update application", format!("[{}]", target("a", "Application")), "a 99 Application"),
        ("Something new", format!("[{}]", target("d", "Directory")), "d 4 Organization"),
        ("Something new", format!("[{user}]"), "u 2 User"),
        ("Something new", format!("[{}]", target("o", "Other")), "o 0 Unknown"),
        ("Something new", format!("[{}]", target("n", "N/A")), "n 99 N/A"),
        ("Something new", "NULL".to_owned(), "NULL 4 Organization"),
        (
            "Update policy",
            "[named_struct('id', NULL, 'type', 'Policy')]".to_owned(),
            "NULL 4 Organization",
        ),
        ("Something new", "[named_struct('id', 'x', 'type', NULL)]".to_owned(), "x 0 Unknown"),
    ] {
        let sql = format!(
            "SELECT entra_audit_target('{name}', NULL, {targets}, 'entity')['id'], \
                    entra_audit_entity_type_id('{name}', {targets}), \
                    entra_audit_entity_type('{name}', {targets})"
        );
        assert_eq!(rows(&sql).await, [expected], "{name} {targets}");
    }
}

#[tokio::test]
async fn targets_are_resources_unless_they_have_no_name() {
    let sql =
        format!("SELECT entra_audit_resources([{}, {}])", target("a", "User"), target("", "N/A"));
    assert_eq!(rows(&sql).await, ["[{uid: a, name: a, type: User, role_id: 1, role: Target}]"]);
    let none = format!("SELECT entra_audit_resources([{}])", target("", "N/A"));
    assert_eq!(rows(&none).await, ["NULL"]);
}

#[tokio::test]
async fn what_nobody_listed_is_read_by_its_category() {
    let targets = format!("[{}]", changed("u", "User", &[("Role.DisplayName", "", "\"Reader\"")]));
    let sql = |category: &str| {
        format!("SELECT entra_audit_privileges('Something new', '{category}', {targets})")
    };
    assert_eq!(rows(&sql("RoleManagement")).await, ["[Reader]"]);
    assert_eq!(rows(&sql("Policy")).await, ["NULL"]);
}

#[tokio::test]
async fn changed_properties_are_named_once() {
    let names = [("A", "", "1"), ("B", "", "2"), ("A", "1", "2")];
    let listed = ("Included Updated Properties", "", "\"A, B\"");
    let (one, two) = (changed("u", "User", &names), changed("v", "User", &[listed]));
    let sql = format!("SELECT entra_audit_changes([{one}, {two}])");
    assert_eq!(rows(&sql).await, ["[A, B]"]);
    assert_eq!(rows(&format!("SELECT entra_audit_changes([{two}])")).await, ["NULL"]);
    assert_eq!(rows("SELECT entra_audit_changes(NULL)").await, ["NULL"]);
}

#[tokio::test]
async fn a_decision_tells_the_status_of_its_finding() {
    for (name, status) in [
        ("ConfirmSafe", "4"),
        ("DismissUser", "3"),
        ("confirmCompromised", "2"),
        ("Add user", "NULL"),
    ] {
        let sql = format!("SELECT entra_audit_finding_status_id('{name}')");
        assert_eq!(rows(&sql).await, [status], "{name}");
    }
}
