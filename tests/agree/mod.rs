//! Pushdown on, pushdown off, and a reading of the world's JSON that shares no code with
//! the engine must give the same rows, for predicates nobody wrote by hand.
//!
//! Values are taken from the rows themselves, then bent: other case, one character more,
//! a second more or less. The seeds are fixed; `ENTRAQL_AGREE_CASES` asks for more.

pub mod dice;
mod joins;
mod newest;
mod predicate;
mod value;
pub mod world;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use entraql::graph::Pacing;
use entraql::sim::{Options, WorldName};
use entraql::{Engine, Settings};

use predicate::Predicate;
use world::{Field, Table, tables};

/// Predicates per table.
const CASES: u64 = 100;
/// One in so many runs with the cache, too, twice.
const EVERY: u64 = 4;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_657_600, 0).unwrap()
}

async fn engine() -> Engine {
    let options =
        Options { world: WorldName::Tiny, now: now(), max_page: Some(7), ..Options::default() };
    let settings = Settings { pacing: Pacing::Off, now: Some(now()), ..Settings::default() };
    Engine::simulated(options, settings).await.unwrap()
}

/// The ids a query returns, each with how often.
async fn ids(engine: &Engine, sql: &str) -> BTreeMap<String, usize> {
    let mut query = engine.query(sql).await.unwrap_or_else(|e| panic!("{sql}\n{e:?}"));
    let mut found = BTreeMap::new();
    while let Some(batch) = query.next().await.unwrap_or_else(|e| panic!("{sql}\n{e:?}")) {
        for row in 0..batch.num_rows() {
            let id = |column: &ArrayRef| {
                let ids = column.as_string::<i32>();
                if ids.is_null(row) { "NULL".to_owned() } else { ids.value(row).to_owned() }
            };
            let ids: Vec<String> = batch.columns().iter().map(id).collect();
            *found.entry(ids.join("|")).or_default() += 1;
        }
    }
    found
}

async fn check(on: &Engine, off: &Engine, table: &Table, predicate: &Predicate) -> bool {
    let sql = table.sql(predicate);
    let expected = table.ids(predicate);
    let pushed = ids(on, &sql).await;
    assert_eq!(pushed, expected, "pushdown on, against the world:\n{sql}");
    assert_eq!(ids(off, &sql).await, expected, "pushdown off, against the world:\n{sql}");
    !expected.is_empty()
}

/// The columns Graph can filter by that were in no filter.
async fn unasked<'a>(engine: &Engine, table: &'a Table) -> Vec<&'a str> {
    let seen = engine.simulator().unwrap().seen();
    let mut asked: Vec<String> = seen.into_iter().map(|seen| seen.target).collect();
    // What a batch asks for the rows of many parents is seen in the plan only.
    for predicate in Predicate::declared(table) {
        asked.extend(ids(engine, &format!("EXPLAIN {}", table.sql(&predicate))).await.into_keys());
    }
    let targets = asked.iter().flat_map(|text| text.split_whitespace());
    let filters = targets.filter_map(|target| target.split_once("$filter="));
    let named: BTreeSet<String> = filters.flat_map(|(_, filter)| words(filter)).collect();
    let is_named = |field: &Field| {
        let path = field.path.join("/");
        named.contains(&format!("{path}/any")) || named.contains(&path)
    };
    // A key is asked for by path, or by a list of them: the other tests see to that.
    let is_key = |field: &Field| table.key.iter().any(|(column, _)| *column == field.sql);
    let filterable = table.fields.iter().filter(|f| f.is_filterable() && !is_key(f));
    filterable.filter(|field| !is_named(field)).map(|field| field.sql.as_str()).collect()
}

fn words(filter: &str) -> Vec<String> {
    let filter = filter.replace("%20", " ");
    let ends = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '/'));
    filter.split(ends).map(str::to_owned).collect()
}

