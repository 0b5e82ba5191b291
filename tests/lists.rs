//! Files of other sources: tables of a folder, external tables, and what is wrong with them.

use std::fs;
use std::path::Path;

use datafusion::arrow::util::display::array_value_to_string;
use entraql::graph::Pacing;
use entraql::sim::{Options, WorldName};
use entraql::{Engine, Error, ErrorKind, Settings};

use crate::cli::{entraql, fails, text};

async fn tiny() -> Engine {
    let options = Options { world: WorldName::Tiny, ..Options::default() };
    let settings = Settings { pacing: Pacing::Off, ..Settings::default() };
    Engine::simulated(options, settings).await.unwrap()
}

async fn cells(engine: &Engine, sql: &str) -> Result<Vec<String>, Error> {
    let mut query = engine.query(sql).await?;
    let mut cells = Vec::new();
    while let Some(batch) = query.next().await? {
        for row in 0..batch.num_rows() {
            let row = batch.columns().iter().map(|c| array_value_to_string(c, row).unwrap());
            cells.push(row.collect::<Vec<_>>().join("|"));
        }
    }
    Ok(cells)
}

/// A name of the world's own, and two ids of its users.
fn known() -> Vec<(String, String)> {
    let text = fs::read_to_string("fixtures/worlds/tiny/users.json").unwrap();
    let users: serde_json::Value = serde_json::from_str(&text).unwrap();
    let users = users.as_array().unwrap().iter().take(2);
    let text = |user: &serde_json::Value, name: &str| user[name].as_str().unwrap().to_owned();
    users.map(|user| (text(user, "id"), text(user, "userPrincipalName"))).collect()
}

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    fs::write(folder.join(name), text).unwrap();
}

