//! Snapshots: the same rows as the tenant, without a connection, or an error that says why.

use std::fs;
use std::path::Path;
use std::process::Output;

use entraql::Engine;
use entraql::sim::{Options, Simulator};

use crate::cli::{entraql, fails, simulator, text};

/// Snapshots of some tables of a simulator that is gone when the offline queries run.
const TABLES: [&str; 4] = ["users", "groups", "risky_users", "sign_ins"];

const QUERIES: [&str; 7] = [
    "SELECT * FROM users ORDER BY id LIMIT 40",
    "SELECT count(*) FROM sign_ins WHERE status['error_code'] = 50126",
    "SELECT id, created_date_time, applied_conditional_access_policies FROM sign_ins ORDER BY id LIMIT 30",
    "SELECT u.display_name, r.risk_level FROM risky_users r JOIN users u USING (id) ORDER BY 1, 2",
    "SELECT id, group_types FROM groups WHERE display_name LIKE 'A%' ORDER BY id",
    "SELECT id, display_name, count(*) AS n FROM users GROUP BY id ORDER BY id LIMIT 20",
    "SELECT department, count(*) AS n FROM users WHERE account_enabled GROUP BY 1 ORDER BY 1",
];

fn on(simulator: &Simulator, arguments: &[&str]) -> Output {
    crate::cli::on(simulator, arguments).output().unwrap()
}

fn offline(folder: &Path, arguments: &[&str]) -> Output {
    let folder = folder.to_str().unwrap();
    // Whatever the settings say, nobody is asked.
    let mut command = entraql(&["--offline", folder]);
    command.args(arguments).env("ENTRAQL_GRAPH_URL", "http://127.0.0.1:9").output().unwrap()
}

#[test]
fn a_snapshot_answers_as_the_tenant_did_and_asks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let simulator = simulator(Options::default());
    let taken = [&["snapshot", folder.path().to_str().unwrap()], &TABLES[..]].concat();
    let taken = on(&simulator, &taken);
    assert!(taken.status.success(), "{}", text(&taken.stderr));
    let online: Vec<_> = QUERIES
        .iter()
        .map(|sql| text(&on(&simulator, &["-c", sql, "--format", "json"]).stdout))
        .collect();
    drop(simulator);
    for (sql, online) in QUERIES.iter().zip(online) {
        let here = offline(folder.path(), &["-c", sql, "--format", "json"]);
        assert!(here.status.success(), "{sql}\n{}", text(&here.stderr));
        assert_eq!(text(&here.stdout), online, "{sql}");
        assert!(online.len() > 10, "{sql}: {online}");
        let told = text(&here.stderr);
        assert!(told.contains(" is a snapshot of 20") && told.contains(" 0 requests"), "{told}");
    }
}

#[test]
fn what_a_snapshot_does_not_hold_is_an_error_and_never_null() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let simulator = simulator(Options::default());
    assert!(on(&simulator, &["snapshot", path, "users"]).status.success());
    let activity = "SELECT count(sign_in_activity['last_sign_in_date_time']) AS n FROM users";
    let asked = |sql: &str| offline(folder.path(), &["-c", sql, "--format", "csv"]);
    let fix = "--with users.sign_in_activity";
    fails(&asked(activity), 1, &["has no column `sign_in_activity`", "users.parquet", fix]);
    fails(&asked("SELECT id FROM groups"), 3, &["no snapshot of `groups`", "entraql snapshot"]);
    let every = "SELECT event_type, count(*) AS n FROM all_sign_ins GROUP BY 1 ORDER BY 1";
    fails(&asked(every), 3, &["no snapshot of `all_sign_ins`"]);
    assert!(on(&simulator, &["snapshot", path, "all_sign_ins"]).status.success());
    let online = on(&simulator, &["-c", every, "--format", "csv"]);
    assert_eq!(text(&asked(every).stdout), text(&online.stdout));
    assert_eq!(text(&online.stdout).lines().count(), 5);
    let with = ["snapshot", path, "users", "--with", "users.sign_in_activity"];
    assert!(on(&simulator, &with).status.success());
    let online = on(&simulator, &["-c", activity, "--format", "csv"]);
    assert_eq!(text(&asked(activity).stdout), text(&online.stdout));
    assert!(text(&online.stdout).lines().nth(1).unwrap().parse::<u32>().unwrap() > 0);
    let wrong = on(&simulator, &["snapshot", path, "users", "--with", "groups.id"]);
    fails(&wrong, 2, &["`groups.id` is no column to keep"]);
}

#[test]
fn a_file_that_is_no_whole_table_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("users.parquet");
    let simulator = simulator(Options::default());
    let asked = || offline(folder.path(), &["-c", "SELECT count(*) FROM users"]);
    let few = ["-c", "SELECT * FROM users LIMIT 5", "-o", users.to_str().unwrap()];
    assert!(on(&simulator, &few).status.success());
    fails(&asked(), 3, &["is no snapshot", "LIMIT 5", "takes a new one"]);
    let path = folder.path().to_str().unwrap();
    let cut = ["--max-requests", "3", "--allow-partial", "snapshot", path, "sign_ins"];
    on(&simulator, &cut);
    let counted = offline(folder.path(), &["-c", "SELECT count(*) FROM sign_ins"]);
    fails(&counted, 3, &["sign_ins.parquet"]);
    assert!(on(&simulator, &["snapshot", path, "users"]).status.success());
    let whole = fs::read(&users).unwrap();
    fs::write(&users, &whole[..whole.len() / 2]).unwrap();
    fails(&asked(), 3, &["users.parquet", "cannot be read"]);
}

#[test]
fn offline_needs_a_folder_and_is_not_the_demo() {
    let missing = offline(Path::new("/no/such/folder"), &["-c", "SELECT 1"]);
    fails(&missing, 3, &["/no/such/folder", "entraql snapshot"]);
    fails(&offline(Path::new("/tmp"), &["doctor"]), 2, &["`doctor` looks at a tenant"]);
    let both = offline(Path::new("/tmp"), &["--demo", "-c", "SELECT 1"]);
    fails(&both, 2, &["--demo"]);
}

#[tokio::test]
async fn meta_and_plans_work_without_files() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::snapshot(folder.path()).await.unwrap();
    let mut query = engine.query("SELECT count(*) FROM meta.tables").await.unwrap();
    assert!(query.next().await.unwrap().is_some());
    let error = engine.query("SELECT id FROM users").await.unwrap_err();
    assert!(error.to_string().contains("users"), "{error}");
}

#[test]
fn a_folder_whose_name_reads_as_a_pattern_is_an_error_and_not_empty() {
    let parent = tempfile::tempdir().unwrap();
    for name in ["case[17]", "case*", "case?"] {
        let folder = parent.path().join(name);
        fs::create_dir(&folder).unwrap();
        let users = folder.join("users.parquet");
        let kept = entraql(&["--demo", "-c", "SELECT * FROM users", "-o", users.to_str().unwrap()]);
        assert!({ kept }.output().unwrap().status.success());
        let counted = offline(&folder, &["-c", "SELECT count(*) FROM users"]);
        fails(&counted, 3, &["users.parquet", "is a pattern"]);
        assert!(counted.stdout.is_empty());
    }
}
