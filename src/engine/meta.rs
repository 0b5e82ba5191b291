//! Schema `meta`: what the tables are made of, and what was asked of Graph.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Int64Array, ListBuilder, StringArray, StringBuilder,
    TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{MemorySchemaProvider, SchemaProvider, Session, TableProvider};
use datafusion::datasource::MemTable;
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;

use crate::engine::cached::Cached;
use crate::engine::catalog::{ALL_SIGN_INS, GRAPH, META};
use crate::engine::columns;
use crate::engine::history::History;
use crate::engine::lists::LISTS;
use crate::engine::ocsf::OCSF;
use crate::engine::receipts::Receipts;
use crate::engine::views::Planned;
use crate::graph::{Entry, GraphClient, RequestLog};
use crate::ocsf;
use crate::provider::ScanCache;
use crate::spec::{Example, TableSpec};
use crate::tables;

/// Builds the schema.
pub(super) fn schema(
    client: Option<&GraphClient>,
    history: &Arc<History>,
    cache: &Arc<ScanCache>,
    views: &[Planned],
) -> Result<Arc<dyn SchemaProvider>> {
    let meta = MemorySchemaProvider::new();
    for (name, batch) in [
        ("catalog", catalog_rows(&[])?),
        ("tables", table_rows()?),
        ("columns", columns::rows(views)?),
        ("permissions", permission_rows()?),
        ("examples", example_rows()?),
    ] {
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]])?;
        meta.register_table(name.to_owned(), Arc::new(table))?;
    }
    let log = client.map(|c| c.log().clone()).unwrap_or_default();
    meta.register_table("requests".to_owned(), Arc::new(Requests { log }))?;
    meta.register_table("receipts".to_owned(), Arc::new(Receipts::of(Arc::clone(history))))?;
    meta.register_table("cache".to_owned(), Arc::new(Cached::of(Arc::clone(cache))?))?;
    Ok(Arc::new(meta))
}

/// A batch from named columns, in order.
pub(super) fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch> {
    Ok(RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )?)
}

pub(super) fn text<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

pub(super) fn maybe<T: AsRef<str>>(values: impl IntoIterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(StringArray::from_iter(values))
}

pub(super) fn flags(values: impl IntoIterator<Item = bool>) -> ArrayRef {
    Arc::new(values.into_iter().map(Some).collect::<BooleanArray>())
}

pub(super) fn numbers(values: impl IntoIterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.into_iter().collect::<Int64Array>())
}

pub(super) fn lists<'a>(values: impl IntoIterator<Item = Vec<&'a str>>) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for list in values {
        builder.append_value(list.into_iter().map(Some));
    }
    Arc::new(builder.finish())
}

/// What the views and the tables of this schema are; the others say so themselves.
const ABOUT: &[(&str, &str, &str)] = &[
    (GRAPH, ALL_SIGN_INS, "Sign-ins of every kind, which `event_type` names."),
    (META, "catalog", "What can be queried."),
    (META, "tables", "The tables of Graph: resource, permissions, license, page size."),
    (META, "columns", "Their columns and those of views, with what Graph can filter by."),
    (META, "permissions", "The permissions they need, least privileged first."),
    (META, "examples", "Queries worth trying."),
    (META, "requests", "Every request sent so far."),
    (META, "receipts", "What each query so far has cost."),
    (META, "cache", "The scans whose rows stand in for requests."),
];

/// Tells what the lists are beside what else there is.
pub(super) fn tell_lists(meta: &dyn SchemaProvider, lists: &[(String, String)]) -> Result<()> {
    let rows = catalog_rows(lists)?;
    let table = MemTable::try_new(rows.schema(), vec![vec![rows]])?;
    meta.deregister_table("catalog")?;
    meta.register_table("catalog".to_owned(), Arc::new(table)).map(drop)
}

fn catalog_rows(lists: &[(String, String)]) -> Result<RecordBatch> {
    let named = |t: &TableSpec| (GRAPH, t.name, t.about.to_owned());
    let alias = |t: &TableSpec| Some((GRAPH, t.alias?, format!("Another name of `{}`.", t.name)));
    let tables = tables::ALL.iter().copied().map(named);
    let aliases = tables::ALL.iter().copied().filter_map(alias);
    let others = ABOUT.iter().map(|(schema, name, about)| (*schema, *name, (*about).to_owned()));
    let views = tables::VIEWS.iter().map(|v| (GRAPH, v.name, v.about.to_owned()));
    let lists = lists.iter().map(|(name, about)| (LISTS, name.as_str(), about.clone()));
    let ocsf = ocsf::described();
    let events = ocsf.iter().map(|view| (OCSF, view.name, view.about.to_owned()));
    let all = tables.chain(aliases).chain(views).chain(events).chain(lists).chain(others);
    let all: Vec<_> = all.collect();
    batch(vec![
        ("schema_name", text(all.iter().map(|row| row.0))),
        ("table_name", text(all.iter().map(|row| row.1))),
        ("about", text(all.iter().map(|row| &row.2))),
    ])
}

