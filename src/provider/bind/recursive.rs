//! Steps of a recursion: each asks for the rows of the keys that the step before has found.

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::recursive_query::RecursiveQueryExec;
use datafusion::physical_plan::work_table::WorkTableExec;
use datafusion::physical_plan::{ExecutionPlan, replace_children_if_necessary};

use crate::provider::bind::rule::{Key, Side};

/// Returns a recursion whose joins with what was found before are bind joins.
pub(super) fn bound(node: Arc<dyn ExecutionPlan>) -> Result<Transformed<Arc<dyn ExecutionPlan>>> {
    let Some(recursion) = node.downcast_ref::<RecursiveQueryExec>() else {
        return Ok(Transformed::no(node));
    };
    let step = Arc::clone(recursion.recursive_term()).transform_up(joined)?;
    if !step.transformed {
        return Ok(Transformed::no(node));
    }
    let children = vec![Arc::clone(recursion.static_term()), step.data];
    replace_children_if_necessary(node, children).map(Transformed::yes)
}

fn joined(node: Arc<dyn ExecutionPlan>) -> Result<Transformed<Arc<dyn ExecutionPlan>>> {
    let Some(join) = node.downcast_ref::<HashJoinExec>() else {
        return Ok(Transformed::no(node));
    };
    for side in [Side::Left, Side::Right] {
        let driver = side.other(join);
        if let Some(key) = Key::of(join, side)
            && driver.exists(|node| Ok(node.is::<WorkTableExec>()))?
        {
            return key.join(join, side, Arc::clone(driver), None).map(Transformed::yes);
        }
    }
    Ok(Transformed::no(node))
}
