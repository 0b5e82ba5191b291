//! Exports: every row in the file, read back by code that shares nothing with the writer.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::json::writer::{LineDelimited, WriterBuilder};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use entraql::sim::{Options, Simulator};
use serde_json::{Value, json};

use crate::cli::{entraql, fails, simulator, text};

fn on(simulator: &Simulator, arguments: &[&str]) -> Output {
    crate::cli::on(simulator, arguments).output().unwrap()
}

fn demo(arguments: &[&str]) -> Output {
    entraql(arguments).arg("--demo").output().unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[track_caller]
fn rows(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", text(&output.stderr));
    lines(&text(&output.stdout))
}

/// The rows of a Parquet file as JSON, written by Arrow.
fn parquet(path: &Path) -> Vec<Value> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
    let mut writer =
        WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(Vec::new());
    for batch in &batches {
        writer.write(batch).unwrap();
    }
    writer.finish().unwrap();
    lines(&text(&writer.into_inner()))
}

/// Every file below a folder, by its path there.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        match entry.path().is_dir() {
            true => found.extend(files(&entry.path()).iter().map(|file| format!("{name}/{file}"))),
            false => found.push(name),
        }
    }
    found.sort();
    found
}

fn requests(output: &Output) -> String {
    let told = text(&output.stderr);
    let line = told.lines().find(|line| line.contains(" request")).expect(&told).to_owned();
    line.split(", ").find(|part| part.contains(" request")).unwrap().to_owned()
}

#[test]
fn a_table_is_the_same_rows_in_every_format_and_on_stdout() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let simulator = simulator(Options::default());
    let piped = on(&simulator, &["export", "sign_ins"]);
    let expected = rows(&piped);
    let asked = on(&simulator, &["-c", "SELECT * FROM sign_ins", "--format", "ndjson"]);
    assert_eq!(rows(&asked), expected);
    assert_eq!(requests(&asked), requests(&piped));
    assert!(
        expected.len() > 100 && expected.iter().any(|row| row["status"]["error_code"] == 50126)
    );
    for name in ["a.ndjson", "a.parquet", "a.json", "a.csv", "a.arrow"] {
        let output = on(&simulator, &["export", "sign_ins", "-o", &path(name)]);
        assert!(output.status.success() && output.stdout.is_empty(), "{}", text(&output.stderr));
        assert_eq!(requests(&output), requests(&asked), "{name}");
    }
    let read = |name: &str| fs::read_to_string(path(name)).unwrap();
    assert_eq!(lines(&read("a.ndjson")), expected);
    assert_eq!(serde_json::from_str::<Vec<Value>>(&read("a.json")).unwrap(), expected);
    assert_eq!(parquet(Path::new(&path("a.parquet"))), expected, "records and lists of records");
    assert!(read("a.csv").lines().count() > expected.len());
    assert_eq!(rows(&on(&simulator, &["export", "sign_ins", "-o", "-"])), expected);
}

#[test]
fn a_condition_is_sent_and_may_have_parameters() {
    let simulator = simulator(Options::default());
    let all = rows(&on(&simulator, &["export", "users"]));
    let of = |condition: &str, more: &[&str]| {
        on(&simulator, &[&["export", "users", "--where", condition][..], more].concat())
    };
    let disabled: Vec<_> =
        all.iter().filter(|row| row["account_enabled"] == json!(false)).cloned().collect();
    assert!(!disabled.is_empty() && disabled.len() < all.len());
    assert_eq!(rows(&of("NOT account_enabled -- closed", &[])), disabled);
    assert_eq!(rows(&of("account_enabled = $on", &["--param", "on:boolean=false"])), disabled);
    let told = text(&of("NOT account_enabled", &["-v"]).stderr);
    assert!(told.contains("pushed accountEnabled eq false"), "{told}");
    let cost = text(&of("NOT account_enabled", &["--dry-run"]).stdout);
    assert!(cost.contains("accountEnabled") && !cost.contains("{\"id\""), "{cost}");
    let copied = of("true); COPY (SELECT 1) TO '/tmp/no.csv'; SELECT (1", &[]);
    fails(&copied, 2, &["one condition"]);
    assert!(copied.stdout.is_empty());
}

#[test]
fn each_day_has_its_folder_for_the_same_requests() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("sign_ins");
    let simulator = simulator(Options::default());
    let whole = on(&simulator, &["export", "sign_ins"]);
    let mut expected: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in rows(&whole) {
        let day = row["created_date_time"].as_str().unwrap()[..10].to_owned();
        let kind = row["client_app_used"].as_str().unwrap_or("__HIVE_DEFAULT_PARTITION__");
        let kind = kind.replace('/', "%2F");
        expected.entry(format!("client_app_used={kind}/day={day}")).or_default().push(row);
    }
    assert!(expected.len() > 5);
    let by = ["--partition-by", "client_app_used,day", "-o", target.to_str().unwrap()];
    let output = on(&simulator, &[&["export", "sign_ins"][..], &by].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(requests(&output), requests(&whole));
    let names: Vec<_> = expected.keys().map(|name| format!("{name}/part-0.parquet")).collect();
    assert_eq!(files(&target), names);
    for (name, mut rows) in expected {
        for row in &mut rows {
            row.as_object_mut().unwrap().remove("client_app_used");
        }
        assert_eq!(parquet(&target.join(name).join("part-0.parquet")), rows);
    }
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside it");
    let again = on(&simulator, &[&["export", "sign_ins"][..], &by].concat());
    fails(&again, 2, &["has files already", "a new folder"]);
}