fn table_rows() -> Result<RecordBatch> {
    let all = || tables::ALL.iter();
    batch(vec![
        ("table_name", text(all().map(|t| t.name))),
        ("about", text(all().map(|t| t.about))),
        ("alias", maybe(all().map(|t| t.alias))),
        ("resource", text(all().map(|t| format!("/{}{}", t.version.segment(), t.path)))),
        ("key", text(all().map(|t| t.key))),
        ("permissions", lists(all().map(|t| t.permissions.to_vec()))),
        ("license", text(all().map(|t| t.license.name()))),
        ("throttle_bucket", text(all().map(|t| t.bucket.name()))),
        ("page_size", numbers(all().map(|t| Some(i64::from(t.page_size))))),
        ("newest_first", maybe(all().map(|t| t.newest_first))),
        ("retention_days", numbers(all().map(|t| t.retention_days.map(i64::from)))),
        ("page", text(all().map(|t| t.page))),
    ])
}

/// Queries worth trying, each on one line.
fn example_rows() -> Result<RecordBatch> {
    let of = |name: &'static str, examples: &'static [Example]| {
        examples.iter().map(move |example| (name, *example))
    };
    let tables = tables::ALL.iter().flat_map(|table| of(table.name, table.examples));
    let views = tables::VIEWS.iter().flat_map(|view| of(view.name, view.examples));
    let ocsf = ocsf::described();
    let named = |name| format!("{OCSF}.{name}");
    let events = ocsf.iter().flat_map(|view| of(view.name, view.examples));
    let events = events.map(|(name, example)| (named(name), example));
    let others = tables.chain(views).map(|(name, example)| (name.to_owned(), example));
    let all: Vec<_> = others.chain(events).collect();
    let line = |sql: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    batch(vec![
        ("table_name", text(all.iter().map(|(table, _)| table))),
        ("question", text(all.iter().map(|(_, (question, _))| question))),
        ("sql", text(all.iter().map(|(_, (_, sql))| line(sql)))),
    ])
}

fn permission_rows() -> Result<RecordBatch> {
    let all: Vec<_> = tables::ALL.iter().flat_map(|t| permissions(t)).collect();
    batch(vec![
        ("table_name", text(all.iter().map(|p| p.0))),
        ("column_name", maybe(all.iter().map(|p| p.1))),
        ("permission", text(all.iter().map(|p| p.2))),
        ("least_privileged", flags(all.iter().map(|p| p.3))),
        ("license", text(all.iter().map(|p| p.4))),
    ])
}

type PermissionRow = (&'static str, Option<&'static str>, &'static str, bool, &'static str);

fn permissions(spec: &TableSpec) -> Vec<PermissionRow> {
    let license = spec.license.name();
    let own = spec.permissions.iter().enumerate();
    let own = own.map(|(i, p)| (spec.name, None, *p, i == 0, license));
    let extra = spec.columns_served().filter_map(|c| {
        let permission = c.permission?;
        Some((spec.name, Some(c.name), permission, true, c.license.unwrap_or(license)))
    });
    own.chain(extra).collect()
}

/// Every request of this process, as it stands when the query is planned.
#[derive(Debug)]
struct Requests {
    log: RequestLog,
}

impl Requests {
    fn fields() -> SchemaRef {
        let field = |name: &str, data_type| Field::new(name, data_type, true);
        Arc::new(Schema::new(vec![
            field("seq", DataType::Int64),
            field("at", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))),
            field("method", DataType::Utf8),
            field("url", DataType::Utf8),
            field("table_name", DataType::Utf8),
            field("status", DataType::Int64),
            field("rows", DataType::Int64),
            field("bytes", DataType::Int64),
            field("ms", DataType::Int64),
            field("attempt", DataType::Int64),
            field("waited_ms", DataType::Int64),
            field("error", DataType::Utf8),
        ]))
    }

    fn rows(&self) -> Result<RecordBatch> {
        let all = self.log.snapshot();
        let number =
            |value: fn(&Entry) -> u64| numbers(all.iter().map(|e| i64::try_from(value(e)).ok()));
        let optional = |value: fn(&Entry) -> Option<u64>| {
            numbers(all.iter().map(|e| value(e).and_then(|v| i64::try_from(v).ok())))
        };
        let at = all.iter().map(|e| e.started.timestamp_micros());
        let at = TimestampMicrosecondArray::from_iter_values(at).with_timezone("UTC");
        let columns = vec![
            number(|e| e.seq),
            Arc::new(at) as ArrayRef,
            text(all.iter().map(|e| e.method)),
            text(all.iter().map(|e| &e.target)),
            maybe(all.iter().map(|e| Some(e.table).filter(|t| !t.is_empty()))),
            optional(|e| (e.status > 0).then_some(u64::from(e.status))),
            optional(|e| e.rows),
            number(|e| e.bytes),
            optional(|e| e.millis),
            number(|e| u64::from(e.attempt)),
            number(|e| e.throttled_ms),
            maybe(all.iter().map(|e| e.error.as_deref())),
        ];
        Ok(RecordBatch::try_new(Self::fields(), columns)?)
    }
}

#[async_trait]
impl TableProvider for Requests {
    fn schema(&self) -> SchemaRef {
        Self::fields()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let rows = vec![vec![self.rows()?]];
        let source = MemorySourceConfig::try_new_exec(&rows, Self::fields(), projection.cloned())?;
        Ok(source)
    }
}
