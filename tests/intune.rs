//! Intune ignores a filter it does not know and sends every row: the filter is evaluated again
//! here, and that saves the answer.

use std::sync::Arc;

use datafusion::arrow::array::AsArray;
use entraql::graph::Pacing;
use entraql::provider::GraphTable;
use entraql::sim::{Options, WorldName};
use entraql::spec::{Bucket, Column, EQ, License, TableSpec, flag, text};
use entraql::{Engine, Settings};

const PATH: &str = "/deviceManagement/managedDevices";

/// Operators nobody documents, as a table that is wrong about Intune would declare them.
const COLUMNS: &[Column] = &[
    text("id", "Id.").required(),
    flag("is_encrypted", "Flag.").filter(EQ),
    text("user_id", "Text.").filter(EQ),
];

static DOUBTED: TableSpec = TableSpec::collection("doubted", PATH)
    .permissions(&["DeviceManagementManagedDevices.Read.All"])
    .license(License::Intune)
    .bucket(Bucket::Intune)
    .ignores_filter()
    .columns(COLUMNS);

/// The same without the word that takes no answer as exact.
static TRUSTED: TableSpec = TableSpec::collection("trusted", PATH)
    .permissions(&["DeviceManagementManagedDevices.Read.All"])
    .license(License::Intune)
    .bucket(Bucket::Intune)
    .columns(COLUMNS);

async fn engine() -> Engine {
    let options = Options { world: WorldName::Tiny, ..Options::default() };
    let settings = Settings { pacing: Pacing::Off, ..Settings::default() };
    let engine = Engine::simulated(options, settings).await.unwrap();
    for spec in [&DOUBTED, &TRUSTED] {
        let table = GraphTable::new(spec, engine.client().cloned());
        engine.context().register_table(spec.name, Arc::new(table)).unwrap();
    }
    engine
}

async fn ids(engine: &Engine, sql: &str) -> Vec<String> {
    let mut query = engine.query(sql).await.unwrap();
    let mut found = Vec::new();
    while let Some(batch) = query.next().await.unwrap() {
        found.extend(batch.column(0).as_string::<i32>().iter().flatten().map(str::to_owned));
    }
    found.sort();
    found
}

/// The devices whose disk is not encrypted, read from the world.
fn bare(engine: &Engine) -> Vec<String> {
    let rows = engine.simulator().unwrap().world().rows("managedDevices");
    let bare = rows.iter().filter(|row| row["isEncrypted"] == false);
    let mut ids: Vec<_> = bare.map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

#[tokio::test]
async fn rows_of_an_ignored_filter_are_looked_at_again() {
    let engine = engine().await;
    let bare = bare(&engine);
    assert_eq!(ids(&engine, "SELECT id FROM doubted WHERE NOT is_encrypted").await, bare);
    assert!(ids(&engine, "SELECT id FROM doubted WHERE user_id = 'nobody'").await.is_empty());
    let seen = engine.simulator().unwrap().refusals();
    assert_eq!(seen.len(), 2, "both filters were sent and ignored: {seen:#?}");
    assert!(seen.iter().all(|seen| seen.status == 200 && seen.target.contains("$filter=")));
    // Without the word every device would do: this is what the test is about.
    assert_ne!(ids(&engine, "SELECT id FROM trusted WHERE NOT is_encrypted").await, bare);
}

#[tokio::test]
async fn a_limit_is_not_sent_beside_a_filter_that_may_be_ignored() {
    let engine = engine().await;
    let found = ids(&engine, "SELECT id FROM doubted WHERE NOT is_encrypted LIMIT 2").await;
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|id| bare(&engine).contains(id)));
    let seen = engine.simulator().unwrap().seen();
    assert!(seen.iter().any(|seen| seen.target.ends_with("$top=999")), "{seen:#?}");
}

#[tokio::test]
async fn the_tables_of_intune_send_documented_filters_only() {
    let engine = engine().await;
    let sql = "SELECT id FROM managed_devices WHERE NOT is_encrypted AND user_id <> 'nobody'
                AND compliance_state IN ('noncompliant', 'unknown')";
    ids(&engine, sql).await;
    assert!(engine.simulator().unwrap().refusals().is_empty());
}
