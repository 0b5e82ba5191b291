//! Which scans of a plan are fetched once.

use std::sync::{Arc, Mutex};

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;

use crate::provider::exec::GraphScanExec;
use crate::provider::options::EntraOptions;
use crate::provider::shared::union::Union;
use crate::provider::shared::{Group, Leader, Share};

/// Lets scans that read the same rows share one fetch. Runs last: nothing may change a scan
/// after that.
#[derive(Debug, Default)]
pub struct ShareScans;

impl PhysicalOptimizerRule for ShareScans {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let mut scans = Vec::new();
        collect(&plan, false, &mut scans);
        if scans.is_empty() {
            return Ok(plan);
        }
        let mut shares = shares(&scans, EntraOptions::of(config).share_bytes).into_iter();
        assign(plan, &mut shares)
    }

    fn name(&self) -> &'static str {
        "share_scans"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// A scan of the plan, and whether it may run again and again.
type Found = (GraphScanExec, bool);

fn collect(plan: &Arc<dyn ExecutionPlan>, repeats: bool, scans: &mut Vec<Found>) {
    if let Some(scan) = plan.downcast_ref::<GraphScanExec>() {
        scans.push((scan.sharing(None), repeats));
        return;
    }
    // The second input runs once for each step of the recursion.
    let recurs = plan.name() == "RecursiveQueryExec";
    for (index, child) in plan.children().into_iter().enumerate() {
        collect(child, repeats || (recurs && index > 0), scans);
    }
}

/// Returns for each scan what it shares, if anything.
fn shares(scans: &[Found], most: usize) -> Vec<Option<Share>> {
    let mut unions: Vec<Union> = Vec::new();
    for (place, (scan, _)) in scans.iter().enumerate().filter(|(_, (_, repeats))| !repeats) {
        let Some(union) = Union::of(place, scan).filter(|_| most > 0) else { continue };
        if !unions.iter_mut().any(|known| known.take(&union)) {
            unions.push(union);
        }
    }
    let mut shares: Vec<Option<Share>> = scans.iter().map(|_| None).collect();
    for union in unions.iter().filter(|union| union.places.len() > 1) {
        let wholes = union.places.iter().map(|place| scans[*place].0.is_whole()).collect();
        let group = group(union, most, wholes);
        let leader = match union.first().is_joined() {
            true => Leader::MayBeNarrowed,
            false => Leader::Lists,
        };
        for (member, place) in union.places.iter().enumerate() {
            shares[*place] = Some(Share {
                group: Arc::clone(&group),
                member,
                plan: Arc::new(union.plan(&scans[*place].0)),
                follows: (member > 0).then_some(leader),
            });
        }
    }
    shares
}

fn group(union: &Union, most: usize, wholes: Vec<bool>) -> Arc<Group> {
    let first = union.first();
    let plan = union.plan(first);
    Arc::new(Group {
        columns: union.columns.clone(),
        schema: Arc::new(union.schema()),
        ordered: union.ordered,
        caching: first.caching().and_then(|caching| caching.of_columns(&plan, &union.columns)),
        most,
        wholes,
        runs: Mutex::default(),
    })
}

/// Hands the shares out, in the order the scans were found.
fn assign(
    plan: Arc<dyn ExecutionPlan>,
    shares: &mut impl Iterator<Item = Option<Share>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    if let Some(scan) = plan.downcast_ref::<GraphScanExec>() {
        let share = shares.next().flatten();
        let same = share.is_none() && !scan.is_shared();
        return Ok(if same { plan } else { Arc::new(scan.sharing(share)) });
    }
    let assigned = plan.map_children(|input| {
        let before = Arc::clone(&input);
        let after = assign(input, shares)?;
        let changed = !Arc::ptr_eq(&before, &after);
        Ok(if changed { Transformed::yes(after) } else { Transformed::no(after) })
    })?;
    Ok(assigned.data)
}
