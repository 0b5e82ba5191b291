//! The plan node: it prints the requests it will send and runs them as a stream.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use datafusion::arrow::compute::SortOptions;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::config::ConfigOptions;
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::expressions::Column as PhysicalColumn;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::execution_plan::{
    Boundedness, EmissionType, ReplaceChildrenOptions, SchedulingType, apply_expression_roots,
};
use datafusion::physical_plan::filter_pushdown::{
    ChildPushdownResult, FilterPushdownPhase, FilterPushdownPropagation, PushedDown,
};
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties,
    SendableRecordBatchStream, StatisticsArgs,
};

use crate::error::{Error, ErrorKind};
use crate::graph::GraphClient;
use crate::provider::cache::Caching;
use crate::provider::explain::INDENT;
use crate::provider::joined::{self, Joined};
use crate::provider::ledger::{Account, CacheHit};
use crate::provider::lookup;
use crate::provider::options::EntraOptions;
use crate::provider::parents::Parents;
use crate::provider::plan::ScanPlan;
use crate::provider::shared::Share;
use crate::provider::stream::{self, Scan};
use crate::spec::Column;

/// Reads one table under a [`ScanPlan`].
///
/// One partition: Graph pages one after the other, and a second reader would fetch
/// what a `LIMIT` above never wants.
#[derive(Debug, Clone)]
pub struct GraphScanExec {
    plan: Arc<ScanPlan>,
    columns: Vec<&'static Column>,
    schema: SchemaRef,
    limit: Option<usize>,
    strict: bool,
    ordered: bool,
    whole: bool,
    client: Option<GraphClient>,
    caching: Option<Caching>,
    joined: Joined,
    share: Option<Share>,
    /// The column a bind join above asks by.
    bound: Option<&'static str>,
    account: Option<Account>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl GraphScanExec {
    pub(super) fn new(
        plan: ScanPlan,
        columns: Vec<&'static Column>,
        schema: SchemaRef,
        limit: Option<usize>,
        options: &EntraOptions,
        client: Option<GraphClient>,
    ) -> Self {
        let time = plan.spec.newest_first.filter(|_| options.trust_order && !plan.is_by_key());
        let time = time.and_then(|name| schema.index_of(name).ok());
        Self {
            properties: properties(&schema, time, true),
            ordered: time.is_some(),
            whole: false,
            plan: Arc::new(plan),
            columns,
            schema,
            limit,
            strict: options.strict,
            client,
            caching: None,
            joined: Joined::default(),
            share: None,
            bound: None,
            account: None,
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }

    pub(super) fn with_caching(self, caching: Option<Caching>) -> Self {
        Self { caching, ..self }
    }

    /// Returns the scan without the check of its order, for a plan that does not rely on it.
    pub(super) fn unordered(&self) -> Self {
        Self { ordered: false, ..self.clone() }
    }

    /// Returns the scan for a plan that reads all of its rows.
    pub(super) fn whole(&self) -> Self {
        Self { whole: true, ..self.clone() }
    }

    /// Returns the scan from the other end of its log, for a plan that wants the first rows by
    /// the column at `time`; nothing where Graph does not list that way, or where rows at hand
    /// cost nothing.
    pub(super) fn oldest_first(&self, time: usize) -> Option<Self> {
        let is_time = |name| self.schema.index_of(name).ok() == Some(time);
        let from = self.plan.spec.newest_first.filter(|name| self.ordered && is_time(*name))?;
        if self.cached().is_some() {
            return None;
        }
        Some(Self {
            plan: Arc::new(self.plan.oldest_first(from)?),
            properties: properties(&self.schema, Some(time), false),
            // Its rows come in another order than those of the scans that are kept.
            caching: None,
            ..self.clone()
        })
    }

    /// Returns what the scan will ask of Graph.
    pub fn plan(&self) -> &ScanPlan {
        self.share.as_ref().map_or(&self.plan, Share::plan)
    }

    /// Returns the scan with its part in a fetch for several, or without one.
    pub(super) fn sharing(&self, share: Option<Share>) -> Self {
        Self { share, ..self.clone() }
    }

    pub(super) fn is_shared(&self) -> bool {
        self.share.is_some()
    }

    /// Tells whether another scan of the plan may fetch the rows; it does if it is `certain`
    /// to list.
    pub(super) fn follows(&self, certain: bool) -> bool {
        self.share.as_ref().is_some_and(|share| share.follows(certain))
    }

    pub(super) fn caching(&self) -> Option<&Caching> {
        self.caching.as_ref()
    }

    /// Tells whether nothing above stops before the last row.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    pub(super) fn is_strict(&self) -> bool {
        self.strict
    }

    pub(super) fn is_ordered(&self) -> bool {
        self.ordered
    }

    /// Returns the rows the scan stops at.
    pub fn row_limit(&self) -> Option<usize> {
        self.limit
    }

    /// Returns the columns by whose values a join may narrow the scan.
    pub(super) fn joinable(&self) -> Vec<&'static str> {
        match self.plan.parents {
            Some(Parents::Listed(_)) => self.plan.spec.parents().map(|c| c.name).collect(),
            _ => self.plan.lookups.iter().map(|column| column.name).collect(),
        }
    }

