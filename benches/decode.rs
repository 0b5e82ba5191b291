//! Decoding one page of 1,000 sign-ins: every column, five columns, none, and `raw`.
//!
//! `cargo bench --bench decode`. The floor is `serde_json` skipping the same page, the
//! peer is `serde_json::Value`; both run here, so that ratios mean something.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails may panic")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use entraql::decode::Decoder;
use entraql::sim::{Options, Simulator, WorldName};
use entraql::spec::{Column, TableSpec, arrow_schema};
use serde::de::IgnoredAny;

const ROWS: usize = 1_000;
const FIVE: [&str; 5] =
    ["id", "created_date_time", "user_principal_name", "ip_address", "app_display_name"];

fn page() -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let world = WorldName::Bulk { sign_ins: ROWS, users: 100 };
    let simulator =
        runtime.block_on(Simulator::start(Options { world, ..Options::default() })).unwrap();
    let rows = simulator.world().rows("signIns");
    let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    format!(r#"{{"@odata.context":"x","value":[{}]}}"#, rows.join(",")).into_bytes()
}

fn decoder(spec: &'static TableSpec, wanted: impl Fn(&Column) -> bool) -> Decoder {
    let full = arrow_schema(spec);
    let columns: Vec<&'static Column> = spec.columns_served().filter(|c| wanted(c)).collect();
    let places: Vec<usize> = columns.iter().map(|c| full.index_of(c.name).unwrap()).collect();
    Decoder::new(columns, Arc::new(full.project(&places).unwrap()), "id".into())
}

fn decode(c: &mut Criterion) {
    let page = page();
    let spec = entraql::tables::find("non_interactive_sign_ins").unwrap();
    let mut group = c.benchmark_group("page of 1,000 sign-ins");
    group.throughput(Throughput::Bytes(page.len() as u64));
    group.bench_function("floor: skipped", |b| {
        b.iter(|| serde_json::from_slice::<IgnoredAny>(black_box(&page)).unwrap());
    });
    group.bench_function("no column", |b| {
        let decoder = decoder(spec, |_| false);
        b.iter(|| decoder.page(black_box(&page)).unwrap());
    });
    group.bench_function("five columns", |b| {
        let decoder = decoder(spec, |c| FIVE.contains(&c.name));
        b.iter(|| decoder.page(black_box(&page)).unwrap());
    });
    group.bench_function("every column", |b| {
        let decoder = decoder(spec, |_| true);
        b.iter(|| decoder.page(black_box(&page)).unwrap());
    });
    group.bench_function("peer: serde_json::Value", |b| {
        b.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(&page)).unwrap());
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
