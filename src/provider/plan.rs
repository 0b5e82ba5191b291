//! What one scan will ask of Graph, decided while planning, without a request.

use chrono::{DateTime, Duration, Utc};
use datafusion::logical_expr::Expr;

use crate::error::{Error, ErrorKind, Result};
use crate::odata::{Comparison, Filter, Literal, Query};
use crate::provider::guess;
use crate::provider::keys::{self, Keys};
use crate::provider::lookup;
use crate::provider::options::EntraOptions;
use crate::provider::parents::{self, Parents};
use crate::provider::path::Scope;
use crate::provider::probe::is_default_only;
use crate::provider::pushdown::{Pushed, translate};
use crate::provider::readable;
use crate::provider::spans::Log;
use crate::spec::{Column, Kind, Served, TableSpec, Version, property_name};

/// The longest target of an advanced query, as documented; the others have room for more.
pub(super) const MAX_TARGET_ADVANCED: usize = 2_048;
pub(super) const MAX_TARGET: usize = 8_000;

/// One predicate of the query and what became of it.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The predicate as SQL.
    pub sql: String,
    /// The filter sent, or the reason why there is none.
    pub outcome: std::result::Result<String, String>,
    /// Graph's answer needs no second look.
    pub exact: bool,
}

impl Decision {
    /// Tells whether Graph's answer settles the predicate.
    pub(super) fn is_settled(&self) -> bool {
        self.exact && self.outcome.is_ok()
    }
}

/// Everything a scan needs to run, as values.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about one scan")]
pub struct ScanPlan {
    /// The table.
    pub spec: &'static TableSpec,
    /// The requests that start the scan: one listing, or one per key or slice of keys.
    pub queries: Vec<Query>,
    /// Whether the replies are single objects instead of pages.
    pub single: bool,
    /// Whose rows are read, where objects of another table have them; `queries` is then one
    /// pattern for all.
    pub parents: Option<Parents>,
    /// The keys pinned by the query; 0 for a listing.
    pub keys: usize,
    /// A filter sent names a property Graph refuses to count by.
    pub counts_by_default_only: bool,
    /// Whether the advanced-query header goes with every request.
    pub advanced: bool,
    /// What became of each predicate.
    pub decisions: Vec<Decision>,
    /// What the reader should know, such as a clamped bound.
    pub notes: Vec<String>,
    /// Where the same can be had with fewer requests, if all parents are asked.
    pub(super) cheaper: Option<String>,
    /// Whether a log is listed with nothing that says how far back.
    pub unbounded: bool,
    /// Whether a log is listed from its end.
    pub oldest_first: bool,
    /// The listing, where Graph is asked for the number of its rows instead.
    pub(super) instead_of: Option<Box<ScanPlan>>,
    /// The columns whose values a join may name, so that only their rows are asked for.
    pub lookups: Vec<&'static Column>,
    /// Whether the objects a join names may be asked for by `getByIds`.
    pub(super) takes_ids: bool,
    /// The ids each of the requests posts, where these are `getByIds`.
    pub(super) ids: Vec<Vec<String>>,
    /// Whether each of the requests brings no more rows than it names keys.
    pub is_small: bool,
    /// A guess at the rows there are, for join order only.
    pub rows_guess: usize,
    /// A guess at the pages of the listing, which decides only how its rows are asked for.
    pub pages_guess: u64,
    /// The log it lists, where its rest can be asked for by time.
    pub(super) log: Option<Log>,
}

/// What the plan is made from.
pub(super) struct Ask<'a> {
    pub spec: &'static TableSpec,
    pub columns: &'a [&'static Column],
    pub filters: &'a [Expr],
    pub limit: Option<usize>,
    pub options: &'a EntraOptions,
    pub now: DateTime<Utc>,
}

