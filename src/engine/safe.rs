//! Safe mode: a statement that reads, and does nothing else.
//!
//! What is allowed is listed. Whatever DataFusion learns to do is refused until somebody
//! has looked at it.

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;

use crate::error::{Error, ErrorKind, Result};

/// Refuses a plan that does more than read, at any depth of it.
pub(super) fn check(plan: &LogicalPlan) -> Result<()> {
    let mut refused = None;
    plan.apply_with_subqueries(|node| {
        if reads(node) {
            return Ok(TreeNodeRecursion::Continue);
        }
        refused = Some(name(node));
        Ok(TreeNodeRecursion::Stop)
    })?;
    match refused {
        Some(name) => Err(Error::new(ErrorKind::Query, format!("safe mode only reads: {name} is refused"))
            .with_hint("saved queries and `--safe` run SELECT, EXPLAIN, SHOW and DESCRIBE; to keep rows, use `-o FILE`")),
        None => Ok(()),
    }
}

fn reads(node: &LogicalPlan) -> bool {
    match node {
        LogicalPlan::Projection(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Window(_)
        | LogicalPlan::Aggregate(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Join(_)
        | LogicalPlan::Repartition(_)
        | LogicalPlan::Union(_)
        | LogicalPlan::TableScan(_)
        | LogicalPlan::EmptyRelation(_)
        | LogicalPlan::Subquery(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::Values(_)
        | LogicalPlan::Explain(_)
        | LogicalPlan::Analyze(_)
        | LogicalPlan::Distinct(_)
        | LogicalPlan::DescribeTable(_)
        | LogicalPlan::Unnest(_)
        | LogicalPlan::RecursiveQuery(_) => true,
        LogicalPlan::Statement(_)
        | LogicalPlan::Dml(_)
        | LogicalPlan::Ddl(_)
        | LogicalPlan::Copy(_)
        | LogicalPlan::Extension(_) => false,
    }
}

fn name(node: &LogicalPlan) -> String {
    match node {
        LogicalPlan::Statement(statement) => spaced(statement.name()),
        LogicalPlan::Ddl(statement) => spaced(statement.name()),
        LogicalPlan::Dml(write) => write.op.name().to_uppercase(),
        LogicalPlan::Copy(_) => "COPY".to_owned(),
        other => format!("`{}`", other.display()),
    }
}

/// `CreateExternalTable` as SQL says it.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_uppercase());
    }
    words
}
