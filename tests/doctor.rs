//! `doctor`, `init`, `completions` and `man` through the program.

use std::process::Output;

use chrono::TimeDelta;
use entraql::sim::{CLIENT_ID, CLIENT_SECRET, Edition, Options, Simulator, TENANT_ID};
use entraql::spec::TableSpec;
use serde_json::Value;

use crate::cli::{entraql, fails, simulator, text};

fn doctor(simulator: &Simulator, arguments: &[&str]) -> Output {
    let mut command = entraql(&[&["doctor"], arguments].concat());
    command
        .env("AZURE_TENANT_ID", TENANT_ID)
        .env("AZURE_CLIENT_ID", CLIENT_ID)
        .env("AZURE_CLIENT_SECRET", CLIENT_SECRET)
        .env("AZURE_AUTHORITY_HOST", simulator.origin())
        .env("ENTRAQL_GRAPH_URL", simulator.origin())
        // A path is never broken, however long that of this machine is.
        .env_remove("SSL_CERT_FILE")
        .env_remove("SSL_CERT_DIR");
    command.output().unwrap()
}

/// The findings as `check: status`.
fn statuses(output: &Output) -> Vec<(String, String)> {
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let word = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    findings.iter().map(|f| (word(f, "check"), word(f, "status"))).collect()
}

#[track_caller]
fn status<'a>(found: &'a [(String, String)], check: &str) -> &'a str {
    &found.iter().find(|(name, _)| name == check).unwrap().1
}