#[test]
fn lines_in_folders_are_whole_events() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("out");
    let arguments = ["export", "users", "--partition-by", "user_type", "--format", "ndjson", "-o"];
    let output = demo(&[&arguments[..], &[target.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found = files(&target);
    assert_eq!(found, ["user_type=Guest/part-0.ndjson", "user_type=Member/part-0.ndjson"]);
    for name in found {
        let rows = lines(&fs::read_to_string(target.join(&name)).unwrap());
        assert!(rows.iter().all(|row| name.contains(row["user_type"].as_str().unwrap())));
    }
}

#[test]
fn an_export_that_fails_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let simulator = simulator(Options::default());
    for more in [&["-o", &path("a.ndjson")][..], &["-o", &path("a"), "--partition-by", "day"]] {
        let cut = [&["export", "sign_ins", "--max-requests", "2"][..], more].concat();
        let output = on(&simulator, &cut);
        assert!(!output.status.success(), "{more:?}");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0, "{more:?}");
    }
}

#[test]
fn what_cannot_be_exported_is_said_before_anything_is_asked() {
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("out").to_str().unwrap().to_owned();
    let simulator = simulator(Options::default());
    let export = |more: &[&str]| on(&simulator, &[&["export"][..], more].concat());
    fails(&export(&["user"]), 1, &["did you mean `users`?"]);
    fails(&export(&["SELECT 1"]), 2, &["no name of a table", "entraql -c"]);
    fails(&export(&["users", "--partition-by", "day"]), 2, &["`-o DIR` names it"]);
    let by = |column: &str| export(&["users", "-o", &target, "--partition-by", column]);
    fails(&by("user_typ"), 2, &["no column `user_typ`", "did you mean `user_type`?"]);
    fails(&by("assigned_licenses"), 2, &["cannot name folders"]);
    let table = ["users", "-o", &target, "--partition-by", "user_type", "--format", "table"];
    fails(&export(&table), 2, &["no folders of `table`"]);
    fails(&export(&["users", "-o", "/no/such/folder/a.csv"]), 9, &["/no/such/folder/a.csv"]);
    fails(&export(&["users", "-o", "a.xls"]), 2, &[".parquet"]);
    assert_eq!(simulator.seen().len(), 0, "nothing was asked");
    assert!(!Path::new(&target).exists());
}

#[test]
fn maps_and_lists_of_records_survive_parquet_and_nulls_are_left_out_where_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let sql = "SELECT map(['a', 'b'], ['x', NULL]) AS unmapped, 47::double AS lat, NULL AS nothing, \
               [named_struct('n', 1, 'm', NULL), named_struct('n', NULL, 'm', NULL)] AS items, \
               arrow_cast('2026-11-20T01:02:03', 'Timestamp(Millisecond, Some(\"UTC\"))') AS at";
    let output = entraql(&["-c", sql, "-o", path.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let whole = json!({
        "unmapped": {"a": "x", "b": null}, "lat": 47.0, "nothing": null,
        "items": [{"n": 1, "m": null}, {"n": null, "m": null}], "at": "2026-11-20T01:02:03Z",
    });
    assert_eq!(parquet(&path), std::slice::from_ref(&whole));
    let written = |more: &[&str]| {
        let arguments = [&["-c", sql, "--format", "ndjson"][..], more].concat();
        entraql(&arguments).output().unwrap()
    };
    assert_eq!(rows(&written(&[])), [whole]);
    let short = written(&["--no-nulls"]);
    let expected =
        r#"{"unmapped":{"a":"x"},"lat":47.0,"items":[{"n":1}],"at":"2026-11-20T01:02:03Z"}"#;
    assert_eq!(text(&short.stdout).trim_end(), expected);
    let event = format!(
        "SELECT 3002 AS class_uid, 300201 AS type_uid, named_struct('version', '1.6.0') AS metadata, * FROM ({sql})"
    );
    let event = entraql(&["-c", &event, "--format", "ndjson"]).output().unwrap();
    let event = text(&event.stdout);
    assert!(event.contains("\"lat\":47.0") && !event.contains("null"), "{event}");
    let same = format!(
        "SELECT to_ocsf_json(named_struct('lat', lat, 'at', at, 'unmapped', unmapped, 'nothing', nothing)) FROM ({sql})"
    );
    let same = entraql(&["-c", &same, "--format", "csv"]).output().unwrap();
    let shown = text(&same.stdout).replace("\"\"", "\"");
    assert!(
        shown.contains(r#"{"lat":47.0,"at":"2026-11-20T01:02:03Z","unmapped":{"a":"x"}}"#),
        "{shown}"
    );
}

#[test]
fn events_are_lines_without_nulls_and_all_events_are_the_events_themselves() {
    // One world for both: the days of the demo tenant move with the clock.
    let simulator = simulator(Options::default());
    let events = rows(&on(&simulator, &["export", "ocsf.authentication"]));
    assert!(events.len() > 10);
    let shown = serde_json::to_string(&events).unwrap();
    for sign in [":null", ":{}", ":[]"] {
        assert!(!shown.contains(sign), "{sign}");
    }
    assert!(events.iter().all(|event| event["time"].is_i64() && event["unmapped"].is_object()));
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("events");
    let path = target.to_str().unwrap();
    let logons = "class_uid = 3002";
    let export = ["export", "ocsf.events", "--where", logons, "--format", "ndjson", "-o", path];
    let output = on(&simulator, &[&export[..], &["--partition-by", "class_uid,day"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found = files(&target);
    assert!(found.len() > 1 && found[0].starts_with("class_uid=3002/day=20"), "{found:?}");
    let read = |name: &String| lines(&fs::read_to_string(target.join(name)).unwrap());
    let mut all: Vec<_> = found.iter().flat_map(read).map(|event| event.to_string()).collect();
    let mut expected: Vec<_> = events.iter().map(ToString::to_string).collect();
    all.sort_unstable();
    expected.sort_unstable();
    assert_eq!(all, expected);
}
