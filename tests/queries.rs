//! Saved queries: parameters are values, safe mode reads, and every one of ours runs on the
//! demo tenant and finds what its snapshot says.
//!
//! `INSTA_UPDATE=always cargo test --test it queries::` writes the snapshots; read the diff.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{DateTime, Utc};
use datafusion::arrow::datatypes::{DataType, IntervalMonthDayNano};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::common::ScalarValue;
use entraql::engine::Parameters;
use entraql::graph::Pacing;
use entraql::sim::{Options, WorldName};
use entraql::{Engine, ErrorKind, QueryOptions, Settings};

use crate::story::suggested;

/// Rows of a result a snapshot shows; the rest is counted.
const SHOWN: usize = 20;

/// Both clocks stand still, so that the demo world is the same every day.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_794_657_600, 0).unwrap()
}

async fn engine(world: WorldName) -> Engine {
    let options = Options { world, now: now(), ..Options::default() };
    let settings = Settings { pacing: Pacing::Off, now: Some(now()), ..Settings::default() };
    Engine::simulated(options, settings).await.unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "sql"))
        .collect();
    found.sort();
    found
}

/// The defaults, as values: read by code that shares nothing with the program's own.
fn defaults(text: &str) -> Parameters {
    let suggested = suggested(text).unwrap_or_default();
    let lines = text.lines().filter_map(|line| line.strip_prefix("-- param: "));
    lines.map(|line| default(line, &suggested)).collect()
}

fn default(line: &str, suggested: &str) -> (String, ScalarValue) {
    let (declared, _) = line.rsplit_once(" -- ").unwrap();
    let (declared, literal) = declared.split_once(" = ").unwrap_or((declared, suggested));
    let (name, kind) = declared.split_once(' ').unwrap();
    let bare = literal.trim_matches('\'').to_owned();
    let value = match kind {
        "int" => ScalarValue::from(bare.parse::<i64>().unwrap()),
        "double" => ScalarValue::from(bare.parse::<f64>().unwrap()),
        "interval" => ScalarValue::IntervalMonthDayNano(Some(interval(&bare))),
        "list<text>" => {
            let items: Vec<ScalarValue> =
                literal.split('\'').skip(1).step_by(2).map(ScalarValue::from).collect();
            ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8))
        }
        _ => ScalarValue::from(bare),
    };
    (name.to_owned(), value)
}

fn interval(text: &str) -> IntervalMonthDayNano {
    let (number, unit) = text.split_once(' ').unwrap();
    let number: i32 = number.parse().unwrap();
    let (days, hours) = match unit.trim_end_matches('s') {
        "day" => (number, 0),
        "hour" => (0, number),
        _ => panic!("{text}"),
    };
    IntervalMonthDayNano::new(0, days, i64::from(hours) * 3_600_000_000_000)
}

#[tokio::test]
async fn every_saved_query_finds_what_its_snapshot_says() {
    let engine = engine(WorldName::Demo).await;
    let root = Path::new("queries");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("queries/snapshots");
    settings.set_omit_expression(true);
    let mut failed = Vec::new();
    for file in files(root) {
        let text = std::fs::read_to_string(&file).unwrap();
        let options = QueryOptions { parameters: defaults(&text), safe: true };
        let found = found(&engine, &text, &options).await;
        let name = file.strip_prefix(root).unwrap().with_extension("");
        let name = name.display().to_string().replace('/', "__");
        let check = || settings.bind(|| insta::assert_snapshot!(name.as_str(), found));
        failed.extend(
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(check))
                .err()
                .map(|_| name.clone()),
        );
    }
    assert!(failed.is_empty(), "{failed:?}");
    let refused = engine.simulator().unwrap().refusals();
    assert!(refused.is_empty(), "the simulator refused: {refused:#?}");
}

/// Rows, a line each, and what they cost.
async fn found(engine: &Engine, text: &str, options: &QueryOptions) -> String {
    let statements = engine.split(text).unwrap();
    let mut query = engine.query_with(&statements[0], options).await.unwrap();
    let schema = query.schema();
    let names: Vec<_> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let mut shown = format!("{}\n", names.join(" | "));
    let mut rows = 0;
    let display = FormatOptions::default().with_null("NULL");
    while let Some(batch) = query.next().await.unwrap() {
        let cells = |row| {
            let text = |column: &_| {
                let column: &datafusion::arrow::array::ArrayRef = column;
                let formatter = ArrayFormatter::try_new(column.as_ref(), &display).unwrap();
                formatter.value(row).to_string()
            };
            batch.columns().iter().map(text).collect::<Vec<_>>().join(" | ")
        };
        for row in 0..batch.num_rows() {
            rows += 1;
            if rows <= SHOWN {
                writeln!(shown, "{}", cells(row)).unwrap();
            }
        }
    }
    let receipt = query.receipt();
    assert!(receipt.complete);
    let requests = receipt.requests;
    write!(shown, "\n{rows} rows, {requests} requests").unwrap();
    shown
}