#[tokio::test]
async fn files_of_every_format_join_the_tables() {
    let engine = tiny().await;
    let folder = tempfile::tempdir().unwrap();
    let users = known();
    let [(a, _), (b, _)] = &users[..] else { panic!() };
    write(folder.path(), "as-csv.csv", format!("\u{feff}ID;badge\n{a};007\n{b};8\n"));
    write(folder.path(), "array.json", format!(r#"[{{"id":"{a}"}},{{"id":"{b}"}}]"#));
    write(folder.path(), "Lines.ndjson", format!("{{\"id\":\"{a}\"}}\n{{\"id\":\"{b}\"}}\n"));
    let parquet = folder.path().join("columns.parquet").display().to_string();
    cells(
        &engine,
        &format!("COPY (SELECT id FROM users WHERE id IN ('{a}', '{b}')) TO '{parquet}'"),
    )
    .await
    .unwrap();
    assert!(engine.read_lists(folder.path()).unwrap().is_empty());
    for list in ["array", "lines", "columns"] {
        let sql = format!("SELECT count(*) FROM users u JOIN lists.{list} l ON l.id = u.id");
        assert_eq!(cells(&engine, &sql).await.unwrap(), ["2"], "{list}");
    }
    let sql = "SELECT badge FROM users u JOIN lists.as_csv l ON l.\"ID\" = u.id ORDER BY badge";
    assert_eq!(cells(&engine, sql).await.unwrap(), ["007", "8"]);
    let sql = "SELECT table_name, about FROM meta.catalog WHERE schema_name = 'lists' ORDER BY 1";
    let listed = cells(&engine, sql).await.unwrap();
    assert_eq!(listed[0], "array|The rows of `array.json`.");
    assert_eq!(listed.len(), 4);
    let sql = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'lists'";
    assert_eq!(cells(&engine, sql).await.unwrap().len(), 4);
}

#[tokio::test]
async fn external_tables_join_the_tables() {
    let engine = tiny().await;
    let folder = tempfile::tempdir().unwrap();
    let id = &known()[0].0;
    write(folder.path(), "a.csv", format!("id,n\n{id},1\n"));
    write(folder.path(), "b.json", format!("{{\"id\":\"{id}\"}}\n"));
    write(folder.path(), "c.json", format!("[{{\"id\":\"{id}\"}}]"));
    let parquet = folder.path().join("d.parquet").display().to_string();
    cells(&engine, &format!("COPY (SELECT id FROM users WHERE id = '{id}') TO '{parquet}'"))
        .await
        .unwrap();
    for (file, how) in [
        ("a.csv", "CSV OPTIONS ('format.has_header' 'true')"),
        ("b.json", "JSON"),
        ("c.json", "JSON OPTIONS ('format.newline_delimited' 'false')"),
        ("d.parquet", "PARQUET"),
    ] {
        let (how, options) = how.split_once(" OPTIONS ").unwrap_or((how, "()"));
        let options = if options == "()" { String::new() } else { format!(" OPTIONS {options}") };
        let path = folder.path().join(file).display().to_string();
        let name = file.split('.').next().unwrap();
        let sql =
            format!("CREATE EXTERNAL TABLE ext_{name} STORED AS {how} LOCATION '{path}'{options}");
        cells(&engine, &sql).await.unwrap_or_else(|e| panic!("{sql}: {e:?}"));
        let sql = format!("SELECT count(*) FROM users u JOIN ext_{name} x ON x.id = u.id");
        assert_eq!(cells(&engine, &sql).await.unwrap(), ["1"], "{file}");
    }
}

#[tokio::test]
async fn a_file_that_is_wrong_stops_its_own_statements_only() {
    let engine = tiny().await;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "good.csv", "a\n1\n");
    write(folder.path(), "ragged.csv", "a,b\n1,2\n1,2,3\n");
    write(folder.path(), "empty.csv", "");
    write(folder.path(), "bytes.csv", [0xff, 0xfe, 0x00]);
    write(folder.path(), "torn.json", "[{\"a\":1}");
    write(folder.path(), "fake.parquet", "a\n1\n");
    write(folder.path(), "twice.csv", "a\n1\n");
    write(folder.path(), "Twice.json", "[{\"a\":1}]");
    write(folder.path(), "it's.csv", "a\n1\n");
    let skipped = engine.read_lists(folder.path()).unwrap();
    assert_eq!(skipped.len(), 1);
    assert!(skipped[0].0.ends_with("it's.csv"));
    assert_eq!(cells(&engine, "SELECT a FROM lists.good").await.unwrap(), ["1"]);
    for (name, words) in [
        ("ragged", "line 3"),
        ("empty", "it is empty"),
        ("bytes", "not UTF-8"),
        ("torn", "EOF"),
        ("fake", "can't be read"),
        ("twice", "Twice.json, "),
    ] {
        let error = cells(&engine, &format!("SELECT a FROM lists.{name}")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{name}: {error}");
        assert!(error.to_string().contains(words), "{name}: {error}");
        assert!(error.to_string().contains(folder.path().to_str().unwrap()), "{name}: {error}");
    }
    let sql = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'lists'";
    assert_eq!(cells(&engine, sql).await.unwrap(), ["1"], "the columns of what can be read");
    for sql in ["DROP SCHEMA lists", "CREATE TABLE lists.mine AS SELECT 1", "DROP TABLE lists.good"]
    {
        assert_eq!(cells(&engine, sql).await.unwrap_err().kind(), ErrorKind::Query, "{sql}");
    }
    let error = engine.read_lists(&folder.path().join("none")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
}

#[tokio::test]
async fn a_file_that_has_changed_is_read_again() {
    let engine = tiny().await;
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "w.csv", "a,b\n1,2\n");
    engine.read_lists(folder.path()).unwrap();
    assert_eq!(cells(&engine, "SELECT b FROM lists.w").await.unwrap(), ["2"]);
    write(folder.path(), "w.csv", "b,a,c\n20,1,3\n");
    assert_eq!(cells(&engine, "SELECT b, c FROM lists.w").await.unwrap(), ["20|3"]);
}

#[tokio::test]
async fn a_list_a_saved_query_expects_is_missing_before_anything_is_asked() {
    let engine = tiny().await;
    let sql = "SELECT * FROM users u JOIN lists.okta_users o ON o.login = u.user_principal_name";
    assert!(cells(&engine, &format!("EXPLAIN {sql}")).await.is_ok());
    let error = cells(&engine, sql).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("there is no list `okta_users`"), "{error}");
    assert!(error.hint().unwrap().contains("--lists"), "{error:?}");
    assert!(engine.simulator().unwrap().seen().is_empty());
    let shown = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'lists'";
    assert_eq!(cells(&engine, shown).await.unwrap(), ["0"]);
    let folder = tempfile::tempdir().unwrap();
    engine.read_lists(folder.path()).unwrap();
    let error = cells(&engine, sql).await.unwrap_err();
    assert!(error.hint().unwrap().contains(folder.path().to_str().unwrap()), "{error:?}");
    write(folder.path(), "okta_users.csv", "login\nx\n");
    engine.read_lists(folder.path()).unwrap();
    assert!(cells(&engine, sql).await.unwrap().is_empty());
}

#[test]
fn the_program_finds_the_folder_by_flag_setting_and_variable() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "w.csv", "a\n1\n");
    write(folder.path(), "it's.csv", "a\n1\n");
    let path = folder.path().to_str().unwrap();
    let sql = "SELECT a FROM lists.w";
    let flag =
        entraql(&["--lists", path, "--demo", "-c", sql, "--format", "csv"]).output().unwrap();
    assert_eq!(text(&flag.stdout), "a\n1\n");
    assert!(text(&flag.stderr).contains("is left out"), "{}", text(&flag.stderr));
    let run = |file: &str, variable: Option<&str>| {
        let settings = folder.path().join("config.toml");
        fs::write(&settings, file).unwrap();
        let mut command = entraql(&["-c", sql, "--format", "csv", "-q"]);
        command.env("ENTRAQL_CONFIG", settings);
        if let Some(folder) = variable {
            command.env("ENTRAQL_LISTS", folder);
        }
        command.output().unwrap()
    };
    assert_eq!(text(&run("[defaults]\nlists = '.'\n", None).stdout), "a\n1\n");
    assert_eq!(text(&run("", Some(path)).stdout), "a\n1\n");
    assert!(!run("", None).status.success());
    fails(&run("[defaults]\nlists = 'nowhere'\n", None), 3, &["the folder of lists can't be read"]);
    let mut demo = entraql(&[
        "--demo",
        "-c",
        "SELECT count(*) AS n FROM lists.okta_users",
        "--format",
        "csv",
        "-q",
    ]);
    let demo = demo.output().unwrap();
    assert_eq!(text(&demo.stdout), "n\n32\n");
}
