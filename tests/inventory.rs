//! `ocsf.user_inventory`: two accounts as an asset pipeline reads them, and what a row costs.

use entraql::graph::Pacing;
use entraql::sim::{FaultScript, Options, WorldName};
use entraql::spec::property_name;
use entraql::{Engine, Settings, tables};
use serde_json::{Value, json};

const MARY: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
const ROBERT: &str = "b2c3d4e5-f6a7-8901-bcde-f12345678901";
/// Somebody of whom Graph tells next to nothing.
const NOBODY: &str = "c3d4e5f6-a7b8-9012-cdef-123456789012";

/// The accounts as Graph keeps them: groups are objects, sign-ins a record of their own.
fn world() -> Value {
    let group = |number: u32, name: &str| {
        json!({ "id": format!("90000000-0000-4000-8000-00000000000{number}"),
                "displayName": name, "groupTypes": [], "securityEnabled": true })
    };
    let circle = |number: u32, members: &[&str]| {
        json!({ "group": format!("90000000-0000-4000-8000-00000000000{number}"),
                "members": members, "owners": [] })
    };
    json!({
        "rows": {
            "users": [
                {
                    "id": MARY,
                    "userPrincipalName": "mary.jones@example.com",
                    "displayName": "Mary Jones",
                    "givenName": "Mary",
                    "surname": "Jones",
                    "mail": "mary.jones@example.com",
                    "jobTitle": "Financial Analyst",
                    "department": "Finance",
                    "officeLocation": "New York, NY",
                    "mobilePhone": "+1-555-234-5678",
                    "businessPhones": ["+1-555-234-5678"],
                    "createdDateTime": "2020-06-04T10:00:00Z",
                    "signInActivity": { "lastSignInDateTime": "2025-08-26T09:30:00Z" },
                    "accountEnabled": true,
                    "userType": "Member",
                    "employeeId": "EMP456",
                    "onPremisesUserPrincipalName": "mary.jones@example.com",
                    "onPremisesSyncEnabled": true,
                    "assignedLicenses": [
                        { "skuId": "6fd2c87f-bc8f-4e6d-8d55-d453c968c64f", "disabledPlans": [] },
                    ],
                },
                {
                    "id": ROBERT,
                    "userPrincipalName": "robert.smith@example.com",
                    "displayName": "Robert Smith",
                    "givenName": "Robert",
                    "surname": "Smith",
                    "mail": "robert.smith@example.com",
                    "jobTitle": "Senior Software Engineer",
                    "department": "Engineering",
                    "officeLocation": "San Francisco, CA",
                    "mobilePhone": "+1-555-345-6789",
                    "businessPhones": ["+1-555-345-6789"],
                    "createdDateTime": "2020-06-04T10:00:00Z",
                    "signInActivity": { "lastSignInDateTime": "2025-06-10T14:00:00Z" },
                    "accountEnabled": false,
                    "userType": "Member",
                    "employeeId": "EMP789",
                    "onPremisesUserPrincipalName": "robert.smith@example.com",
                    "onPremisesSyncEnabled": true,
                    "assignedLicenses": [],
                },
                {
                    "id": NOBODY,
                    "userPrincipalName": "nobody@example.com",
                    "businessPhones": [],
                    "signInActivity": { "lastSignInDateTime": "0001-01-01T00:00:00Z" },
                    "createdDateTime": "2020-06-04T10:00:00.999Z",
                },
            ],
            "groups": [group(1, "Finance Users"), group(2, "All Users"), group(3, "Engineering Users")],
        },
        "circles": [circle(1, &[MARY]), circle(2, &[MARY]), circle(3, &[ROBERT])],
    })
}

async fn engine(options: Options) -> Engine {
    let own = Some(world().to_string());
    let options = Options { world: WorldName::Tiny, own, ..options };
    let settings = Settings { pacing: Pacing::Off, ..Settings::default() };
    Engine::simulated(options, settings).await.unwrap()
}