fn cases() -> u64 {
    std::env::var("ENTRAQL_AGREE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES)
}

/// A query asks at most once, and its rows are the same whether it asks or not.
async fn check_cached(cached: &Engine, table: &Table, predicate: &Predicate) {
    let sql = table.sql(predicate);
    let expected = table.ids(predicate);
    assert_eq!(ids(cached, &sql).await, expected, "into the cache:\n{sql}");
    let before = cached.simulator().unwrap().seen().len();
    assert_eq!(ids(cached, &sql).await, expected, "from the cache:\n{sql}");
    assert_eq!(cached.simulator().unwrap().seen().len(), before, "asked again:\n{sql}");
}

/// A log read in spans has the rows of one read page by page.
async fn check_sliced(sliced: &Engine, table: &Table, predicate: &Predicate) -> bool {
    let sql = table.sql(predicate);
    assert_eq!(ids(sliced, &sql).await, table.ids(predicate), "in spans:\n{sql}");
    let mut query = sliced.query(&sql).await.unwrap();
    while query.next().await.unwrap().is_some() {}
    query.receipt().scans.iter().any(|scan| scan.spans > 1)
}

/// The number of rows is that of the world, whoever counts.
async fn check_counted(on: &Engine, table: &Table, predicate: &Predicate) {
    let sql = table.count(predicate);
    let rows = table.ids(predicate).values().sum::<usize>();
    let expected = BTreeMap::from([(rows.to_string(), 1)]);
    assert_eq!(ids(on, &sql).await, expected, "counted, against the world:\n{sql}");
}

async fn agree(name: &str) {
    let (on, off, cached) = (engine().await, engine().await, engine().await);
    cached.set("entra.cache_ttl", "1h").unwrap();
    off.query("SET entra.pushdown = false").await.unwrap();
    let world = on.simulator().unwrap().world();
    let table = tables(&world).into_iter().find(|t| t.name == name).unwrap();
    assert!(!table.rows.is_empty(), "the world has no rows for {name}");
    for predicate in Predicate::declared(&table) {
        check(&on, &off, &table, &predicate).await;
        check_counted(&on, &table, &predicate).await;
    }
    let is_log = entraql::tables::ALL.iter().any(|t| t.name == name && t.newest_first.is_some());
    let sliced = engine().await;
    sliced.set("entra.parallel_slices", "3").unwrap();
    sliced.set("entra.page_size", "2").unwrap();
    let (mut hits, mut cut) = (0, 0);
    for seed in 0..cases() {
        let predicate = Predicate::generate(&table, seed);
        if seed % EVERY == 0 {
            check_cached(&cached, &table, &predicate).await;
            check_counted(&on, &table, &predicate).await;
        }
        if is_log {
            cut += u64::from(check_sliced(&sliced, &table, &predicate).await);
        }
        hits += u64::from(check(&on, &off, &table, &predicate).await);
    }
    for engine in [&on, &sliced] {
        let refused = engine.simulator().unwrap().refusals();
        assert!(refused.is_empty(), "the simulator refused: {refused:#?}");
    }
    let seen = on.simulator().unwrap().seen();
    let counted = seen.iter().any(|seen| seen.target.contains("/$count?$filter="));
    // No filter on applications is exact.
    let countable = ["devices", "groups", "service_principals", "users"];
    assert_eq!(counted, countable.contains(&name), "whether Graph counted what a filter keeps");
    let unasked = unasked(&on, &table).await;
    assert!(unasked.is_empty(), "no filter on {name} named {unasked:?}");
    let cases = cases();
    let is_long = is_log && table.rows.len() > 12;
    assert!(!is_long || cut * 5 > cases, "only {cut} queries of {name} were read in spans");
    // Predicates that match nothing prove little.
    assert!(hits * 3 > cases, "only {hits} predicates of {name} matched a row");
}

macro_rules! agreement {
    ($($table:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($table)),*];
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $table() {
                agree(stringify!($table)).await;
            }
        )*
    };
}

#[test]
fn every_table_is_tested() {
    let all: Vec<_> = entraql::tables::ALL.iter().map(|table| table.name).collect();
    assert_eq!(TESTED, all);
}

agreement! {
    access_review_decisions
    access_review_definitions
    access_review_instances
    administrative_unit_members
    administrative_unit_scoped_roles
    administrative_units
    agent_card_manifests
    agent_collections
    agent_identities
    agent_identity_blueprint_principals
    agent_identity_blueprints
    agent_instances
    agent_registrations
    agent_risk_detections
    agent_users
    app_credential_sign_in_activities
    app_role_assignments
    application_owners
    application_sign_in_summaries
    applications
    audits
    authentication_context_class_references
    authentication_methods_policy
    authentication_strength_policies
    authorization_policy
    conditional_access_policies
    cross_tenant_access_default
    cross_tenant_access_partners
    cross_tenant_access_policy
    custom_security_attribute_audits
    deleted_administrative_units
    deleted_applications
    deleted_devices
    deleted_groups
    deleted_service_principals
    deleted_users
    detected_apps
    device_compliance_policies
    device_configurations
    device_owners
    device_users
    devices
    directory_role_members
    directory_roles
    domains
    federated_identity_credentials
    group_members
    group_owners
    group_transitive_members
    groups
    identity_providers
    managed_devices
    managed_identity_sign_ins
    mobile_apps
    named_locations
    non_interactive_sign_ins
    oauth2_permission_grants
    organization
    provisioning_logs
    risk_detections
    risky_agents
    risky_service_principal_history
    risky_service_principals
    risky_user_history
    risky_users
    role_assignment_schedule_instances
    role_assignments
    role_definitions
    role_eligibility_schedule_instances
    role_management_alerts
    security_alerts
    security_defaults_policy
    security_incidents
    service_principal_owners
    service_principal_risk_detections
    service_principal_sign_in_activities
    service_principal_sign_ins
    service_principals
    sign_ins
    subscribed_skus
    synchronization_jobs
    user_authentication_methods
    user_license_details
    user_mailbox_settings
    user_member_of
    user_registration_details
    users
    users_registered_by_feature
    users_registered_by_method
}
