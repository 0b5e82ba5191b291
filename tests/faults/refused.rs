//! Refusals that no retry heals: what is missing is named, and the kind says what to do.

use std::net::TcpListener;

use entraql::ErrorKind::{self, Auth, Config, License, Permission, Unavailable};
use entraql::sim::{Edition, Options, Simulator};
use entraql::spec::TableSpec;
use entraql::{Engine, Error, Secret, Tenant};

use crate::faults::rig::{Rig, options, run, settings, tenant};

const SCAN: &str = "SELECT id FROM sign_ins";

#[tokio::test]
async fn a_permission_taken_away_in_the_middle_is_no_short_result() {
    let rig = Rig::scripted("403_page_3").await;
    let error = rig.error(SCAN).await;
    assert_eq!((error.kind(), error.kind().exit_code()), (Permission, 4));
    assert!(error.message().contains("AuditLog.Read.All"), "{error}");
    assert!(error.hint().unwrap().contains("grant admin consent"), "{error:?}");
}

/// The error of a query when the app holds all roles but those, and none that opens other
/// tables, too: the roles of Intune let one read users.
async fn without(roles: &[&str], sql: &str) -> (Error, Rig) {
    let mut options = options();
    let is_broad =
        |held: &str| held.starts_with("Directory.") || held.starts_with("DeviceManagement");
    options.roles.retain(|held| !roles.contains(&held.as_str()) && !is_broad(held));
    let rig = Rig::with(options, settings()).await;
    (rig.error(sql).await, rig)
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    for table in entraql::tables::ALL {
        let (roles, name) = (table.permissions, table.name);
        let (error, rig) = without(roles, &format!("SELECT {} FROM {name}", table.key)).await;
        assert_eq!((error.kind(), error.kind().exit_code()), (Permission, 4), "{error:?}");
        let told = error.message();
        // Where rows belong to a parent, the parents are read first.
        let tables: Vec<&TableSpec> =
            std::iter::successors(Some(*table), |table| table.parent).collect();
        let named = |table: &&TableSpec| {
            told.contains(&format!("`{}`", table.name)) && told.contains(table.permissions[0])
        };
        let refused = tables.iter().position(named).unwrap_or_else(|| panic!("{name}: {error}"));
        let before = tables.len() - 1 - refused;
        // It may have been granted a moment ago: one new token, one more try. Batches under
        // way beside the refused one may have been tried too.
        let asked = rig.graph().len();
        assert!(if before == 0 { asked == 2 } else { asked >= before + 2 }, "{name}: {asked}");
        assert_eq!(rig.tokens(), 2, "{name}");
    }
}

async fn licensed(edition: Edition, table: &str) -> (Rig, Result<usize, Error>) {
    let rig = Rig::with(Options { edition, ..options() }, settings()).await;
    let rows = rig.run(&format!("SELECT id FROM {table}")).await.result;
    (rig, rows.map(|rows| rows.len()))
}

#[tokio::test]
async fn a_missing_license_is_named_and_other_tables_work() {
    for (edition, table, needed, requests) in [
        // The code of the first comes now and then when the license is there.
        (Edition::Free, "sign_ins", "P1", 2),
        (Edition::Free, "user_registration_details", "P1", 2),
        (Edition::Free, "risk_detections", "P1", 1),
        (Edition::Free, "risky_users", "P2", 1),
        (Edition::P1, "risky_users", "P2", 1),
    ] {
        let (rig, rows) = licensed(edition, table).await;
        let error = rows.unwrap_err();
        assert_eq!((error.kind(), error.kind().exit_code()), (License, 4), "{error:?}");
        assert!(error.message().contains(needed) && error.message().contains(table), "{error}");
        assert_eq!((rig.graph().len(), rig.tokens()), (requests, 1), "{table}");
        assert_eq!(rig.rows("SELECT id FROM users").await.len(), 27);
    }
    assert_eq!(licensed(Edition::P1, "sign_ins").await.1.unwrap(), 20);
    assert_eq!(licensed(Edition::P2, "risky_users").await.1.unwrap(), 9);
}

#[tokio::test]
async fn a_license_beside_the_edition_is_named() {
    let options = Options { add_ons: Vec::new(), ..options() };
    let rig = Rig::with(options, settings()).await;
    for table in ["risky_service_principals", "service_principal_risk_detections"] {
        let error = rig.error(&format!("SELECT id FROM {table}")).await;
        assert_eq!(error.kind(), License, "{error:?}");
        let told = error.message();
        assert!(told.contains("Entra Workload ID Premium") && told.contains(table), "{error}");
    }
    assert_eq!(rig.rows("SELECT id FROM risky_users").await.len(), 9);
}

async fn simulator() -> Simulator {
    Simulator::start(options()).await.unwrap()
}

/// Opens a tenant on a clock that does not wait, and runs a scan.
async fn scan(tenant: Tenant) -> (Engine, Error) {
    let clock = entraql::graph::RecorderClock::starting_at(crate::faults::rig::now());
    let settings = entraql::Settings { clock, ..settings() };
    let engine = Engine::open_with(tenant, settings).await.unwrap();
    let error = run(&engine, SCAN).await.result.unwrap_err();
    (engine, error)
}