impl ScanPlan {
    pub(super) fn new(ask: &Ask<'_>) -> Result<Self> {
        let mut plan = Self {
            spec: ask.spec,
            queries: Vec::new(),
            single: false,
            parents: Parents::of(ask)?,
            keys: 0,
            counts_by_default_only: false,
            advanced: false,
            decisions: Vec::new(),
            notes: Vec::new(),
            cheaper: None,
            unbounded: false,
            oldest_first: false,
            instead_of: None,
            lookups: Vec::new(),
            takes_ids: false,
            ids: Vec::new(),
            is_small: false,
            rows_guess: ask.spec.rows_guess,
            pages_guess: 1,
            log: Log::of(ask),
        };
        let version = version(ask)?;
        let (candidates, empty) = plan.candidates(ask, version);
        if !empty {
            plan.add_queries(ask, version, candidates);
        }
        check_one_at_a_time(ask, plan.single || plan.queries.is_empty())?;
        Ok(plan)
    }

    /// Tells whether Graph answers every predicate exactly, so that a limit may be sent.
    pub(super) fn is_exact(&self) -> bool {
        self.decisions.iter().all(Decision::is_settled)
    }

    /// Tells whether the request is one somebody wrote, and its reply of any shape.
    pub(super) fn is_open(&self) -> bool {
        self.queries.first().is_some_and(|query| query.verbatim.is_some())
    }

    /// Tells whether the scan asks for pinned keys instead of listing.
    pub(super) fn is_by_key(&self) -> bool {
        self.keys > 0
    }

    /// Translates every predicate; true when the log can't hold a matching row.
    fn candidates(&mut self, ask: &Ask<'_>, version: Version) -> (Vec<Candidate>, bool) {
        let scope = Scope { spec: ask.spec, version };
        let mut candidates = Vec::new();
        let mut empty = false;
        for filter in ask.filters {
            let verdict = match ask.options.pushdown {
                true => translate(&scope, filter),
                false => Err("`entra.pushdown` is off".into()),
            };
            let verdict = verdict.and_then(|pushed| self.within_retention(ask, pushed, &mut empty));
            self.decisions.push(Decision {
                sql: readable::sql(filter),
                outcome: verdict.as_ref().map(|p| p.filter.to_string()).map_err(Clone::clone),
                exact: verdict.as_ref().is_ok_and(|p| p.exact),
            });
            if let Ok(pushed) = verdict {
                candidates.push(Candidate { decision: self.decisions.len() - 1, pushed });
            }
        }
        self.settle_conflicts(ask, &mut candidates);
        (candidates, empty)
    }

    /// Drops a lower bound that lies beyond what the log keeps: Graph refuses it, and
    /// without it the same rows come.
    fn within_retention(
        &mut self,
        ask: &Ask<'_>,
        pushed: Pushed,
        empty: &mut bool,
    ) -> std::result::Result<Pushed, String> {
        let (Some(column), Some(days)) = (ask.spec.newest_first, retention_days(ask)) else {
            return Ok(pushed);
        };
        let path = ask.spec.column(column).map(property_name).unwrap_or_default();
        let oldest = ask.now - Duration::days(i64::from(days));
        let (kept, clamped) = split_old_bounds(&pushed.filter, &path, oldest);
        if kept.as_ref().is_some_and(|f| ends_before(f, &path, oldest - Duration::days(2))) {
            self.notes.push(format!(
                "`{}` reaches back {days} days; nothing older than that is served",
                ask.spec.name
            ));
            *empty = true;
        }
        if clamped {
            self.notes.push(format!(
                "`{}` reaches back {days} days: the lower bound was clamped to that",
                ask.spec.name
            ));
        }
        let reason = format!("the log reaches back {days} days only, so the bound keeps every row");
        kept.map(|filter| Pushed { filter, ..pushed }).ok_or(reason)
    }

