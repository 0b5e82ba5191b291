//! `EXPLAIN GRAPH`: what a query would ask of Graph, and how often, without asking.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Float64Array, RecordBatch};
use datafusion::execution::SessionState;
use datafusion::logical_expr::{DdlStatement, LogicalPlan};
use datafusion::physical_plan::SendableRecordBatchStream;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast;
use datafusion::sql::sqlparser::tokenizer::Token;

use crate::engine::meta::{batch, lists, maybe, numbers, text};
use crate::engine::reach::{self, Reach, Reached};
use crate::engine::tokens::{Lexeme, lex};
use crate::engine::{Inner, QueryOptions, query, statement};
use crate::error::{Error, ErrorKind, Result};
use crate::graph::{Meter, least_time};
use crate::provider::ScanCost;

/// `EXPLAIN GRAPH [(PROBE)]` and the statement behind it.
pub(super) struct Preview {
    /// The statement at its place in the text: what stands before it is blank.
    sql: String,
    probe: bool,
}

impl Preview {
    /// Reads the prefix; nothing where a statement has none.
    pub(super) fn of(sql: &str) -> Option<Self> {
        let lexed = lex(sql);
        let words: Vec<&Lexeme> = lexed.words().collect();
        let [explain, graph, rest @ ..] = words.as_slice() else { return None };
        if !explain.is_word("explain") || !graph.is_word("graph") {
            return None;
        }
        let (probe, end) = match rest {
            [open, word, close, ..]
                if open.token == Token::LParen
                    && word.is_word("probe")
                    && close.token == Token::RParen =>
            {
                (true, close.at.end)
            }
            _ => (false, graph.at.end),
        };
        let blank = |c: char| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) };
        let before: String = sql[..end].chars().map(blank).collect();
        Some(Self { sql: before + &sql[end..], probe })
    }
}

/// Tells whether `EXPLAIN GRAPH` has something to say about a statement.
pub(super) fn has_cost(sql: &str) -> Result<bool> {
    if Preview::of(sql).is_some() {
        return Ok(false);
    }
    Ok(match statement::parse(sql)? {
        Statement::Explain(_) | Statement::CopyTo(_) => true,
        Statement::Statement(inner) => match *inner {
            ast::Statement::Query(_) | ast::Statement::Insert(_) => true,
            ast::Statement::CreateTable(table) => table.query.is_some(),
            _ => false,
        },
        _ => false,
    })
}

/// Plans the statement and describes its scans, a row each. No request is sent, with
/// `PROBE` one for each listing whose rows Graph can count.
pub(super) async fn preview(
    inner: &Inner,
    state: &SessionState,
    preview: &Preview,
    options: &QueryOptions,
    meter: &Meter,
) -> Result<SendableRecordBatchStream> {
    let plan = query::plan(inner, state, &preview.sql, options).await?;
    let plan = reading(plan)?;
    let plan = state.create_physical_plan(&plan).await.map_err(Error::from_datafusion)?;
    let scans = reach::scans(&plan);
    let mut estimates = Vec::new();
    for (index, reached) in scans.iter().enumerate() {
        let whole = whole_cost(inner, reached, preview.probe, meter).await?;
        let others = scans.iter().enumerate().filter(|(other, _)| *other != index);
        let shared = others.clone().any(|(_, other)| other.scan.shares_rows_with(&reached.scan));
        estimates.push(Estimate::new(reached.clone(), whole, shared));
    }
    let rows = rows(&estimates).map_err(Error::from_datafusion)?;
    let schema = rows.schema();
    let stream = futures::stream::iter([Ok(rows)]);
    Ok(Box::pin(RecordBatchStreamAdapter::new(schema, stream)))
}

/// Returns the part of a plan that reads.
fn reading(plan: LogicalPlan) -> Result<LogicalPlan> {
    match plan {
        LogicalPlan::Explain(explain) => reading(explain.plan.as_ref().clone()),
        LogicalPlan::Analyze(analyze) => reading(analyze.input.as_ref().clone()),
        LogicalPlan::Copy(copy) => Ok(copy.input.as_ref().clone()),
        LogicalPlan::Dml(write) => Ok(write.input.as_ref().clone()),
        LogicalPlan::Ddl(DdlStatement::CreateMemoryTable(create)) => {
            Ok(create.input.as_ref().clone())
        }
        LogicalPlan::Ddl(_) | LogicalPlan::Statement(_) => {
            Err(Error::new(ErrorKind::Query, "EXPLAIN GRAPH is for a statement that reads")
                .with_hint("this statement sends no request"))
        }
        plan => Ok(plan),
    }
}