    /// Returns the scan without the filters nobody fills in; nothing where that changes nothing.
    pub(super) fn hearing(&self, filled: &HashSet<u64>) -> Option<Self> {
        let joined = self.joined.only(filled, &self.joinable());
        let changes = joined.expressions().len() < self.joined.expressions().len();
        changes.then(|| Self { joined, ..self.clone() })
    }

    /// Tells whether a join above may say whose rows are wanted.
    pub(super) fn is_joined(&self) -> bool {
        !self.joined.is_empty() || self.is_bound()
    }

    /// Tells whether a bind join asks for its rows.
    pub(super) fn is_bound(&self) -> bool {
        self.bound.is_some()
    }

    /// Returns the scan below a bind join that asks by a column.
    pub(super) fn bound_by(&self, column: &'static str) -> Self {
        Self { bound: Some(column), ..self.clone() }
    }

    /// Returns the scan for some of its rows, told in the receipt of all that were asked for.
    pub(super) fn asking(&self, plan: ScanPlan, account: &Account) -> Self {
        Self {
            plan: Arc::new(plan),
            ordered: false,
            whole: false,
            caching: None,
            joined: Joined::default(),
            share: None,
            account: Some(Arc::clone(account)),
            ..self.clone()
        }
    }

    pub(super) fn columns(&self) -> &[&'static Column] {
        &self.columns
    }

    pub(super) fn client(&self) -> Option<&GraphClient> {
        self.client.as_ref()
    }

    /// Returns when the rows were read that stand in for the requests, where some do.
    pub fn cached(&self) -> Option<CacheHit> {
        self.caching.as_ref()?.planned().map(|kept| kept.hit())
    }

    /// Tells whether one of both scans may be answered by what the other has read.
    pub fn shares_rows_with(&self, other: &Self) -> bool {
        let both = self.caching.as_ref().zip(other.caching.as_ref());
        both.is_some_and(|(one, other)| one.shares_rows_with(other))
    }

    fn narrowing(&self) -> String {
        match self.plan.parents {
            Some(_) => "to those a join above finds, if they are few".to_owned(),
            None => {
                let mut named = self.joined.named(&self.joinable());
                named.extend(self.bound.filter(|column| !named.contains(column)));
                lookup::note(self.plan.spec, &named)
            }
        }
    }

    /// Returns how many rows the scan may have, as far as anybody can guess.
    pub(super) fn rows_guess(&self) -> usize {
        let rows = match self.plan.is_by_key() {
            true => self.plan.queries.len() * crate::provider::pushdown::MAX_BRANCHES,
            false => self.plan.rows_guess,
        };
        self.limit.map_or(rows, |limit| limit.min(rows))
    }
}

fn properties(schema: &SchemaRef, time: Option<usize>, descending: bool) -> Arc<PlanProperties> {
    let equivalence = match time {
        Some(index) => {
            let column = Arc::new(PhysicalColumn::new(schema.field(index).name(), index));
            let order = SortOptions { descending, nulls_first: descending };
            let order = [[PhysicalSortExpr::new(column, order)]];
            EquivalenceProperties::new_with_orderings(Arc::clone(schema), order)
        }
        None => EquivalenceProperties::new(Arc::clone(schema)),
    };
    let partitioning = Partitioning::UnknownPartitioning(1);
    let (emission, bounded) = (EmissionType::Incremental, Boundedness::Bounded);
    let properties = PlanProperties::new(equivalence, partitioning, emission, bounded);
    Arc::new(properties.with_scheduling_type(SchedulingType::Cooperative))
}