fn with(values: &[(&str, ScalarValue)]) -> QueryOptions {
    let parameters = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    QueryOptions { parameters: parameters.collect(), safe: false }
}

async fn targets(engine: &Engine, sql: &str, options: &QueryOptions) -> (usize, Vec<String>) {
    let simulator = engine.simulator().unwrap();
    let before = simulator.seen().len();
    let mut query = engine.query_with(sql, options).await.unwrap();
    let mut rows = 0;
    while let Some(batch) = query.next().await.unwrap() {
        rows += batch.num_rows();
    }
    let seen = simulator.seen().into_iter().skip(before).map(|seen| seen.target);
    (rows, seen.filter(|target| !target.contains("/token")).collect())
}

#[tokio::test]
async fn a_parameter_is_pushed_down_as_data() {
    let engine = engine(WorldName::Tiny).await;
    let sql = "SELECT id FROM users WHERE user_principal_name = $upn";
    for text in ["' OR 1=1 --", "o'brien", "x' or startswith(displayName,'a", "$upn", "a&$top=1"] {
        let (rows, targets) = targets(&engine, sql, &with(&[("upn", text.into())])).await;
        assert_eq!(rows, 0);
        let [target] = &targets[..] else { panic!("{targets:?}") };
        let decoded = decoded(target);
        let quoted = format!("userPrincipalName eq '{}'", text.replace('\'', "''"));
        assert!(decoded.contains(&quoted), "{decoded}");
        assert_eq!(
            target.matches('&').count(),
            decoded.matches('&').count() - text.matches('&').count()
        );
    }
}

fn decoded(target: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = target.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).unwrap(), 16).unwrap());
        } else {
            bytes.push(if byte == b'+' { b' ' } else { byte });
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn times_and_limits_are_pushed_down_as_well() {
    let engine = engine(WorldName::Tiny).await;
    let days = ScalarValue::IntervalMonthDayNano(Some(interval("2 days")));
    for (condition, value) in [
        ("now() - $last", days),
        ("now() - $last * INTERVAL '1 day'", 2i64.into()),
        (
            "$last",
            ScalarValue::TimestampMicrosecond(
                Some((now().timestamp() - 172_800) * 1_000_000),
                Some("UTC".into()),
            ),
        ),
    ] {
        let sql =
            format!("SELECT id FROM sign_ins WHERE created_date_time >= {condition} LIMIT $n");
        let options = with(&[("last", value), ("n", 1i64.into())]);
        let (rows, targets) = targets(&engine, &sql, &options).await;
        assert_eq!((rows, targets.len()), (1, 1), "{condition}");
        assert!(decoded(&targets[0]).contains("createdDateTime ge 2026-11-12T"), "{targets:?}");
    }
}

#[tokio::test]
async fn values_and_parameters_must_match() {
    let engine = Engine::offline().await.unwrap();
    let sql = "SELECT $days, '$text', $$dollar$$, 1 AS \"$name\" -- $comment";
    assert_eq!(engine.parameters(sql), ["days"]);
    let missing = engine.query(sql).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Usage);
    assert!(missing.to_string().contains("`$days`"));
    let extra = engine.query_with(sql, &with(&[("dyas", 1i64.into())])).await.unwrap_err();
    assert_eq!((extra.kind(), extra.hint()), (ErrorKind::Usage, Some("did you mean `days`?")));
    for sql in ["EXPLAIN SELECT $days", "SELECT * FROM (VALUES ($days)) AS v(a) WHERE a = $days"] {
        assert!(engine.query_with(sql, &with(&[("days", 1i64.into())])).await.is_ok(), "{sql}");
    }
}