    /// Graph can't combine some properties; what can't go out together is evaluated here.
    fn settle_conflicts(&mut self, ask: &Ask<'_>, candidates: &mut Vec<Candidate>) {
        if candidates.len() > 1 {
            let is_exclusive = |p: &Pushed| p.columns.iter().any(|c| c.exclusive);
            let (exclusive, others): (Vec<_>, Vec<_>) =
                candidates.iter().map(|c| &c.pushed).partition(|p| is_exclusive(p));
            let goes_out = exclusive.len() == 1 && others.iter().all(|p| p.is_set_flag());
            self.withdraw(candidates, "Graph can't combine it with another filter", |p| {
                is_exclusive(p) != goes_out
            });
        }
        let alone =
            |c: &Column| c.served == Served::Expanded || c.default_only && c.page_cap.is_some();
        let asked = ask.columns.iter().any(|c| alone(c));
        let named = candidates.iter().any(|c| c.pushed.columns.iter().any(|c| c.default_only));
        if asked || named {
            self.withdraw(candidates, "Graph refuses advanced filters beside this query", |p| {
                p.advanced
            });
        }
    }

    fn withdraw(
        &mut self,
        candidates: &mut Vec<Candidate>,
        reason: &str,
        condition: impl Fn(&Pushed) -> bool,
    ) {
        candidates.retain(|candidate| {
            let dropped = condition(&candidate.pushed);
            if dropped {
                self.decisions[candidate.decision].outcome = Err(reason.to_owned());
            }
            !dropped
        });
    }

    fn add_queries(&mut self, ask: &Ask<'_>, version: Version, mut candidates: Vec<Candidate>) {
        let base = Query {
            version: version.segment(),
            path: ask.spec.path,
            select: select(ask),
            expand: expand(ask),
            ..Query::default()
        };
        if let Some(parents) = self.parents.clone() {
            (self.keys, self.single) = (parents.named(), ask.spec.single);
            self.queries = parents.pattern(self.listing(ask, &base, &candidates));
            return self.narrowed(ask, &parents);
        }
        if ask.spec.single {
            self.single = true;
            self.queries = vec![base];
            return;
        }
        let each = ask.columns.iter().any(|c| c.served == Served::OneAtATime);
        let keys = match ask.options.pushdown || each {
            true => keys::of(ask.spec, ask.filters, each),
            false => Keys::Any,
        };
        match keys {
            Keys::None => self.notes.push("no key can match".into()),
            Keys::Get(keys) => {
                self.single = true;
                self.keys = keys.len();
                self.queries =
                    keys.into_iter().map(|key| Query { key: Some(key), ..base.clone() }).collect();
                self.instead_of_filter(ask, "a direct get by key");
            }
            Keys::In(keys) => {
                (self.keys, self.is_small) = (keys.len(), true);
                self.queries = keys::slices(ask.spec, &keys)
                    .into_iter()
                    .map(|slice| Query {
                        filter: Some(slice),
                        top: top(ask, false),
                        ..base.clone()
                    })
                    .collect();
                self.instead_of_filter(ask, "a listing by key");
            }
            Keys::Any => loop {
                let query = self.listing(ask, &base, &candidates);
                let room = if self.advanced { MAX_TARGET_ADVANCED } else { MAX_TARGET };
                let fits = query.target().len() <= room;
                let Some(last) = (if fits { None } else { candidates.pop() }) else {
                    self.unbounded = ask.options.pushdown && is_unbounded(ask, &query);
                    (self.rows_guess, self.pages_guess) = guess::of(ask, &query);
                    let sent = candidates.iter().map(|candidate| &candidate.pushed);
                    self.lookups = lookup::columns(ask, version, self.advanced, sent);
                    self.takes_ids = lookup::takes_ids(ask, &query);
                    self.queries = vec![query];
                    break;
                };
                self.decisions[last.decision].outcome = Err("the URL would be too long".into());
            },
        }
    }

