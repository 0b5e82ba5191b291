//! What the detections must find in the demo world, told from its story alone: the actors
//! `fixtures/README.md` names, and numbers counted in `fixtures/worlds/demo.json`.
//!
//! A detection that finds anybody else fails as well: ordinary people make mistakes, too.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use entraql::graph::Pacing;
use entraql::sim::Options;
use entraql::{Engine, Settings};
use serde_json::Value;

/// Rows as texts.
type Rows = BTreeSet<Vec<String>>;

/// What a detection must find: these columns of its rows, no more and no fewer.
struct Case {
    name: &'static str,
    /// Parameters that differ from their defaults.
    with: &'static [(&'static str, &'static str)],
    columns: &'static [&'static str],
    found: Rows,
}

fn case(name: &'static str, columns: &'static [&'static str], found: &[&[&str]]) -> Case {
    let row = |row: &&[&str]| row.iter().map(|&cell| cell.to_owned()).collect();
    Case { name, with: &[], columns, found: found.iter().map(row).collect() }
}

impl Case {
    fn with(self, with: &'static [(&'static str, &'static str)]) -> Self {
        Self { with, ..self }
    }
}

const LENA: &str = "lena.fischer@haldenvoss.example";
const NIGHTOWL: &str = "admin.nightowl@haldenvoss.example";
const MAREK: &str = "marek.novak@haldenvoss.example";
const INES: &str = "ines.carvalho@haldenvoss.example";
const BOBBY: &str = "bobby.tables@haldenvoss.example";
const ZOE: &str = "zoe.unal@haldenvoss.example";
const SCANNER: &str = "svc.scanner@haldenvoss.example";
const GRETA: &str = "stale.ferry@haldenvoss.example";
const BREAK_GLASS: &str = "breakglass1@haldenvoss.example";

fn cases() -> Vec<Case> {
    [in_the_sign_ins(), in_the_audits()].into_iter().flatten().collect()
}

fn in_the_sign_ins() -> Vec<Case> {
    let [sprayed, wrong] = [sprayed(), attempts("marek.novak", 50126)].map(|n| n.to_string());
    vec![
        case(
            "anonymous_ip_sign_in",
            &["user_principal_name", "noticed"],
            &[&[ZOE, "[anonymizedIPAddress]"]],
        ),
        // A network of the spray, which got in nowhere.
        case("anonymous_ip_sign_in", &["user_principal_name"], &[&[ZOE]])
            .with(&[("networks", "['203.0.113.0/24']")]),
        case("anonymous_ip_sign_in", &["user_principal_name"], &[&[LENA], &[NIGHTOWL], &[ZOE]])
            .with(&[("networks", "['192.0.2.0/24']")]),
        case("break_glass_used", &["account", "what"], &[&[BREAK_GLASS, "sign-in: success"]]),
        case("brute_force_then_success", &["user_principal_name", "failures"], &[&[MAREK, &wrong]]),
        case("brute_force_then_success", &["user_principal_name"], &[]).with(&[("failures", "13")]),
        case(
            "device_code_sign_in",
            &["user_principal_name", "severity"],
            &[&[NIGHTOWL, "high"], &[BOBBY, "high"]],
        ),
        case("device_code_sign_in", &["user_principal_name"], &[&[NIGHTOWL]])
            .with(&[("apps", "['Microsoft Azure CLI']")]),
        case("dormant_account_used", &["user_principal_name"], &[&[GRETA]]),
        case(
            "impossible_travel",
            &["user_principal_name", "from_city", "city"],
            &[&[INES, "Porto", "Osaka"]],
        ),
        case(
            "legacy_auth_success",
            &["user_principal_name", "client_app_used"],
            &[&[SCANNER, "IMAP4"]],
        ),
        case(
            "legacy_auth_success",
            &["user_principal_name", "client_app_used"],
            &[&[LENA, "Exchange ActiveSync"]],
        )
        .with(&[("last", "'14 days'"), ("users", "['svc.scanner@haldenvoss.example']")]),
        case("mfa_fatigue", &["user_principal_name", "severity"], &[&[NIGHTOWL, "critical"]]),
        case(
            "password_spray",
            &["network", "users_tried", "most_tries", "got_in"],
            &[&["203.0.113.0/24", &sprayed, "1", "[]"]],
        ),
        case("password_spray", &["network"], &[]).with(&[("trusted", "['203.0.113.0/24']")]),
    ]
}

fn in_the_audits() -> Vec<Case> {
    let deleted = audits("Delete group").to_string();
    vec![
        case(
            "app_credential_added",
            &["actor", "app", "key_id", "key_name"],
            &[&[LENA, "Payroll Sync", "22222222-0000-4000-8000-000000000002", "backup"]],
        ),
        case(
            "ca_policy_weakened",
            &["actor", "policy", "new_state", "now_excluded"],
            &[
                &[LENA, "Require MFA for administrators", "disabled", "[]"],
                &[
                    LENA,
                    "Block legacy authentication",
                    "enabled",
                    "[b2000000-0000-4000-8000-000000000002]",
                ],
            ],
        ),
        case(
            "global_admin_assigned",
            &["actor", "member", "role", "by_pim"],
            &[&[NIGHTOWL, LENA, "Global Administrator", "false"]],
        ),
        case("guest_invited", &["actor", "guest_domain"], &[&[INES, "brightwater.example"]]),
        case("guest_invited", &["actor"], &[])
            .with(&[("approved", "['Ines.Carvalho@HaldenVoss.example']")]),
        case("mass_deletion", &["actor", "objects_at_once"], &[&[LENA, &deleted]]),
        case(
            "risky_oauth_consent",
            &["actor", "app", "permissions"],
            &[&[
                LENA,
                "Inbox Helper Pro",
                "Mail.Read Mail.Send MailboxSettings.ReadWrite offline_access",
            ]],
        ),
    ]
}

/// The story, as it is written down.
fn story() -> Vec<Value> {
    let text = std::fs::read_to_string("fixtures/worlds/demo.json").unwrap();
    let mut setting: Value = serde_json::from_str(&text).unwrap();
    serde_json::from_value(setting["story"].take()).unwrap()
}

/// Accounts tried from the hosting range: one each.
fn sprayed() -> u64 {
    let tried = |event: &Value| event["place"] == "hosting" && event["code"] == 50126;
    let times = |event: &Value| event["repeat"][0].as_u64().unwrap_or(1);
    story().iter().filter(|event| tried(event)).map(times).sum()
}

fn attempts(who: &str, code: u32) -> u64 {
    let found = story().into_iter().find(|event| event["who"] == who && event["code"] == code);
    found.unwrap()["repeat"][0].as_u64().unwrap()
}

fn audits(activity: &str) -> u64 {
    let is = |event: &&Value| event["set"]["activityDisplayName"] == activity;
    story().iter().filter(is).count() as u64
}

/// A Saturday noon: the attack was in the week.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_657_600, 0).unwrap()
}