impl DisplayAs for GraphScanExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GraphScanExec: table={}", self.plan.spec.name)?;
        if let Some(limit) = self.limit {
            write!(f, ", limit={limit}")?;
        }
        write!(f, "{}", self.plan())?;
        if let Some(spans) = self.plan().spans().filter(|_| self.limit.is_none()) {
            write!(f, "{INDENT}in spans: {spans}")?;
        }
        if self.is_joined() {
            write!(f, "{INDENT}narrowed: {}", self.narrowing())?;
        }
        if let Some(note) = self.share.as_ref().and_then(Share::note) {
            write!(f, "{INDENT}shared: {note}")?;
        }
        match self.cached() {
            Some(hit) => write!(f, "{INDENT}cache: {hit}, no request is sent"),
            None => Ok(()),
        }
    }
}

impl ExecutionPlan for GraphScanExec {
    fn name(&self) -> &'static str {
        "GraphScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    /// A join fills in what it has found for those only who show that they look at it.
    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        apply_expression_roots(self.joined.expressions(), f)
    }

    fn handle_child_pushdown_result(
        &self,
        phase: FilterPushdownPhase,
        offered: ChildPushdownResult,
        _: &ConfigOptions,
    ) -> Result<FilterPushdownPropagation<Arc<dyn ExecutionPlan>>> {
        // The first few of all rows are not the first few of those a join has found.
        let open = self.limit.is_none() && !self.joinable().is_empty();
        // What is known while planning was taken then; the value of a subquery was not.
        let is_late = |filter: &Arc<dyn PhysicalExpr>| {
            phase == FilterPushdownPhase::Post || joined::waits(filter)
        };
        let late = offered.parent_filters.iter().any(|offer| is_late(&offer.filter));
        if !open || !late {
            return Ok(FilterPushdownPropagation::if_all(offered));
        }
        // Whoever offers a filter applies it as well: here it only saves requests.
        let refused = vec![PushedDown::No; offered.parent_filters.len()];
        let filters = offered.parent_filters.into_iter().map(|offer| offer.filter);
        let filters = filters.filter(is_late);
        let scan = Self { joined: self.joined.with(filters), ..self.clone() };
        let kept = FilterPushdownPropagation::with_parent_pushdown_result(refused);
        Ok(kept.with_updated_node(Arc::new(scan)))
    }

    /// In a recursion the join starts anew, with an expression of its own.
    fn reset_state(self: Arc<Self>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(Self { joined: Joined::default(), ..self.sharing(None) }))
    }

    fn fetch(&self) -> Option<usize> {
        self.limit
    }

    fn with_fetch(&self, limit: Option<usize>) -> Option<Arc<dyn ExecutionPlan>> {
        let mut scan = self.sharing(None);
        scan.limit = limit;
        scan.plan = Arc::new(self.plan.with_limit(limit));
        Some(Arc::new(scan))
    }

    fn statistics_from_inputs(
        &self,
        _: &[Arc<Statistics>],
        _: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        let mut statistics = Statistics::new_unknown(&self.schema);
        // A guess decides which side of a join is small; it is never an answer.
        statistics.num_rows = Precision::Inexact(self.rows_guess());
        Ok(Arc::new(statistics))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn execute(&self, _: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let client = self.client.clone().ok_or_else(|| {
            Error::new(ErrorKind::Config, "no tenant is configured")
                .with_context("table", self.plan.spec.name)
                .with_hint(
                    "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or use `--demo`",
                )
        })?;
        Ok(stream::start(Scan {
            plan: Arc::clone(&self.plan),
            columns: self.columns.clone(),
            schema: Arc::clone(&self.schema),
            limit: self.limit,
            strict: self.strict,
            ordered: self.ordered,
            whole: self.whole,
            client,
            caching: self.caching.clone(),
            account: self.account.clone(),
            joined: self.joined.clone(),
            seat: self.share.as_ref().and_then(|share| share.seat(&context)),
            context,
            metrics: self.metrics.clone(),
        }))
    }
}

/// The clock of a session that fixed no query start; ours always fixes one.
#[expect(clippy::disallowed_methods, reason = "the only place without a session clock")]
pub(super) fn utc_now() -> DateTime<Utc> {
    Utc::now()
}
