//! Which joins take the rows of one input as they come.

use std::sync::Arc;

use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{JoinType, NullEquality, Result};
use datafusion::physical_expr::PhysicalSortExpr;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::filter::FilterExec;
use datafusion::physical_plan::joins::{HashJoinExec, PartitionMode};
use datafusion::physical_plan::limit::{GlobalLimitExec, LocalLimitExec};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::union::UnionExec;
use datafusion::physical_plan::{
    ExecutionPlan, ExecutionPlanProperties, replace_children_if_necessary,
};

use crate::provider::bind::driver::MOST_ROWS;
use crate::provider::bind::{BindJoinExec, is_on, recursive};
use crate::provider::exec::GraphScanExec;
use crate::provider::keyed::keyed;
use crate::provider::pushdown::MAX_BRANCHES;
use crate::spec::Column;

/// Makes bind joins of hash joins, in two places. Runs right after DataFusion has chosen which
/// input is read first.
///
/// Below a limit, where one input comes in the order that is asked for, or in any if none is,
/// and is more than a page: a reader who stops after a few rows leaves the rest unread. And in
/// a recursion, where a step would list the table to find the rows of a few keys. All other
/// joins read one input whole in any case, know every key by then, and ask for them in fewer
/// requests.
#[derive(Debug, Default)]
pub struct BindJoins;

impl PhysicalOptimizerRule for BindJoins {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        options: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if !is_on(options) {
            return Ok(plan);
        }
        let plan = plan.transform_down(|node| match Wanted::by(&node) {
            Some(wanted) => wanted.bound(node),
            None => Ok(Transformed::no(node)),
        })?;
        plan.data.transform_down(recursive::bound).data()
    }

    fn name(&self) -> &'static str {
        "bind_joins"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The first rows that a node wants of its input.
struct Wanted {
    rows: usize,
    /// What they are the first by; nothing where any do.
    by: Option<PhysicalSortExpr>,
}

impl Wanted {
    fn by(node: &Arc<dyn ExecutionPlan>) -> Option<Self> {
        if let Some(sort) = node.downcast_ref::<SortExec>() {
            // A sort stops where rows can't be among the first by its first column.
            return Some(Self { rows: sort.fetch()?, by: Some(sort.expr().first().clone()) });
        }
        if let Some(limit) = node.downcast_ref::<GlobalLimitExec>() {
            return Some(Self { rows: limit.fetch()?.saturating_add(limit.skip()), by: None });
        }
        let limit = node.downcast_ref::<LocalLimitExec>()?;
        Some(Self { rows: limit.fetch(), by: None })
    }

    /// Returns the node over bind joins, where its rows then come as it wants them.
    fn bound(&self, node: Arc<dyn ExecutionPlan>) -> Result<Transformed<Arc<dyn ExecutionPlan>>> {
        let children = node.children();
        let [input] = children.as_slice() else { return Ok(Transformed::no(node)) };
        match self.streaming(input)? {
            Some(input) if self.suits(&input)? => {
                replace_children_if_necessary(node, vec![input]).map(Transformed::yes)
            }
            _ => Ok(Transformed::no(node)),
        }
    }

    /// Tells whether a reader of the rows may stop before their end.
    fn suits(&self, plan: &Arc<dyn ExecutionPlan>) -> Result<bool> {
        match &self.by {
            Some(by) => plan.equivalence_properties().ordering_satisfy([by.clone()]),
            None => Ok(is_long(plan)),
        }
    }

    /// Returns a plan whose joins are bind joins as far as rows pass from it as they come.
    fn streaming(&self, plan: &Arc<dyn ExecutionPlan>) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        if let Some(join) = plan.downcast_ref::<HashJoinExec>() {
            for side in [Side::Left, Side::Right] {
                if let Some(bound) = self.join(join, side)? {
                    return Ok(Some(bound));
                }
            }
            return Ok(None);
        }
        let Some(input) = passed(plan) else { return Ok(None) };
        let Some(input) = self.streaming(input)? else { return Ok(None) };
        let plan = self.prompt(Arc::clone(plan))?;
        replace_children_if_necessary(plan, vec![input]).map(Some)
    }

    /// Returns a join that asks for one of its sides as the rows of the other come.
    fn join(&self, join: &HashJoinExec, side: Side) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        let Some(key) = Key::of(join, side).filter(Key::is_worth_it) else { return Ok(None) };
        let driver = side.other(join);
        let driver = match self.streaming(driver)? {
            Some(driver) => driver,
            None => self.all_prompt(driver)?,
        };
        if self.by.is_some() && driver.output_ordering().is_none() || !is_long(&driver) {
            return Ok(None);
        }
        // Rows of a parent are as many as they are: a first request may be enough.
        let once = key.is_unique || !matches!(join.join_type(), JoinType::Inner);
        let wanted = if once { self.rows } else { self.rows.min(MAX_BRANCHES) };
        key.join(join, side, driver, Some(wanted)).map(Some)
    }

    /// A filter hands on as many rows as are wanted, instead of waiting for a full batch.
    fn prompt(&self, plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        let Some(filter) = plan.downcast_ref::<FilterExec>() else { return Ok(plan) };
        let rows = self.rows.clamp(1, MOST_ROWS).min(filter.batch_size());
        Ok(Arc::new(filter.with_batch_size(rows)?))
    }

    fn all_prompt(&self, plan: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        let prompt = |node: Arc<dyn ExecutionPlan>| match passed(&node).is_some() {
            true => self.prompt(node).map(Transformed::yes),
            false => Ok(Transformed::new(node, false, TreeNodeRecursion::Stop)),
        };
        Arc::clone(plan).transform_down(prompt).data()
    }
}