#[tokio::test]
async fn a_wrong_secret_is_tried_once_however_many_queries_need_it() {
    let simulator = simulator().await;
    let wrong = Secret::new("not-the-secret");
    let (engine, error) =
        scan(Tenant { credential: wrong.into(), ..tenant(&simulator.origin()) }).await;
    assert_eq!((error.kind(), error.kind().exit_code()), (Auth, 3));
    assert!(format!("{error:?}").contains("7000215"), "{error:?}");
    assert_eq!(run(&engine, SCAN).await.result.unwrap_err().kind(), Auth);
    assert_eq!(simulator.seen().len(), 1);
}

#[tokio::test]
async fn an_unknown_tenant_or_app_is_tried_once() {
    let other = "11111111-2222-4333-8444-555555555555".to_owned();
    for (place, code) in [("tenant", "90002"), ("app", "700016")] {
        let simulator = simulator().await;
        let mut tenant = tenant(&simulator.origin());
        match place {
            "tenant" => tenant.tenant_id.clone_from(&other),
            _ => tenant.client_id.clone_from(&other),
        }
        let (_, error) = scan(tenant).await;
        assert_eq!(error.kind(), Auth, "{error:?}");
        assert!(format!("{error:?}").contains(code), "{error:?}");
        assert_eq!(simulator.seen().len(), 1);
    }
}

/// An origin where nobody listens any more.
fn nobody() -> String {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    format!("http://127.0.0.1:{port}")
}

#[tokio::test]
async fn an_authority_nobody_answers_for_is_named_after_four_tries() {
    let (engine, error) = scan(tenant(&nobody())).await;
    assert_eq!((error.kind(), error.kind().exit_code()), (Unavailable, 5), "{error:?}");
    assert_eq!(error.message(), "cannot reach 127.0.0.1");
    assert_eq!(engine.client().unwrap().log().snapshot().len(), 4);
}

#[tokio::test]
async fn a_graph_nobody_answers_for_is_named_after_four_tries() {
    // The simulator issues no token for a Graph it does not know.
    let steps = format!(
        r#"[{{"when": {{"path": "/{}", "times": 0}}, "do": {{"reply": {{"status": 200,
            "text": "{{\"access_token\":\"t\",\"expires_in\":3599}}",
            "content_type": "application/json"}}}}}}]"#,
        entraql::sim::TENANT_ID
    );
    let rig = Rig::written(&steps).await;
    let tenant = Tenant { graph: nobody(), ..tenant(&rig.simulator().origin()) };
    let (engine, error) = scan(tenant).await;
    assert_eq!(error.kind(), Unavailable, "{error:?}");
    assert_eq!(error.message(), "cannot reach 127.0.0.1");
    assert_eq!(engine.client().unwrap().log().snapshot().len(), 1 + 4);
}

#[tokio::test]
async fn plain_http_is_for_loopback_only() {
    for origin in
        ["http://graph.microsoft.com", "http://203.0.113.9", "http://localhost.evil.example"]
    {
        for as_authority in [true, false] {
            let mut tenant = tenant("http://127.0.0.1:9");
            let place = if as_authority { &mut tenant.authority } else { &mut tenant.graph };
            origin.clone_into(place);
            let error = Engine::open_with(tenant, settings()).await.unwrap_err();
            assert_eq!((error.kind(), error.kind().exit_code()), (Config, 3), "{origin}");
        }
    }
}

#[tokio::test]
async fn a_captive_portal_is_recognized() {
    let error = Rig::scripted("html_200").await.error(SCAN).await;
    let wanted = "expected JSON, got text/html from 127.0.0.1; proxy or captive portal?";
    assert_eq!(error.message(), wanted);
}

#[tokio::test]
async fn an_expired_secret_says_so() {
    let error = Rig::scripted("token_secret_expired").await.error(SCAN).await;
    assert_eq!((error.kind(), error.message()), (Auth, "the client secret has expired"));
}

/// The first `SET` statement a hint quotes.
fn advice(error: &Error) -> String {
    let hint = error.hint().unwrap();
    let start = hint.find("`SET ").unwrap_or_else(|| panic!("no statement in: {hint}")) + 1;
    hint[start..].split('`').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_refused_filter_is_named_and_the_advice_can_be_followed() {
    let rig = Rig::scripted("filter_refused").await;
    let error = rig.error("SELECT id FROM users WHERE department = 'Sales'").await;
    assert_eq!(error.kind(), ErrorKind::Rejected);
    let url = error.context().iter().find(|(name, _)| *name == "url").unwrap();
    assert!(url.1.contains("department"), "{error}");
    rig.rows(&advice(&error)).await;
    rig.error("SELECT id FROM users WHERE department = 'Sales'").await;
    assert!(!rig.graph()[1].target.contains("department eq"), "{:?}", rig.graph());
}

#[tokio::test]
async fn a_path_that_was_to_go_away_names_the_table_that_takes_its_place() {
    let gone = r#"[{"when": {"path": "/beta/agentRegistry", "times": 0}, "do": {"reply":
        {"status": 404, "code": "UnknownError", "message": "Resource not found for the segment"}}}]"#;
    let rig = Rig::written(gone).await;
    for table in ["agent_instances", "agent_card_manifests", "agent_collections"] {
        let error = rig.error(&format!("SELECT id FROM {table}")).await;
        assert_eq!(error.kind(), ErrorKind::Rejected);
        assert!(error.message().contains(table), "{error}");
        assert!(error.hint().unwrap().contains("`agent_registrations`"), "{error:?}");
    }
    assert!(rig.rows("SELECT id FROM agent_registrations").await.len() > 1);
}
