//! Text columns as `Utf8`, `Utf8View` and dictionaries: what appending, Parquet and memory cost.
//!
//! `cargo bench --bench strings`. Columns are of the kinds a sign-in has: ids, choices, names of
//! users and apps, addresses. Bytes in memory are printed before the timings.

#![expect(clippy::unwrap_used, reason = "a benchmark that fails may panic")]
#![expect(
    clippy::print_stderr,
    reason = "sizes are no timings, so criterion has no place for them"
)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use datafusion::arrow::array::{
    ArrayRef, RecordBatch, StringBuilder, StringDictionaryBuilder, StringViewBuilder,
};
use datafusion::arrow::datatypes::Int32Type;
use datafusion::parquet::arrow::ArrowWriter;

const COLUMNS: usize = 30;
const ROWS: usize = 1_000;

type Append = fn(&[String]) -> ArrayRef;

fn value(kind: usize, row: usize) -> String {
    match kind % 5 {
        0 => format!("{:08x}-0000-4000-8000-{row:012x}", row * 40_503),
        1 => ["success", "failure", "notApplied", "none"][row % 4].to_owned(),
        2 => format!("user{}@haldenvoss.example", row % 1_200),
        3 => ["Office 365 Exchange Online", "Microsoft Teams", "Azure Portal"][row % 3].to_owned(),
        _ => format!("203.0.113.{}", row % 250),
    }
}

fn utf8(values: &[String]) -> ArrayRef {
    let mut builder = StringBuilder::new();
    for value in values {
        builder.append_value(value);
    }
    Arc::new(builder.finish())
}

fn view(values: &[String]) -> ArrayRef {
    let mut builder = StringViewBuilder::new();
    for value in values {
        builder.append_value(value);
    }
    Arc::new(builder.finish())
}

fn dictionary(values: &[String]) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    for value in values {
        builder.append_value(value);
    }
    Arc::new(builder.finish())
}

fn page(texts: &[Vec<String>], append: Append) -> RecordBatch {
    let columns = texts.iter().enumerate();
    RecordBatch::try_from_iter(columns.map(|(at, values)| (format!("c{at}"), append(values))))
        .unwrap()
}

fn strings(c: &mut Criterion) {
    let column = |kind| (0..ROWS).map(|row| value(kind, row * 7 + kind)).collect();
    let texts: Vec<Vec<String>> = (0..COLUMNS).map(column).collect();
    let kinds: [(&str, Append); 3] = [("utf8", utf8), ("view", view), ("dictionary", dictionary)];
    let mut group = c.benchmark_group("30 text columns of 1,000 rows");
    group.throughput(Throughput::Elements(ROWS as u64));
    for (name, append) in kinds {
        let batch = page(&texts, append);
        eprintln!("{name}: {} bytes a row in memory", batch.get_array_memory_size() / ROWS);
        group.bench_function(format!("{name}: append"), |b| {
            b.iter(|| page(black_box(&texts), append));
        });
        group.bench_function(format!("{name}: Parquet"), |b| {
            b.iter(|| {
                let schema = batch.schema();
                let mut writer = ArrowWriter::try_new(std::io::sink(), schema, None).unwrap();
                writer.write(black_box(&batch)).unwrap();
                writer.close().unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, strings);
criterion_main!(benches);