    fn listing(&mut self, ask: &Ask<'_>, base: &Query, candidates: &[Candidate]) -> Query {
        self.advanced = ask.spec.cast || candidates.iter().any(|c| c.pushed.advanced);
        self.counts_by_default_only = candidates.iter().any(|c| is_default_only(&c.pushed.columns));
        let fixed = ask.spec.fixed_filter.map(Filter::Fixed);
        let filters =
            fixed.into_iter().chain(candidates.iter().flat_map(|c| conjuncts(&c.pushed.filter)));
        Query {
            filter: Filter::all(filters.collect()),
            top: top(ask, self.is_exact()),
            advanced: self.advanced,
            ..base.clone()
        }
    }

    /// What the predicates say about the parents is done by asking for those only.
    fn narrowed(&mut self, ask: &Ask<'_>, parents: &Parents) {
        self.cheaper = parents::cheaper_side(ask, parents);
        for (filter, decision) in ask.filters.iter().zip(&mut self.decisions) {
            if parents::narrows(ask, filter) {
                decision.outcome = parents.outcome();
                let named = matches!(parents, Parents::Named(_));
                decision.exact = named && parents::is_exact(ask.spec, filter);
            }
        }
    }

    /// Key look-ups carry no other filter; everything is evaluated on the few rows here.
    fn instead_of_filter(&mut self, ask: &Ask<'_>, means: &str) {
        for (filter, decision) in ask.filters.iter().zip(&mut self.decisions) {
            if keys::pins(ask.spec, filter) {
                decision.outcome = Ok(means.to_owned());
            } else if decision.outcome.is_ok() {
                decision.outcome = Err("few rows come by key".into());
            }
            decision.exact = false;
        }
    }
}

struct Candidate {
    decision: usize,
    pushed: Pushed,
}

/// Returns what must all hold, one by one.
pub(super) fn conjuncts(filter: &Filter) -> Vec<Filter> {
    match filter {
        Filter::And(parts) => parts.clone(),
        other => vec![other.clone()],
    }
}

pub(super) fn retention_days(ask: &Ask<'_>) -> Option<u32> {
    let days = ask.spec.retention_days?;
    Some(match ask.options.retention_days {
        0 => days,
        set => u32::try_from(set).unwrap_or(days),
    })
}

/// Takes lower bounds older than `oldest` out of a conjunction. A minute of slack keeps a
/// bound that would grow too old between planning and sending.
fn split_old_bounds(filter: &Filter, path: &str, oldest: DateTime<Utc>) -> (Option<Filter>, bool) {
    let is_old = |filter: &Filter| match filter {
        Filter::Compare(p, Comparison::Ge, Literal::Time(at)) => {
            p == path && *at < oldest + Duration::minutes(1)
        }
        _ => false,
    };
    let (old, kept): (Vec<_>, Vec<_>) = conjuncts(filter).into_iter().partition(is_old);
    (Filter::all(kept), !old.is_empty())
}

/// A bound beyond what the log keeps was dropped, but the reader did set one.
fn is_unbounded(ask: &Ask<'_>, query: &Query) -> bool {
    let Some(column) = ask.spec.newest_first.and_then(|name| ask.spec.column(name)) else {
        return false;
    };
    let path = property_name(column);
    let is_bound = |f: &Filter| matches!(f, Filter::Compare(p, Comparison::Ge | Comparison::Eq, _) if *p == path);
    let sent = query.filter.iter().flat_map(conjuncts).any(|filter| is_bound(&filter));
    let named = ask.filters.iter().any(|f| f.column_refs().iter().any(|c| c.name == column.name));
    !sent && !named
}

fn ends_before(filter: &Filter, path: &str, oldest: DateTime<Utc>) -> bool {
    conjuncts(filter).iter().any(|part| {
        matches!(part, Filter::Compare(p, Comparison::Le, Literal::Time(at)) if p == path && *at < oldest)
    })
}

/// The beta endpoint is asked only when a column of its own is.
fn version(ask: &Ask<'_>) -> Result<Version> {
    let filtered = ask.filters.iter().flat_map(Expr::column_refs);
    let filtered = filtered.filter_map(|c| ask.spec.column(&c.name));
    let named: Vec<&Column> = ask.columns.iter().copied().chain(filtered).collect();
    let Some(beta) = named.iter().find(|c| c.beta) else {
        return Ok(ask.spec.version);
    };
    match named.iter().find(|c| c.v1_only) {
        None => Ok(Version::Beta),
        Some(old) => Err(both_versions(ask.spec, old, beta)),
    }
}