/// The cost of a scan that is read to its end, by the plan, by experience, or by asking.
async fn whole_cost(
    inner: &Inner,
    reached: &Reached,
    probe: bool,
    meter: &Meter,
) -> Result<ScanCost> {
    let scan = &reached.scan;
    let cost = scan.cost();
    let Some(target) = scan.plan().first_target() else {
        return Ok(cost);
    };
    if cost.most.is_some() {
        return Ok(cost);
    }
    if let Some(known) = inner.history.known(&target) {
        let whole = ScanCost::of_pages(known.pages, "the last complete scan of this session");
        return Ok(scan.narrowed_cost(whole));
    }
    let counted = if probe { scan.count(meter).await? } else { None };
    let whole = counted.map(|rows| scan.cost_of_rows(rows, "a $count request"));
    Ok(whole.map_or(cost, |whole| scan.narrowed_cost(whole)))
}

/// What is told about one scan.
struct Estimate {
    reached: Reached,
    cost: ScanCost,
    /// The cache may have its rows by then, from another scan of the query.
    shared: bool,
}

impl Estimate {
    /// Widens the cost of the whole scan by what the nodes above may leave unread.
    fn new(reached: Reached, whole: ScanCost, shared: bool) -> Self {
        let least = match reached.reach {
            _ if shared => 0,
            Reach::Perhaps => 0,
            Reach::Started => whole.least.min(1),
            Reach::Whole => whole.least,
        };
        let most = whole.most.filter(|most| !reached.repeats || *most == 0);
        let basis = if most == whole.most { whole.basis } else { "the scan may run again" };
        Self { reached, cost: ScanCost { least, most, basis, ..whole }, shared }
    }

    fn requests(&self) -> String {
        let about = if self.cost.dated { "about " } else { "" };
        match (self.cost.least, self.cost.most) {
            (least, Some(most)) if least == most => format!("{about}{least}"),
            (least, Some(most)) => format!("{about}{least} to {most}"),
            (least, None) => format!("unknown (at least {least})"),
        }
    }

    fn first_request(&self) -> Option<String> {
        Some(format!("GET {}", self.reached.scan.plan().first_target()?))
    }

    fn seconds(&self) -> Option<f64> {
        let spec = self.reached.scan.plan().spec;
        let wait = least_time(spec.bucket, self.cost.most?, spec.units);
        Some((wait.as_secs_f64() * 10.0).round() / 10.0)
    }

    fn notes(&self) -> Vec<String> {
        let scan = &self.reached.scan;
        let names = scan.one_at_a_time().join("`, `");
        let each = (!names.is_empty()).then(|| {
            let table = scan.plan().spec.name;
            format!("1 request per row of `{table}`: Graph serves `{names}` for one at a time")
        });
        let repeats = self.reached.repeats.then(|| "the scan may run more than once".to_owned());
        let cached = scan.cached().map(|hit| format!("its rows are in the cache, {hit}"));
        let shared = self.shared && cached.is_none();
        let shared = shared.then(|| "another scan may bring its rows to the cache".to_owned());
        let notes = each.into_iter().chain(repeats).chain(cached).chain(shared);
        notes.chain(scan.plan().notes.clone()).collect()
    }
}

fn rows(all: &[Estimate]) -> datafusion::error::Result<RecordBatch> {
    let each = || all.iter();
    let plan = |e: &Estimate| e.reached.scan.plan().clone();
    let owned = |value: fn(&Estimate) -> Vec<String>| texts(each().map(value).collect());
    let count = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
    batch(vec![
        ("scan", numbers((1..).zip(all).map(|(n, _)| Some(n)))),
        ("table_name", text(each().map(|e| plan(e).spec.name))),
        ("request", maybe(each().map(Estimate::first_request))),
        ("requests", text(each().map(Estimate::requests))),
        ("requests_min", numbers(each().map(|e| count(Some(e.cost.least))))),
        ("requests_max", numbers(each().map(|e| count(e.cost.most)))),
        ("basis", text(each().map(|e| e.cost.basis))),
        ("bucket", text(each().map(|e| plan(e).spec.bucket.name()))),
        ("seconds", Arc::new(each().map(Estimate::seconds).collect::<Float64Array>()) as ArrayRef),
        ("permissions", lists(each().map(|e| e.reached.scan.permissions()))),
        ("licenses", lists(each().map(|e| e.reached.scan.licenses()))),
        ("pushed", owned(|e| e.reached.scan.plan().pushed())),
        ("rechecked", owned(|e| e.reached.scan.plan().rechecked())),
        ("not_pushed", owned(|e| e.reached.scan.plan().kept())),
        ("notes", owned(Estimate::notes)),
    ])
}

fn texts(all: Vec<Vec<String>>) -> ArrayRef {
    lists(all.iter().map(|list| list.iter().map(String::as_str).collect()))
}