#[test]
fn a_sound_tenant_passes_and_an_end_in_sight_is_announced() {
    let sound = simulator(Options::default());
    let output = doctor(&sound, &[]);
    let shown = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{shown}{}", text(&output.stderr));
    assert!(shown.contains("✓ pass") && shown.contains("! warn"), "{shown}");
    // Where a line ends depends on the longest name.
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("in 60 days") || words.contains("in 61 days"), "{shown}");
    assert!(words.contains("roles AccessReview.Read.All"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    assert!(!shown.contains(CLIENT_SECRET));
    let seen = sound.seen();
    let reads = seen
        .iter()
        .filter(|seen| seen.target.starts_with("/v1.0/") || seen.target.starts_with("/beta/"));
    // Where Graph takes no `$top`, a row costs a page of Graph's choosing.
    let untopped = |target: &str| {
        let is_at = |path: &str| {
            let segments = path.split('/').filter(|segment| !segment.starts_with('{'));
            segments.into_iter().all(|segment| target.contains(segment))
        };
        entraql::tables::ALL.iter().any(|table| !table.top && is_at(table.path))
    };
    for read in reads.clone() {
        let small = read.target.contains("$top=1") || untopped(&read.target);
        let fine = small || read.target.contains("/applications(");
        assert!(fine, "more than one row: {}", read.target);
    }
    let tables = shown.lines().filter(|line| line.contains("  readable")).count();
    let above = |table: &&TableSpec| std::iter::successors(table.parent, |t| t.parent).count();
    let parents: usize = entraql::tables::ALL.iter().map(above).sum();
    let expected = tables + parents + 1;
    assert_eq!(reads.count(), expected, "one request per table and parent, one for the secret");
    assert!(seen.iter().all(|seen| seen.method == "GET" || seen.target.ends_with("/token")));
}

#[test]
fn one_table_can_be_asked_about() {
    let sound = simulator(Options { secret_days: Some(200), ..Options::default() });
    let output = doctor(&sound, &["--table", "users", "--json"]);
    let found = statuses(&output);
    assert!(found.iter().all(|(_, status)| status == "pass"), "{found:?}");
    assert_eq!(status(&found, "users"), "pass");
    assert!(found.iter().all(|(name, _)| name != "sign_ins"));
    fails(&doctor(&sound, &["--table", "user"]), 1, &["1 of"]);
}

#[test]
fn the_exit_code_tells_the_worst_failure() {
    let roles = vec!["User.Read.All".to_owned()];
    let bare = simulator(Options { roles, ..Options::default() });
    let output = doctor(&bare, &["--json", "--table", "users", "--table", "audits"]);
    assert_eq!(output.status.code(), Some(4));
    let found = statuses(&output);
    assert_eq!((status(&found, "users"), status(&found, "audits")), ("pass", "fail"));
    assert_eq!(status(&found, "secret"), "skipped", "needs Application.Read.All");
    let free = simulator(Options { edition: Edition::Free, ..Options::default() });
    fails(&doctor(&free, &["--table", "sign_ins"]), 4, &["1 of"]);
    let none = simulator(Options { roles: Vec::new(), ..Options::default() });
    let found = statuses(&doctor(&none, &["--json"]));
    assert_eq!(status(&found, "token"), "warn", "a token without roles");
    let ended = simulator(Options { secret_days: Some(-1), ..Options::default() });
    let output = doctor(&ended, &["--json", "--table", "users"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(status(&statuses(&output), "secret"), "fail");
}

#[test]
fn a_wrong_clock_is_found_by_the_date_of_the_host() {
    for (minutes, expected) in [(0, "pass"), (2, "warn"), (-10, "fail")] {
        let now = Options::default().now + TimeDelta::minutes(minutes);
        let simulator = simulator(Options { now, ..Options::default() });
        let output = doctor(&simulator, &["--json", "--table", "users"]);
        assert_eq!(status(&statuses(&output), "clock"), expected, "{minutes} min");
    }
}

#[test]
fn without_a_tenant_the_rest_is_skipped() {
    let output = entraql(&["doctor"]).output().unwrap();
    fails(&output, 3, &["1 of"]);
    let shown = text(&output.stdout);
    assert!(shown.contains("AZURE_TENANT_ID") && shown.contains("- skipped"), "{shown}");
    let gone = { simulator(Options::default()).origin() };
    let mut command = entraql(&["doctor", "--json"]);
    command
        .env("AZURE_TENANT_ID", TENANT_ID)
        .env("AZURE_CLIENT_ID", CLIENT_ID)
        .env("AZURE_CLIENT_SECRET", CLIENT_SECRET)
        .env("AZURE_AUTHORITY_HOST", &gone)
        .env("ENTRAQL_GRAPH_URL", &gone);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", text(&output.stderr));
    let found = statuses(&output);
    assert_eq!((status(&found, "sign-in host"), status(&found, "tables")), ("fail", "skipped"));
}

#[test]
fn the_demo_is_healthy() {
    let output = entraql(&["doctor", "--demo", "--table", "users"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn init_asks_for_the_least_and_sends_nothing() {
    let sql = "SELECT display_name FROM users WHERE id IN (SELECT user_id FROM sign_ins)";
    let shown = text(&entraql(&["init", "--query", sql]).output().unwrap().stdout);
    assert!(shown.contains("for ROLE in ") && shown.contains("AuditLog.Read.All"), "{shown}");
    assert!(shown.contains("User.Read.All") && !shown.contains("Directory.Read.All"), "{shown}");
    assert!(shown.contains("entraql doctor --table"), "{shown}");
    let one = text(&entraql(&["init", "--table", "risky_users"]).output().unwrap().stdout);
    assert!(one.contains("IdentityRiskyUser.Read.All") && one.contains("P2"), "{one}");
    let saved = ["init", "--saved", "open_risks", "--saved", "new_app"];
    let saved = text(&entraql(&saved).output().unwrap().stdout);
    for permission in ["AuditLog.Read.All", "IdentityRiskyUser.Read.All", "User.Read.All"] {
        assert!(saved.contains(permission), "{saved}");
    }
    assert!(saved.contains("for ROLE in ") && !saved.contains("Directory.Read.All"), "{saved}");
    fails(&entraql(&["init", "--saved", "open_risk"]).output().unwrap(), 2, &["open_risks"]);
    let output = entraql(&["init", "--table", "user"]).output().unwrap();
    fails(&output, 1, &["did you mean `users`"]);
    fails(&entraql(&["init", "--query", "SELECT 1"]).output().unwrap(), 1, &["no table"]);
}

/// The commands, as `--help` lists them.
fn commands() -> Vec<String> {
    let help = text(&entraql(&["-h"]).output().unwrap().stdout);
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let words = listed.take_while(|line| !line.is_empty()).map(str::trim_start);
    words.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn completions_and_man_page_know_every_command() {
    let commands = commands();
    assert!(commands.len() >= 8, "{commands:?}");
    let man = text(&entraql(&["man"]).output().unwrap().stdout);
    assert!(man.contains(".TH entraql 1"), "{man}");
    for command in &commands {
        // roff writes a dash as `\-`.
        assert!(man.contains(&format!("entraql\\-{command}(1)")), "{command}");
        if command != "help" {
            let page = text(&entraql(&["man", command]).output().unwrap().stdout);
            assert!(page.contains(&format!("entraql-{command} 1")), "{page}");
        }
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = text(&entraql(&["completions", shell]).output().unwrap().stdout);
        for command in &commands {
            assert!(script.contains(command.as_str()), "{command} is missing for {shell}");
        }
    }
    fails(&entraql(&["completions", "csh"]).output().unwrap(), 2, &["bash"]);
    fails(&entraql(&["man", "nothing"]).output().unwrap(), 2, &["no command"]);
}