fn both_versions(spec: &TableSpec, old: &Column, beta: &Column) -> Error {
    let (old, beta) = (old.name, beta.name);
    let message = format!(
        "`{old}` is served by v1.0 only and `{beta}` by beta only, so one scan can't have both"
    );
    Error::new(ErrorKind::Query, message)
        .with_context("table", spec.name)
        .with_hint("read them in two queries and join on the key")
}

fn check_one_at_a_time(ask: &Ask<'_>, single: bool) -> Result<()> {
    let column = ask.columns.iter().find(|c| c.served == Served::OneAtATime);
    match column {
        Some(column) if !single => Err(Error::new(
            ErrorKind::Query,
            format!("Graph serves `{}` for one object at a time", column.name),
        )
        .with_context("table", ask.spec.name)
        .with_hint(format!("pin the key: `WHERE {} = '…'`", ask.spec.key))),
        _ => Ok(()),
    }
}

/// `$select`, unless Graph refuses it here or `raw` wants the object as it is.
fn select(ask: &Ask<'_>) -> Vec<String> {
    if !ask.spec.select {
        return Vec::new();
    }
    let raw = ask.columns.iter().any(|c| matches!(c.kind, Kind::Raw));
    // What begins with `@` is an annotation, which comes unasked.
    let annotation = |c: &Column| c.property.is_some_and(|name| name.starts_with('@'));
    let apart = |c: &Column| matches!(c.served, Served::Parent | Served::Expanded);
    let own = |c: &&Column| !matches!(c.kind, Kind::Raw) && !apart(c) && !annotation(c);
    let named = ask.columns.iter().copied().filter(own);
    if raw && ask.columns.iter().all(|c| apart(c) || c.served == Served::Always) {
        return Vec::new();
    }
    // A named property switches the default set off, so `raw` gets that set back.
    let unasked = |c: &&Column| raw && c.served == Served::Always && !c.beta;
    let default = ask.spec.columns_served().filter(own).filter(unasked);
    let mut names: Vec<String> = named.chain(default).map(property_name).collect();
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    if names.is_empty() {
        let key = ask.spec.column(ask.spec.key).filter(|key| key.served != Served::Parent);
        names.extend(key.map(property_name));
    }
    names
}

/// `$expand` for the related object that is asked for; Graph expands one relation at a time.
fn expand(ask: &Ask<'_>) -> Option<String> {
    let column = ask.columns.iter().find(|column| column.served == Served::Expanded)?;
    let fields: Vec<_> = column.fields().iter().map(property_name).collect();
    Some(format!("{}($select={})", property_name(column), fields.join(",")))
}

/// `$top`, where Graph takes one.
fn top(ask: &Ask<'_>, exact: bool) -> Option<usize> {
    if !ask.spec.top {
        return None;
    }
    let caps = ask.columns.iter().filter_map(|c| c.page_cap);
    let page = caps.chain([ask.spec.page_size, ask.options.page_cap()]).min().unwrap_or(999);
    let page = page as usize;
    let limit = ask.limit.filter(|_| exact && ask.options.pushdown);
    Some(limit.map_or(page, |limit| limit.clamp(1, page)))
}

impl ScanPlan {
    /// Returns the plan with a smaller first page, when a limit above became known.
    pub(super) fn with_limit(&self, limit: Option<usize>) -> Self {
        if let Some(listing) = self.listing_within(limit) {
            return listing.with_limit(limit);
        }
        let mut plan = self.clone();
        let (Some(limit), true) = (limit, self.is_exact()) else { return plan };
        for query in &mut plan.queries {
            query.top = query.top.map(|top| top.min(limit.max(1)));
        }
        plan
    }
}
