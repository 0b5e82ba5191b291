//! The DataFusion session: options that suit a source where every page is a request.

use std::sync::Arc;

use datafusion::catalog::CatalogProvider;
use datafusion::execution::{FunctionRegistry, SessionStateBuilder};
use datafusion::optimizer::{Optimizer, OptimizerRule};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::engine::catalog::{CATALOG, GRAPH};
use crate::engine::duration::CompareDurations;
use crate::engine::graph_get::{GRAPH_GET, GraphGet};
use crate::engine::interval::IntervalProducts;
use crate::engine::tolerant::{self, Tolerant};
use crate::functions;
use crate::ocsf::{self, DissolveObjects, SeeThroughCleaners};
use crate::provider::{
    AnyRow, BindJoins, CountOfKey, EntraOptions, FirstOfOuter, FoundByJoins, NewestValue,
    OldestFirst, ProbeByKey, ReliedOrder, ScanCache, ShareScans, WholeScans,
};

/// Creates a session with `catalog` as its default, whose scans share `cache`.
pub(super) fn context(
    catalog: Arc<dyn CatalogProvider>,
    cache: &Arc<ScanCache>,
    graph_get: GraphGet,
) -> SessionContext {
    let mut state = SessionStateBuilder::new()
        .with_config(config().with_extension(Arc::clone(cache)))
        .with_default_features()
        .with_optimizer_rules(logical_rules())
        .with_physical_optimizer_rules(rules())
        .build();
    let added = state
        .register_function_rewrite(Arc::new(CompareDurations))
        .and_then(|()| state.register_expr_planner(Arc::new(IntervalProducts)));
    debug_assert!(added.is_ok(), "a session takes rewrites and planners as they come");
    let context = SessionContext::new_with_state(state);
    context.register_catalog(CATALOG, catalog);
    context.register_udtf(GRAPH_GET, Arc::new(graph_get));
    for function in functions::scalar().into_iter().chain(ocsf::functions()) {
        context.register_udf(function);
    }
    for function in functions::aggregate() {
        context.register_udaf(function);
    }
    context
}

/// DataFusion's rules, and first ours: what they leave is simplified and pushed. A subquery is
/// limited before limits are pushed; a limit is at its sort before the last looks there.
fn logical_rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let tolerated = |rule: Arc<dyn OptimizerRule + Send + Sync>| match rule.name() {
        tolerant::FAILS => Arc::new(Tolerant(rule)),
        _ => rule,
    };
    let mut rules: Vec<_> = Optimizer::new().rules.into_iter().map(tolerated).collect();
    let ours: [Arc<dyn OptimizerRule + Send + Sync>; 4] = [
        Arc::new(DissolveObjects),
        Arc::new(SeeThroughCleaners),
        Arc::new(CountOfKey),
        Arc::new(NewestValue),
    ];
    rules.splice(0..0, ours);
    let pushed = rules.iter().rposition(|r| r.name() == "push_down_limit");
    rules.insert(pushed.map_or(rules.len(), |place| place + 1), Arc::new(FirstOfOuter));
    rules.insert(pushed.unwrap_or(rules.len()), Arc::new(AnyRow));
    rules
}

/// DataFusion's rules, and ours: which side of a join is read first, once it has chosen; which
/// order is relied on, after the sorts are settled, while the plan still carries the order its
/// result must have; and last, which filters are those of joins, which scans are read to
/// their end, and which share a fetch.
fn rules() -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    let settled = rules.iter().rposition(|r| r.name() == "OutputRequirements");
    rules.insert(settled.unwrap_or(rules.len()), Arc::new(ReliedOrder));
    rules.push(Arc::new(FoundByJoins));
    rules.push(Arc::new(WholeScans));
    rules.push(Arc::new(ShareScans));
    let chosen = rules.iter().position(|r| r.name() == "join_selection");
    let ours: [Arc<dyn PhysicalOptimizerRule + Send + Sync>; 2] =
        [Arc::new(ProbeByKey), Arc::new(BindJoins)];
    let chosen = chosen.map_or(0, |place| place + 1);
    rules.splice(chosen..chosen, ours);
    // Which way a log comes is known before anybody decides what has to be sorted.
    rules.insert(0, Arc::new(OldestFirst));
    rules
}

fn config() -> SessionConfig {
    // Filters and joins hold rows back until a batch is full: a page is a batch.
    let mut config = SessionConfig::new()
        .with_batch_size(1_024)
        .with_default_catalog_and_schema(CATALOG, GRAPH)
        .with_create_default_catalog_and_schema(false)
        .with_information_schema(true)
        .with_option_extension(EntraOptions::default());
    let options = config.options_mut();
    // Round robin reads ahead of a LIMIT: pages nobody wants.
    options.optimizer.enable_round_robin_repartition = false;
    // A join that polls its probe side early would start that scan for nothing.
    options.execution.hash_join_buffering_capacity = 0;
    // What a join has found is asked for by id, up to so many; beyond it a listing is cheaper.
    options.optimizer.hash_join_inlist_pushdown_max_distinct_values = 10_000;
    options.optimizer.hash_join_inlist_pushdown_max_size = 4 * 1_024 * 1_024;
    // Read-ahead below a sort merge is pages, too.
    options.execution.sort_pushdown_buffer_capacity = 1_024 * 1_024;
    // An error is shown at its place in the statement.
    options.sql_parser.collect_spans = true;
    // The logical plan repeats what the scans say, without their requests.
    options.explain.physical_plan_only = true;
    config
}