pub async fn engine() -> Engine {
    let settings = Settings { pacing: Pacing::Off, now: Some(now()), ..Settings::default() };
    Engine::simulated(Options { now: now(), ..Options::default() }, settings).await.unwrap()
}

#[tokio::test]
async fn every_detection_finds_its_actor_and_nobody_else() {
    let engine = engine().await;
    let mut wrong = Vec::new();
    for case in cases() {
        let found = run(&engine, &case).await;
        if found != case.found {
            wrong.push(format!(
                "{} {:?}\n  found {found:?}\n  not   {:?}",
                case.name, case.with, case.found
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let refused = engine.simulator().unwrap().refusals();
    assert!(refused.is_empty(), "the simulator refused: {refused:#?}");
}

#[test]
fn every_detection_has_a_case() {
    let files = std::fs::read_dir("queries/detections").unwrap().map(|file| file.unwrap().path());
    let names: BTreeSet<String> =
        files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    let cases: BTreeSet<String> = cases().iter().map(|case| case.name.to_owned()).collect();
    assert_eq!(cases, names);
}

async fn run(engine: &Engine, case: &Case) -> Rows {
    let path = format!("queries/detections/{}.sql", case.name);
    let text = std::fs::read_to_string(&path).unwrap();
    let sql = filled(&text, case.with);
    let mut query = engine.query(&sql).await.unwrap_or_else(|e| panic!("{path}: {e:?}\n{sql}"));
    let mut rows = Rows::new();
    let options = FormatOptions::default().with_null("NULL");
    while let Some(batch) = query.next().await.unwrap_or_else(|e| panic!("{path}: {e:?}")) {
        let columns = case.columns.iter().map(|name| {
            let column = batch.column_by_name(name).unwrap_or_else(|| panic!("{path}: no {name}"));
            ArrayFormatter::try_new(column.as_ref(), &options).unwrap()
        });
        let columns: Vec<_> = columns.collect();
        for row in 0..batch.num_rows() {
            rows.insert(columns.iter().map(|c| c.value(row).to_string()).collect());
        }
    }
    rows
}

/// What a header suggests for the parameter that must be given, as a literal.
pub fn suggested(text: &str) -> Option<String> {
    let about = text.lines().find_map(|line| line.strip_prefix("-- about: "))?;
    let (_, value) = about.split_once("In the demo, try ")?;
    Some(format!("'{}'", value.trim_end_matches('.')))
}

/// Writes the parameters into the text, as literals of their types.
pub fn filled(text: &str, with: &[(&str, &str)]) -> String {
    let mut sql: String =
        text.lines().filter(|l| !l.starts_with("-- ")).collect::<Vec<_>>().join("\n");
    for line in text.lines().filter_map(|line| line.strip_prefix("-- param: ")) {
        let suggested = suggested(text).unwrap_or_default();
        let (declared, _) = line.rsplit_once(" -- ").unwrap();
        let (declared, default) = declared.split_once(" = ").unwrap_or((declared, &suggested));
        let (name, kind) = declared.split_once(' ').unwrap();
        let value = with.iter().find(|(n, _)| *n == name).map_or(default, |(_, value)| value);
        let literal = match kind {
            "interval" => format!("INTERVAL {value}"),
            "list<text>" => format!("arrow_cast({value}, 'List(Utf8)')"),
            _ => value.to_owned(),
        };
        sql = sql.replace(&format!("${name}"), &literal);
    }
    sql
}