#[tokio::test]
async fn values_keep_their_type() {
    let engine = Engine::offline().await.unwrap();
    let list = |items: &[&str]| {
        let items: Vec<_> = items.iter().map(|item| ScalarValue::from(*item)).collect();
        ScalarValue::List(ScalarValue::new_list_nullable(&items, &DataType::Utf8))
    };
    for value in [
        ScalarValue::from(-7i64),
        i64::MIN.into(),
        1.5e300.into(),
        2.0.into(),
        true.into(),
        "it's \\ $x".into(),
        list(&[]),
        list(&["a", "b'c"]),
        ScalarValue::IntervalMonthDayNano(Some(interval("-3 days"))),
        ScalarValue::TimestampMicrosecond(Some(1), Some("UTC".into())),
        ScalarValue::Date32(Some(20_000)),
        ScalarValue::Utf8(None),
    ] {
        let options = with(&[("a", value.clone())]);
        let mut query = engine.query_with("SELECT $a AS a", &options).await.unwrap();
        let batch = query.next().await.unwrap().unwrap();
        assert_eq!(ScalarValue::try_from_array(batch.column(0), 0).unwrap(), value);
    }
}

#[tokio::test]
async fn safe_mode_reads_and_nothing_else() {
    let engine = engine(WorldName::Tiny).await;
    let safe = QueryOptions { safe: true, ..QueryOptions::default() };
    for sql in [
        "SELECT id FROM users",
        "WITH RECURSIVE n AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM n WHERE a < 3) SELECT * FROM n",
        "SELECT count(*) OVER (), unnest([1, 2]) FROM (VALUES (1)) AS v(a) GROUP BY a ORDER BY 1 LIMIT 1",
        "SELECT DISTINCT id FROM users UNION SELECT id FROM groups",
        "SELECT id FROM users WHERE id IN (SELECT id FROM risky_users)",
        "EXPLAIN SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "SHOW TABLES",
        "DESCRIBE users",
        "VALUES (1)",
    ] {
        assert!(engine.query_with(sql, &safe).await.is_ok(), "{sql}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, "a\n1\n").unwrap();
    let file = file.display();
    for sql in [
        format!("COPY (SELECT 1) TO '{file}'"),
        format!("EXPLAIN COPY (SELECT 1) TO '{file}'"),
        format!("EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}'"),
        format!("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{file}'"),
        "CREATE TABLE t AS SELECT 1".to_owned(),
        "CREATE VIEW v AS SELECT 1".to_owned(),
        "CREATE SCHEMA s".to_owned(),
        "CREATE DATABASE d".to_owned(),
        "CREATE FUNCTION f(INT) RETURNS INT RETURN $1 + 1".to_owned(),
        "DROP FUNCTION f".to_owned(),
        "DROP VIEW IF EXISTS v".to_owned(),
        "DROP TABLE IF EXISTS t".to_owned(),
        "INSERT INTO users (id) VALUES ('1')".to_owned(),
        "DELETE FROM users".to_owned(),
        "UPDATE users SET id = '1'".to_owned(),
        "TRUNCATE TABLE users".to_owned(),
        "SET entra.page_size = 1".to_owned(),
        "RESET entra.page_size".to_owned(),
        "BEGIN".to_owned(),
        "COMMIT".to_owned(),
        "ROLLBACK".to_owned(),
        "PREPARE p AS SELECT 1".to_owned(),
        "EXECUTE p".to_owned(),
        "DEALLOCATE p".to_owned(),
        format!("SELECT * FROM '{file}'"),
    ] {
        let error = engine.query_with(&sql, &safe).await.map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Query, "{sql}");
        assert!(!error.to_string().contains("internal"), "{sql}: {error}");
    }
    let refused = engine.query_with("SET entra.page_size = 1", &safe).await.unwrap_err();
    assert!(refused.to_string().contains("safe mode only reads"));
    assert_eq!(std::fs::read_to_string(folder.path().join("rows.csv")).unwrap(), "a\n1\n");
}

/// Runs the program with a folder of saved queries of its own.
fn entraql(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entraql"));
    command.args(arguments).arg("--demo").env("ENTRAQL_QUERIES", folder);
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

fn lines(output: &Output) -> usize {
    String::from_utf8_lossy(&output.stdout).lines().count()
}

#[track_caller]
fn ends(output: &Output, code: i32, words: &[&str]) {
    let text = [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat();
    assert_eq!(output.status.code(), Some(code), "{text}");
    for word in words {
        assert!(text.contains(word), "`{word}` is missing in: {text}");
    }
}

const MINE: &str = "-- title: Mine
-- about: Users of a department.
-- tables: users
-- param: who text -- Part of the name.
-- param: most int = 2 -- Rows at most.
-- tags: mine
SELECT display_name FROM users WHERE strpos(display_name, $who) > 0 LIMIT $most;
";

#[test]
fn a_saved_query_is_run_with_its_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("mine.sql", MINE);
    write("writes.sql", "COPY (SELECT 1) TO 'x.csv'");
    let run = |arguments: &[&str]| entraql(folder.path(), arguments);
    ends(&run(&["run", "mine"]), 2, &["no value is given for who", "most int = 2"]);
    let rows = run(&["run", "mine", "--param", "who=a", "--format", "csv", "-q"]);
    assert_eq!(lines(&rows), 3);
    let rows = run(&["run", "mine", "--param", "who=' OR 1=1 --", "--format", "csv", "-q"]);
    ends(&rows, 0, &[]);
    assert_eq!(rows.stdout, b"display_name\n");
    ends(&run(&["run", "mine", "--param", "who=a", "--fail-on-rows"]), 8, &["2 rows were found"]);
    ends(&run(&["run", "mine", "--param", "who=\u{1}", "--fail-on-rows"]), 0, &[]);
    ends(&run(&["run", "mine", "--param", "hwo=a"]), 2, &["did you mean `who`?"]);
    ends(&run(&["run", "mine", "--param", "who=a", "--param", "most=x"]), 2, &["type int"]);
    ends(&run(&["run", "mien", "--param", "who=a"]), 2, &["did you mean `mine`?"]);
    ends(&run(&["run", "../mine"]), 2, &["can't name a saved query"]);
    ends(&run(&["run", "writes"]), 1, &["safe mode only reads"]);
    write("values.toml", "who = \"a\"\nmost = 1\n");
    let values = folder.path().join("values.toml");
    let rows = run(&["run", "mine", "--params", values.to_str().unwrap(), "--format", "csv", "-q"]);
    assert_eq!(lines(&rows), 2);
}

#[test]
fn saved_queries_are_listed_shown_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.sql");
    std::fs::write(&path, MINE).unwrap();
    let run = |arguments: &[&str]| entraql(folder.path(), arguments);
    ends(&run(&["queries", "list", "--format", "csv"]), 0, &["mine,Mine", "sign_ins_by_country"]);
    let tagged = run(&["queries", "list", "--tag", "mine", "--format", "csv"]);
    assert_eq!(lines(&tagged), 2);
    ends(&run(&["queries", "show", "mine"]), 0, &["who text", "User.Read.All", "LIMIT $most"]);
    ends(&run(&["queries", "check"]), 0, &["no problems"]);
    std::fs::write(&path, MINE.replace("tables: users", "tables: groups")).unwrap();
    let place = format!("{}:3: the SQL reads users", path.display());
    ends(&run(&["queries", "check"]), 1, &[&place, "1 problem"]);
    ends(&run(&["queries", "check", path.to_str().unwrap()]), 1, &[&place, "in 1 query"]);
    std::fs::write(folder.path().join("Mine.sql"), MINE).unwrap();
    ends(&run(&["queries", "list"]), 0, &["Mine.sql is left out"]);
}

#[test]
fn plain_statements_take_values_too() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| entraql(folder.path(), arguments);
    let values = ["-c", "SELECT $a AS a, $b AS b", "--param", "a=7", "--param", "b='7'"];
    let rows = run(&[&values[..], &["--format", "json", "-q"]].concat());
    let rows: serde_json::Value = serde_json::from_slice(&rows.stdout).unwrap();
    assert_eq!(rows, serde_json::json!([{"a": 7, "b": "7"}]));
    ends(&run(&["-c", "SELECT $a"]), 2, &["needs a value for `$a`", "--param a=VALUE"]);
    ends(&run(&["-c", "SELECT 1", "--param", "a=7"]), 2, &["no parameter `$a`"]);
    ends(&run(&["-c", "SELECT 1", "--fail-on-rows"]), 8, &["1 row was found"]);
    ends(&run(&["-c", "SET entra.page_size = 7", "--fail-on-rows"]), 0, &[]);
    ends(&run(&["-c", "COPY (SELECT 1) TO 'x.csv'", "--safe"]), 1, &["safe mode"]);
}

#[test]
fn keep_going_passes_over_failures_and_never_ends_with_0() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| entraql(folder.path(), arguments);
    let statements = ["-c", "SELECT 1 AS first; SELECT nope; SELECT 3 AS third", "--format", "csv"];
    let stopped = run(&statements);
    ends(&stopped, 1, &["nope"]);
    assert_eq!(stopped.stdout, b"first\n1\n");
    let went_on = run(&[&statements[..], &["--keep-going"]].concat());
    ends(&went_on, 1, &["nope", "1 of 3 statements failed"]);
    assert_eq!(went_on.stdout, b"first\n1\nthird\n3\n");
    ends(&run(&["-c", "SELECT 1; SELECT 2", "--keep-going"]), 0, &[]);
}
