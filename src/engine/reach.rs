//! How far a plan reads each of its scans: to the end, from the start, or perhaps not at all.

use std::sync::Arc;

use datafusion::common::JoinType;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::{ExecutionPlan, InputOrderMode};

use crate::provider::{BindJoinExec, GraphScanExec};

/// What is certain about the reading of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// It may never be started.
    Perhaps,
    /// It is started; the rest may be left unread.
    Started,
    /// It is read to its end.
    Whole,
}

/// A scan, and what the nodes above make of it.
#[derive(Clone)]
pub(super) struct Reached {
    pub(super) scan: GraphScanExec,
    pub(super) reach: Reach,
    /// The scan may be run more than once.
    pub(super) repeats: bool,
}

/// Returns the scans of a plan that is read to its end.
pub(super) fn scans(plan: &Arc<dyn ExecutionPlan>) -> Vec<Reached> {
    let mut found = Vec::new();
    walk(plan, Reach::Whole, false, &mut found);
    found
}

fn walk(plan: &Arc<dyn ExecutionPlan>, reach: Reach, repeats: bool, found: &mut Vec<Reached>) {
    if let Some(scan) = plan.downcast_ref::<GraphScanExec>() {
        found.push(Reached { scan: scan.clone(), reach, repeats });
        return;
    }
    let reach = if plan.fetch().is_some() { reach.min(Reach::Started) } else { reach };
    let repeats = repeats || plan.name() == "RecursiveQueryExec";
    for (index, child) in plan.children().into_iter().enumerate() {
        walk(child, below(plan, index, reach), repeats, found);
    }
}

/// What is certain about an input of a node. What is not listed promises nothing.
fn below(plan: &Arc<dyn ExecutionPlan>, index: usize, reach: Reach) -> Reach {
    match plan.name() {
        // Rows pass through as they come.
        "ProjectionExec"
        | "FilterExec"
        | "CoalesceBatchesExec"
        | "CoalescePartitionsExec"
        | "RepartitionExec"
        | "SortPreservingMergeExec"
        | "CooperativeExec"
        | "UnnestExec"
        | "WindowAggExec"
        | "BoundedWindowAggExec"
        | "PartialSortExec"
        | "GlobalLimitExec"
        | "LocalLimitExec"
        | "OutputRequirementExec" => reach,
        // Nothing comes out before everything went in; a top-k may know better.
        "SortExec" if plan.fetch().is_none() => blocking(reach),
        "SortExec" => reach,
        "AggregateExec" => aggregate(plan, reach),
        // Every subquery is evaluated before the first row.
        "ScalarSubqueryExec" if index > 0 => blocking(reach),
        "ScalarSubqueryExec" => reach,
        "UnionExec" | "InterleaveExec" if reach == Reach::Whole => reach,
        // The left side is collected first; without rows in it the right side can be moot.
        "HashJoinExec" | "NestedLoopJoinExec" | "CrossJoinExec" if index == 0 => blocking(reach),
        "HashJoinExec" => probed(plan, reach),
        // The rows of the second side come first; the other is asked for what is in them.
        "BindJoinExec" if index == BindJoinExec::DRIVER => reach,
        "RecursiveQueryExec" if index == 0 => reach,
        _ => Reach::Perhaps,
    }
}

/// An input that is read to its end once it is started.
fn blocking(reach: Reach) -> Reach {
    if reach == Reach::Perhaps { reach } else { Reach::Whole }
}

fn aggregate(plan: &Arc<dyn ExecutionPlan>, reach: Reach) -> Reach {
    let Some(aggregate) = plan.downcast_ref::<AggregateExec>() else { return Reach::Perhaps };
    // The first half hands out groups before its end, when they are many.
    let streams = *aggregate.mode() == AggregateMode::Partial
        || *aggregate.input_order_mode() != InputOrderMode::Linear;
    match (aggregate.limit_options(), streams) {
        (Some(_), _) => reach.min(Reach::Started),
        (None, true) => reach,
        (None, false) => blocking(reach),
    }
}

/// The right side of a hash join is read where its rows count without a partner.
fn probed(plan: &Arc<dyn ExecutionPlan>, reach: Reach) -> Reach {
    let join = plan.downcast_ref::<HashJoinExec>().map(|join| *join.join_type());
    match join {
        Some(JoinType::Right | JoinType::Full | JoinType::RightAnti | JoinType::RightMark) => reach,
        _ => Reach::Perhaps,
    }
}