/// The rows as JSON, nulls left out.
async fn rows(engine: &Engine, sql: &str) -> Vec<Value> {
    let mut query = engine.query(sql).await.unwrap();
    let mut writer = datafusion::arrow::json::LineDelimitedWriter::new(Vec::new());
    while let Some(batch) = query.next().await.unwrap() {
        writer.write(&batch).unwrap();
    }
    let text = String::from_utf8(writer.into_inner()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What every event says, whoever it is about.
fn event(user: Value, data: Value) -> Value {
    json!({
        "activity_id": 2,
        "activity_name": "Collect",
        "category_name": "Discovery",
        "category_uid": 5,
        "class_name": "User Inventory Info",
        "class_uid": 5003,
        "type_uid": 500_302,
        "type_name": "User Inventory Info: Collect",
        "severity": "Informational",
        "severity_id": 1,
        "time": 1_591_264_800,
        "metadata": { "product": { "name": "Microsoft Entra ID" }, "version": "1.6.0" },
        "user": user,
        "enrichments": [{ "name": "access_control", "value": "entra_id", "data": data }],
    })
}

fn mary() -> Value {
    event(
        json!({
            "uid": MARY,
            "name": "mary.jones@example.com",
            "full_name": "Mary Jones",
            "email_addr": "mary.jones@example.com",
            "is_enabled": true,
            "department": "Finance",
            "job_title": "Financial Analyst",
            "employee_id": "EMP456",
            "office_location": "New York, NY",
            "phone": "+1-555-234-5678",
            "work_phone": "+1-555-234-5678",
            "is_synced": true,
            "on_premises_upn": "mary.jones@example.com",
            "created_time": 1_591_264_800,
            "last_login_time": 1_756_200_600,
            "has_groups": true,
            "has_licenses": true,
            "licenses_count": 1,
            "account": {
                "uid": "mary.jones@example.com",
                "name": "mary.jones@example.com",
                "type": "Entra ID",
                "type_id": 41,
            },
            "groups": [
                { "uid": "Finance Users", "name": "Finance Users" },
                { "uid": "All Users", "name": "All Users" },
            ],
        }),
        json!({
            "is_enabled": true,
            "last_sign_in": 1_756_200_600,
            "user_type": "Member",
            "assigned_licenses_count": 1,
        }),
    )
}

fn robert() -> Value {
    event(
        json!({
            "uid": ROBERT,
            "name": "robert.smith@example.com",
            "full_name": "Robert Smith",
            "email_addr": "robert.smith@example.com",
            "is_enabled": false,
            "department": "Engineering",
            "job_title": "Senior Software Engineer",
            "employee_id": "EMP789",
            "office_location": "San Francisco, CA",
            "phone": "+1-555-345-6789",
            "work_phone": "+1-555-345-6789",
            "is_synced": true,
            "on_premises_upn": "robert.smith@example.com",
            "created_time": 1_591_264_800,
            "last_login_time": 1_749_564_000,
            "has_groups": true,
            "has_licenses": false,
            "licenses_count": 0,
            "account": {
                "uid": "robert.smith@example.com",
                "name": "robert.smith@example.com",
                "type": "Entra ID",
                "type_id": 41,
            },
            "groups": [{ "uid": "Engineering Users", "name": "Engineering Users" }],
        }),
        json!({
            "is_enabled": false,
            "last_sign_in": 1_749_564_000,
            "user_type": "Member",
            "assigned_licenses_count": 0,
        }),
    )
}

/// Never signed in, in no group, and without what Graph does not tell.
fn nobody() -> Value {
    event(
        json!({
            "uid": NOBODY,
            "name": "nobody@example.com",
            "created_time": 1_591_264_800,
            "has_groups": false,
            "has_licenses": false,
            "licenses_count": 0,
            "account": {
                "uid": "nobody@example.com",
                "name": "nobody@example.com",
                "type": "Entra ID",
                "type_id": 41,
            },
        }),
        json!({ "assigned_licenses_count": 0 }),
    )
}

#[tokio::test]
async fn an_account_has_every_field_an_asset_pipeline_reads() {
    let engine = engine(Options::default()).await;
    let found = rows(&engine, "SELECT * FROM ocsf.user_inventory ORDER BY user.uid").await;
    assert_eq!(found, [mary(), robert(), nobody()]);
}

#[tokio::test]
async fn the_version_of_the_schema_does_not_change_it() {
    let engine = engine(Options::default()).await;
    rows(&engine, "SET entra.ocsf_version = '1.8.0'").await;
    let sql = format!("SELECT * FROM ocsf.user_inventory WHERE user.uid = '{MARY}'");
    assert_eq!(rows(&engine, &sql).await, [mary()]);
}

/// Paths of the requests on the wire, with `+` where the last sign-in is asked for.
fn sent(engine: &Engine) -> Vec<String> {
    let seen = engine.simulator().unwrap().seen();
    let wire = seen.iter().filter(|seen| !seen.target.contains("oauth2"));
    let path = |target: &str| target.split('?').next().unwrap_or_default().to_owned();
    let sign_in = |target: &str| if target.contains("signInActivity") { " +" } else { "" };
    wire.map(|seen| path(&seen.target) + sign_in(&seen.target)).collect()
}

#[tokio::test]
async fn a_name_costs_the_listing_of_users_alone() {
    let inventory = engine(Options::default()).await;
    for view in ["user_inventory", "user_inventory_strict"] {
        let before = sent(&inventory).len();
        let found = rows(&inventory, &format!("SELECT user.name AS name FROM ocsf.{view}")).await;
        assert_eq!(found.len(), 3, "{view}");
        assert_eq!(sent(&inventory)[before..], ["/v1.0/users"], "{view}");
    }
}

#[tokio::test]
async fn groups_and_sign_ins_are_asked_for_when_they_are_read() {
    let groups = engine(Options::default()).await;
    let sql = "SELECT user.name AS name FROM ocsf.user_inventory WHERE user.has_groups";
    assert_eq!(rows(&groups, sql).await.len(), 2);
    let asked = sent(&groups);
    assert!(asked.len() > 1 && asked.iter().all(|path| !path.ends_with('+')), "{asked:?}");

    let login = engine(Options::default()).await;
    let sql = "SELECT user.last_login_time AS login FROM ocsf.user_inventory";
    assert_eq!(rows(&login, sql).await.len(), 3);
    assert_eq!(sent(&login), ["/v1.0/users +"]);
}

#[tokio::test]
async fn groups_that_cannot_be_read_fail_the_query() {
    let refused = r#"{"about": "groups are refused", "steps": [
        {"when": {"path": "/v1.0/$batch", "times": 0},
         "do": {"reply": {"status": 403, "code": "Authorization_RequestDenied"}}}]}"#;
    let faults = Some(FaultScript::from_json(refused).unwrap());
    let engine = engine(Options { faults, ..Options::default() }).await;
    let mut query = engine.query("SELECT user.groups FROM ocsf.user_inventory").await.unwrap();
    let outcome = loop {
        match query.next().await {
            Ok(Some(_)) => {}
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(outcome.is_some(), "rows without their groups");
}

/// Views of one table, and the table.
const VIEWS: &[(&str, &str)] = &[
    ("application_inventory", "applications"),
    ("device_inventory", "devices"),
    ("group_inventory", "groups"),
    ("service_principal_inventory", "service_principals"),
    ("user_inventory_strict", "users"),
];

/// What `SELECT *` of a table has is what the view of it has, one way or another.
#[tokio::test]
async fn no_column_of_a_table_is_lost() {
    let engine = engine(Options::default()).await;
    for (view, table) in VIEWS {
        let plan = rows(&engine, &format!("EXPLAIN SELECT * FROM ocsf.{view}")).await;
        let plan = plan.iter().map(Value::to_string).collect::<String>();
        let spec = tables::find(table).unwrap();
        let start = format!("{}?$select=", spec.path);
        let (_, rest) = plan.split_once(&start).unwrap_or_else(|| panic!("{plan}"));
        let asked: Vec<_> = rest.split(['&', ' ', '"']).next().unwrap().split(',').collect();
        for column in spec.columns_served().filter(|column| !spec.hides(column)) {
            let name = property_name(column);
            assert!(asked.contains(&name.as_str()), "`{name}` has no place in {view}");
        }
    }
}
