//! The program as a user runs it: exit code, stdout and stderr.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use entraql::sim::{CLIENT_ID, CLIENT_SECRET, Edition, Options, Simulator, TENANT_ID, WorldName};

pub fn entraql(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entraql"));
    command.args(arguments).stdin(Stdio::null());
    for name in ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.env_remove("AZURE_AUTHORITY_HOST").env_remove("ENTRAQL_GRAPH_URL");
    command.env_remove("CLICOLOR_FORCE");
    for name in [
        "AZURE_CLIENT_CERTIFICATE_PATH",
        "AZURE_FEDERATED_TOKEN_FILE",
        "ENTRAQL_CONFIG",
        "ENTRAQL_CREDENTIAL",
        "ENTRAQL_LISTS",
        "ENTRAQL_TENANT",
    ] {
        command.env_remove(name);
    }
    // The settings of whoever runs the tests are none of theirs.
    command.env("XDG_CONFIG_HOME", "/nonexistent");
    command
}

/// Runs on the demo tenant.
fn demo(arguments: &[&str]) -> Output {
    entraql(arguments).arg("--demo").output().unwrap()
}

pub fn simulator(options: Options) -> Simulator {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Simulator::start(options)).unwrap()
}

/// Runs on a simulator of this test.
pub fn on(simulator: &Simulator, arguments: &[&str]) -> Command {
    let mut command = entraql(arguments);
    command
        .env("AZURE_TENANT_ID", TENANT_ID)
        .env("AZURE_CLIENT_ID", CLIENT_ID)
        .env("AZURE_CLIENT_SECRET", CLIENT_SECRET)
        .env("AZURE_AUTHORITY_HOST", simulator.origin())
        .env("ENTRAQL_GRAPH_URL", simulator.origin());
    command
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
pub fn fails(output: &Output, code: i32, words: &[&str]) {
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    for word in words {
        assert!(errors.contains(word), "`{word}` is missing in: {errors}");
    }
    assert!(!errors.contains("panicked"), "{errors}");
}

#[test]
fn v_tells_what_each_scan_read_and_sent() {
    let sql = "SELECT id, created_date_time FROM sign_ins \
                WHERE created_date_time > now() - INTERVAL '1 day' AND user_id LIKE '%0%'";
    let output = demo(&["-v", "-c", sql, "--format", "csv"]);
    let rows = text(&output.stdout);
    let mut times: Vec<_> = rows.lines().skip(1).map(|l| l.rsplit(',').next().unwrap()).collect();
    times.sort_unstable();
    let told = text(&output.stderr);
    let line = told.lines().find(|line| line.starts_with("sign_ins: ")).expect(&told);
    assert!(line.contains("pushed createdDateTime ge "), "{line}");
    assert!(line.contains("rechecked created_date_time > "), "{line}");
    // The scan read more than it answers with: rows without a 0 in the user as well.
    let span = line.split("; ").find_map(|fact| fact.split_once(" to ")).expect(line);
    assert!(span.0 <= times[0] && span.1 >= times[times.len() - 1], "{line}\n{times:?}");
}

#[test]
fn the_query_of_the_readme_prints_ten_rows_and_its_receipt_on_stderr() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let line = readme.lines().find(|l| l.starts_with("$ cargo run -- --demo -c")).unwrap();
    let sql = line.split('"').nth(1).unwrap();
    let output = demo(&["-c", sql, "--format", "csv"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let rows = text(&output.stdout);
    assert_eq!(rows.lines().count(), 11);
    assert!(rows.starts_with("user_principal_name,failures\n"));
    assert!(text(&output.stderr).starts_with("10 rows, "));
    let failures: Vec<u32> =
        rows.lines().skip(1).map(|l| l.rsplit(',').next().unwrap().parse().unwrap()).collect();
    assert!(failures.is_sorted_by(|a, b| a >= b) && failures[9] > 0, "{failures:?}");
}

#[test]
fn no_rows_is_a_success() {
    let output = demo(&["-c", "SELECT id FROM users WHERE false", "--format", "json", "-q"]);
    assert_eq!(output.status.code(), Some(0));
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows, serde_json::json!([]));
    assert!(output.stderr.is_empty());
}

#[test]
fn a_wrong_query_exits_with_1_and_says_what_was_meant() {
    fails(
        &demo(&["-c", "SELECT * FROM sign_in"]),
        1,
        &["there is no table", "did you mean `sign_ins`"],
    );
    fails(
        &demo(&["-c", "SELECT displayname FROM users"]),
        1,
        &["no column `displayname`", "`display_name`"],
    );
    fails(&demo(&["-c", "SELEC 1"]), 1, &["does not parse"]);
}

#[test]
fn wrong_usage_exits_with_2() {
    fails(&demo(&["--nonsense"]), 2, &["--nonsense"]);
    fails(&demo(&["-c", "SELECT 1", "--format", "xml"]), 2, &["xml", "ndjson"]);
    fails(&demo(&["-c", "SELECT 1", "-o", "/tmp/x.unheard"]), 2, &[".parquet"]);
}

#[test]
fn missing_and_wrong_credentials_exit_with_3() {
    let output = entraql(&["-c", "SELECT id FROM users"]).output().unwrap();
    fails(&output, 3, &["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "--demo"]);
    let simulator = simulator(Options::default());
    let query = ["-c", "SELECT id FROM users"];
    let output = on(&simulator, &query).env("AZURE_CLIENT_SECRET", "wrong").output().unwrap();
    fails(&output, 3, &["AADSTS7000215", "Value"]);
    let other = TENANT_ID.replace('7', "8");
    let output = on(&simulator, &query).env("AZURE_TENANT_ID", other).output().unwrap();
    fails(&output, 3, &["AADSTS90002"]);
    let output = on(&simulator, &query).env("ENTRAQL_GRAPH_URL", "http://example.com").output();
    fails(&output.unwrap(), 3, &["must use https"]);
    let tokens = simulator.seen().iter().filter(|s| s.target.contains("/token")).count();
    assert_eq!(tokens, 2, "a refused credential is never tried twice");
}

#[test]
fn a_missing_license_or_permission_exits_with_4_and_names_it() {
    let free = simulator(Options { edition: Edition::Free, ..Options::default() });
    let output = on(&free, &["-c", "SELECT id FROM sign_ins"]).output().unwrap();
    fails(&output, 4, &["sign_ins", "P1"]);
    let sql = "SELECT sign_in_activity FROM users";
    fails(&on(&free, &["-c", sql]).output().unwrap(), 4, &["sign_in_activity: needs", "P1"]);
    let roles = vec!["User.Read.All".to_owned()];
    let bare = simulator(Options { roles, ..Options::default() });
    let output = on(&bare, &["-c", "SELECT id FROM audits"]).output().unwrap();
    fails(&output, 4, &["audits", "AuditLog.Read.All"]);
    let allowed = on(&bare, &["-c", "SELECT id FROM users LIMIT 1"]).output().unwrap();
    assert!(allowed.status.success(), "{}", text(&allowed.stderr));
}

#[test]
fn a_spent_budget_exits_with_7() {
    let sql = "SET entra.page_size = 100; SET entra.max_requests = 2; SELECT id FROM users";
    fails(&demo(&["-c", sql]), 7, &["budget of 2 requests"]);
}

/// The reply would take ten minutes; the test takes as long as the interrupt does.
#[test]
fn an_interrupt_while_waiting_for_graph_exits_with_130_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("users.parquet");
    let simulator = simulator(Options { latency_ms: 600_000, ..Options::default() });
    let arguments = ["-c", "SELECT id FROM users", "-o", target.to_str().unwrap()];
    let child = on(&simulator, &arguments).stderr(Stdio::piped()).spawn().unwrap();
    while simulator.seen().is_empty() {
        std::thread::yield_now();
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    fails(&child.wait_with_output().unwrap(), 130, &[]);
    assert_eq!(simulator.seen().len(), 1, "no request follows an interrupt");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn statements_ask_again_unless_a_time_to_live_was_given() {
    let count = "SELECT count(*) FROM groups";
    let told = |arguments: &[&str]| {
        let output = demo(&[arguments, &["-c", count, "-c", count]].concat());
        let told = text(&output.stderr);
        (told.matches("1 row, 1 request").count(), told.matches("from the cache, read ").count())
    };
    assert_eq!((told(&[]), told(&["--cache-ttl", "1h"])), ((2, 0), (1, 1)));
    fails(&demo(&["--cache-ttl", "often", "-c", count]), 2, &["`often`"]);
}

#[test]
fn a_file_that_cannot_be_written_exits_with_9_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("missing/rows.csv");
    fails(&demo(&["-c", "SELECT id FROM users", "-o", target.to_str().unwrap()]), 9, &["rows.csv"]);
    if Path::new("/dev/full").exists() {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = entraql(&["--demo", "-c", "SELECT id FROM users", "--format", "csv"]);
        fails(&command.stdout(full).output().unwrap(), 9, &["No space left"]);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_failed_export_leaves_the_old_file_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("rows.parquet");
    std::fs::write(&target, "old").unwrap();
    let sql = "SET entra.page_size = 100; SET entra.max_requests = 2; SELECT id FROM users";
    fails(&demo(&["-c", sql, "-o", target.to_str().unwrap()]), 7, &[]);
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn every_file_format_holds_every_row() {
    let folder = tempfile::tempdir().unwrap();
    let export = |name: &str| {
        let path = folder.path().join(name);
        let output =
            demo(&["-c", "SELECT id, display_name FROM users", "-o", path.to_str().unwrap()]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(output.stdout.is_empty());
        path
    };
    let parquet =
        SerializedFileReader::new(std::fs::File::open(export("u.parquet")).unwrap()).unwrap();
    let metadata = parquet.metadata().file_metadata();
    assert_eq!(metadata.num_rows(), 1200);
    let keys: Vec<_> =
        metadata.key_value_metadata().unwrap().iter().map(|k| k.key.as_str()).collect();
    assert!(keys.contains(&"entraql.receipt"), "{keys:?}");
    let lines = std::fs::read_to_string(export("u.ndjson")).unwrap();
    assert_eq!(lines.lines().count(), 1200);
    let array = std::fs::read_to_string(export("u.json")).unwrap();
    let array: Vec<serde_json::Value> = serde_json::from_str(&array).unwrap();
    let line = |l: &str| serde_json::from_str::<serde_json::Value>(l).unwrap();
    assert_eq!(array, lines.lines().map(line).collect::<Vec<_>>());
    assert!(std::fs::metadata(export("u.csv")).unwrap().len() > 1200 * 36);
    assert!(std::fs::metadata(export("u.arrow")).unwrap().len() > 1200 * 36);
}

#[test]
fn copy_writes_what_the_star_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("risky.parquet");
    let sql = format!("COPY risky_users TO '{}'", path.display());
    let output = demo(&["-c", &sql]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let file = SerializedFileReader::new(std::fs::File::open(path).unwrap()).unwrap();
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    let names: Vec<_> = schema.columns().iter().map(|c| c.name().to_owned()).collect();
    assert!(names.contains(&"risk_level".to_owned()) && !names.contains(&"raw".to_owned()));
}

#[test]
fn copy_leaves_nothing_of_a_query_that_fails() {
    let folder = tempfile::tempdir().unwrap();
    let names = || {
        let entries = std::fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let old = folder.path().join("old.csv");
    std::fs::write(&old, "what was here").unwrap();
    let of = |rows: &str, to: &str| {
        let sql = format!("COPY ({rows}) TO '{}'", folder.path().join(to).display());
        demo(&["--max-requests", "2", "-c", &sql])
    };
    let all = "SELECT id, risk_level_aggregated AS risk FROM sign_ins";
    for to in ["new.parquet", "new.json", "old.csv", "parts/"] {
        let partitioned = if to == "parts/" { "STORED AS CSV PARTITIONED BY (risk)" } else { "" };
        let sql = format!("COPY ({all}) TO '{}' {partitioned}", folder.path().join(to).display());
        fails(&demo(&["--max-requests", "2", "-c", &sql]), 7, &["budget of 2 requests"]);
        assert_eq!(names(), ["old.csv"], "{to}");
    }
    assert_eq!(std::fs::read_to_string(&old).unwrap(), "what was here");
    let few = format!("{all} LIMIT 1000");
    for to in ["new.parquet", "old.csv"] {
        assert!(of(&few, to).status.success(), "{to}");
    }
    assert_eq!(names(), ["new.parquet", "old.csv"]);
    #[cfg(unix)]
    fails(
        &demo(&["-c", "COPY (SELECT 1 AS n) TO '/dev/null' STORED AS CSV"]),
        2,
        &["`/dev/null` is neither a file nor a folder"],
    );
    assert_eq!(std::fs::read_to_string(&old).unwrap().lines().count(), 1001);
}

#[test]
fn a_failing_statement_in_a_file_stops_and_says_where() {
    let mut file = tempfile::Builder::new().suffix(".sql").tempfile().unwrap();
    writeln!(
        file,
        "SELECT 'first;' AS a; -- ; no\n\nSELECT nope FROM users;\nSELECT 'third' AS c;"
    )
    .unwrap();
    let path = file.path().to_str().unwrap();
    let output = demo(&["-f", path, "--format", "csv"]);
    fails(&output, 1, &["nope", &format!("{path}:3")]);
    let rows = text(&output.stdout);
    assert!(rows.contains("first;") && !rows.contains("third"), "{rows}");
}

#[test]
fn statements_come_from_stdin_and_in_the_order_given() {
    let mut child = entraql(&["--demo", "--format", "csv", "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"SELECT 1 AS a; SELECT 2 AS b").unwrap();
    assert_eq!(text(&child.wait_with_output().unwrap().stdout), "a\n1\nb\n2\n");
    let output = demo(&["-c", "SELECT 1 AS a", "-c", "SELECT 2 AS b", "--format", "csv"]);
    assert_eq!(text(&output.stdout), "a\n1\nb\n2\n");
}

#[test]
fn a_reader_who_leaves_ends_it_quietly() {
    let mut child = entraql(&["--demo", "-c", "SELECT * FROM sign_ins", "--format", "ndjson"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with('{'));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("panicked"));
}

#[test]
fn what_a_tenant_wrote_cannot_drive_the_terminal() {
    let simulator = simulator(Options { world: WorldName::Tiny, ..Options::default() });
    let sql = "SELECT id, display_name, department FROM users";
    let is_control =
        |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}');
    for format in ["table", "line", "markdown"] {
        let output = on(&simulator, &["-c", sql, "--format", format]).output().unwrap();
        let shown = text(&output.stdout);
        assert!(!shown.chars().any(is_control), "{format}: {shown:?}");
        assert!(shown.contains("u{1b}") || shown.contains("u\\{1b\\}"), "{format}: {shown}");
    }
    let output = on(&simulator, &["-c", sql, "--format", "json"]).output().unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    let mut names: Vec<_> = rows.iter().map(|r| r["display_name"].clone()).collect();
    let world = simulator.world().rows("users");
    let mut expected: Vec<_> = world.iter().map(|r| r["displayName"].clone()).collect();
    names.sort_by_key(ToString::to_string);
    expected.sort_by_key(ToString::to_string);
    assert_eq!(names, expected, "a file format is exact");
}

#[test]
fn tables_describe_version_and_help_need_no_tenant() {
    for (arguments, word) in [
        (vec!["tables"], "sign_ins"),
        (vec!["describe", "users"], "user_principal_name"),
        (vec!["inspect", "risky_users"], "IdentityRiskyUser.Read.All"),
        (vec!["inspect", "directory_audits"], "view of audits"),
        (vec!["--version"], "entraql"),
        (vec!["--help"], "--demo"),
    ] {
        let output = entraql(&arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stdout).contains(word), "{arguments:?}");
        assert!(!output.stdout.contains(&0x1b), "{arguments:?}");
    }
}

#[test]
fn an_error_for_a_program_is_one_line_of_json() {
    let sql = "SELECT\n nope FROM users";
    for (arguments, class, code) in [
        (vec!["--error-format", "json", "-c", sql], "query", 1),
        (vec!["--error-format=json", "--nonsense"], "usage", 2),
    ] {
        let output = demo(&arguments);
        assert_eq!(output.status.code(), Some(code));
        let errors = text(&output.stderr);
        assert_eq!(errors.lines().count(), 1, "{errors}");
        let error: serde_json::Value = serde_json::from_str(&errors).unwrap();
        assert_eq!(error["error"]["class"], class);
        assert_eq!(error["error"]["exit_code"], code);
    }
    let output = demo(&["--error-format", "json", "-c", sql]);
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["error"]["place"], serde_json::json!({"line": 2, "column": 2}));
}

#[test]
fn v_and_a_log_file_tell_each_request_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("requests.log");
    let simulator = simulator(Options::default());
    let query = ["-c", "SELECT id FROM users", "--format", "csv", "--log-file"];
    let query: Vec<_> = query.into_iter().chain([log.to_str().unwrap()]).collect();
    let quiet = on(&simulator, &query).output().unwrap();
    let loud = on(&simulator, &query).arg("-v").output().unwrap();
    let louder = on(&simulator, &query).arg("-vv").output().unwrap();
    assert_eq!(quiet.stdout, loud.stdout);
    assert_eq!(quiet.stdout, louder.stdout);
    let (quiet, loud, louder) = (text(&quiet.stderr), text(&loud.stderr), text(&louder.stderr));
    assert!(!quiet.contains("GET"), "{quiet}");
    assert_eq!(loud.matches("Z GET /v1.0/users").count(), 2, "{loud}");
    assert!(loud.contains(" 200 ") && !loud.contains("request-id"), "{loud}");
    assert!(louder.contains("request-id: "), "{louder}");
    let kept = std::fs::read_to_string(&log).unwrap();
    assert_eq!(kept.matches("Z GET /v1.0/users").count(), 6, "{kept}");
    assert_eq!(kept.matches("/oauth2/v2.0/token").count(), 3, "{kept}");
    for secret in [CLIENT_SECRET, "Bearer", "access_token"] {
        assert!(!kept.contains(secret) && !louder.contains(secret));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&log).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let nowhere = ["-c", "SELECT 1", "--log-file", "/no/such/folder/log"];
    fails(&demo(&nowhere), 9, &["/no/such/folder/log"]);
}

#[test]
fn progress_is_told_after_a_while_without_an_escape_sequence() {
    let simulator = simulator(Options { latency_ms: 900, ..Options::default() });
    let query = ["-c", "SELECT id FROM users LIMIT 3", "--format", "csv"];
    let silent = on(&simulator, &query).output().unwrap();
    let told = on(&simulator, &query).arg("--progress").output().unwrap();
    assert_eq!(silent.stdout, told.stdout);
    assert_eq!(text(&silent.stderr).lines().count(), 1, "nobody watches, nobody asked");
    let told = text(&told.stderr);
    assert!(told.contains("users 0 pages, 0 rows, 1 request"), "{told}");
    assert!(!told.contains('\u{1b}'), "{told:?}");
    let last = told.rsplit('\r').next().unwrap();
    assert!(last.starts_with("3 rows, 1 request"), "the line is wiped first: {told:?}");
}