/// Returns the input of a node that hands rows on as they come.
fn passed(plan: &Arc<dyn ExecutionPlan>) -> Option<&Arc<dyn ExecutionPlan>> {
    let passes = plan.is::<ProjectionExec>()
        || plan.is::<FilterExec>()
        || plan.is::<CoalescePartitionsExec>()
        || plan.is::<SortPreservingMergeExec>();
    plan.children().first().copied().filter(|_| passes && plan.fetch().is_none())
}

/// Tells whether the rows come from a listing of more than a page, as they are read.
fn is_long(plan: &Arc<dyn ExecutionPlan>) -> bool {
    if let Some(scan) = plan.downcast_ref::<GraphScanExec>() {
        let by_key = scan.plan().is_by_key() || scan.plan().queries.is_empty();
        return scan.row_limit().is_none() && !by_key && scan.plan().pages_guess > 1;
    }
    if plan.is::<BindJoinExec>() {
        return plan.children().get(BindJoinExec::DRIVER).is_some_and(|driver| is_long(driver));
    }
    if plan.is::<UnionExec>() {
        return plan.children().into_iter().any(is_long);
    }
    passed(plan).is_some_and(is_long)
}

/// A side of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Side {
    pub(super) fn of(self, join: &HashJoinExec) -> &Arc<dyn ExecutionPlan> {
        if self == Self::Left { join.left() } else { join.right() }
    }

    pub(super) fn other(self, join: &HashJoinExec) -> &Arc<dyn ExecutionPlan> {
        if self == Self::Left { join.right() } else { join.left() }
    }

    /// Tells whether a join of this kind can be made row by row of the other side.
    fn can_follow(self, kind: JoinType) -> bool {
        matches!(
            (self, kind),
            (_, JoinType::Inner)
                | (Self::Left, JoinType::Right | JoinType::RightSemi | JoinType::RightAnti)
                | (Self::Right, JoinType::Left | JoinType::LeftSemi | JoinType::LeftAnti)
        )
    }
}

/// The columns by whose values one side of a join can be asked for.
pub(super) struct Key<'a> {
    scan: &'a GraphScanExec,
    column: &'static Column,
    pair: usize,
    is_unique: bool,
}

impl<'a> Key<'a> {
    /// Finds the key of a side; its own before other columns.
    pub(super) fn of(join: &'a HashJoinExec, side: Side) -> Option<Self> {
        let plain = join.null_equality() == NullEquality::NullEqualsNothing
            && !join.null_aware
            && join.fetch().is_none()
            && side.can_follow(*join.join_type());
        let pairs = join.on().iter().enumerate().filter(|_| plain);
        let keys = pairs.filter_map(|(pair, (left, right))| {
            let key = if side == Side::Left { left } else { right };
            let (scan, column) = keyed(side.of(join), key)?;
            let is_unique = column.name == scan.plan().spec.key;
            Some(Self { scan, column, pair, is_unique })
        });
        keys.max_by_key(|key| key.is_unique)
    }

    /// Tells whether asking by the key spares a reader something who stops early: all the rows
    /// of a request are read, and those of other columns may be many.
    fn is_worth_it(&self) -> bool {
        let plan = self.scan.plan();
        let is_few = self.is_unique && plan.parents.is_none() && plan.pages_guess > 1;
        self.scan.cached().is_none() && (is_few || plan.parents.is_some())
    }

    /// Returns the join that asks by this key, with the columns of the one it stands for.
    pub(super) fn join(
        &self,
        join: &HashJoinExec,
        side: Side,
        driver: Arc<dyn ExecutionPlan>,
        wanted: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let asked = self.marked(side.of(join))?;
        let children = match side {
            Side::Left => vec![asked, driver],
            Side::Right => vec![driver, asked],
        };
        let join = join.builder().with_partition_mode(PartitionMode::CollectLeft);
        let join = join.recompute_properties().with_new_children(children)?.build()?;
        if side == Side::Left {
            return Ok(Arc::new(BindJoinExec::new(join, self.pair, wanted)));
        }
        let swapped = join.swap_inputs(PartitionMode::CollectLeft)?;
        let bound = swapped.transform_down(|node| match node.downcast_ref::<HashJoinExec>() {
            Some(join) => {
                let bound = BindJoinExec::new(join.builder().build()?, self.pair, wanted);
                Ok(Transformed::new(Arc::new(bound) as _, true, TreeNodeRecursion::Stop))
            }
            None => Ok(Transformed::no(node)),
        });
        bound.data()
    }

    /// Returns the side with its scan told that it is asked by this key.
    fn marked(&self, side: &Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
        let scan: Arc<dyn ExecutionPlan> = Arc::new(self.scan.bound_by(self.column.name));
        let marked = Arc::clone(side).transform_down(|node| {
            Ok(match node.is::<GraphScanExec>() {
                true => Transformed::new(Arc::clone(&scan), true, TreeNodeRecursion::Stop),
                false => Transformed::no(node),
            })
        });
        marked.data()
    }
}
