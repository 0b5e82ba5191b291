//! Whose rows a scan reads, where every object of another table has rows of its own.

use std::collections::BTreeSet;

use datafusion::common::Column as Name;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::logical_expr::Expr;

use crate::error::{Error, ErrorKind, Result};
use crate::graph::batch_parts;
use crate::odata::Query;
use crate::provider::keys;
use crate::provider::path::text;
use crate::provider::plan::{Ask, ScanPlan};
use crate::spec::{Column, Served, TableSpec};

/// More than these are not asked for one by one because a predicate names them.
const MOST_NAMED: usize = 10_000;

/// The objects whose rows a scan reads.
#[derive(Debug, Clone)]
pub enum Parents {
    /// Those the predicates name: what stands in the path, a set for each.
    Named(Vec<Vec<String>>),
    /// Those of a scan of their table, which runs first.
    Listed(Box<ScanPlan>),
}

impl Parents {
    /// Decides it for one scan; nothing for a table without parents.
    pub(super) fn of(ask: &Ask<'_>) -> Result<Option<Self>> {
        let Some(parent) = ask.spec.parent else { return Ok(None) };
        if let Some(named) = named(ask) {
            return Ok(Some(Self::Named(named)));
        }
        let identity = parent.identity();
        let filters = filters(ask, &identity)?;
        let listing =
            Ask { spec: parent, columns: &identity, filters: &filters, limit: None, ..*ask };
        Ok(Some(Self::Listed(Box::new(ScanPlan::new(&listing)?))))
    }

    /// Tells whether there can't be any.
    pub(super) fn is_none(&self) -> bool {
        match self {
            Self::Named(named) => named.is_empty(),
            Self::Listed(plan) => plan.queries.is_empty(),
        }
    }

    /// Returns the query that reads the rows of one; that one's where it is the only one.
    pub(super) fn pattern(&self, query: Query) -> Vec<Query> {
        match self {
            _ if self.is_none() => Vec::new(),
            Self::Named(named) if named.len() == 1 => {
                vec![Query { parents: named[0].clone(), ..query }]
            }
            _ => vec![query],
        }
    }

    /// Says what became of a predicate on the parents alone.
    pub(super) fn outcome(&self) -> std::result::Result<String, String> {
        match self {
            Self::Named(_) => Ok("the path of the request".to_owned()),
            Self::Listed(listing) => {
                let sent = listing.pushed();
                let filter = sent.first().cloned();
                filter.ok_or_else(|| format!("`{}` can't be listed by it", listing.spec.name))
            }
        }
    }

    /// Says for whom the pattern of a request stands; nothing where it is for one object.
    pub(super) fn note(&self, spec: &TableSpec) -> String {
        let parent = spec.parent.map_or("", |parent| parent.name);
        let whom = match self {
            _ if self.is_none() => return String::new(),
            Self::Named(named) if named.len() == 1 => return String::new(),
            Self::Named(named) => format!("{} named `{parent}`", named.len()),
            Self::Listed(_) => format!("each of `{parent}`"),
        };
        match batch_parts(spec.bucket) {
            1 => format!("  [for {whom}, one by one]"),
            parts => format!("  [for {whom}, {parts} to a $batch]"),
        }
    }

    /// Returns how many the predicates name; 0 where they are listed.
    pub(super) fn named(&self) -> usize {
        match self {
            Self::Named(named) => named.len(),
            Self::Listed(_) => 0,
        }
    }
}

/// Returns every combination of the ids that the predicates allow, if they name all.
fn named(ask: &Ask<'_>) -> Option<Vec<Vec<String>>> {
    let filters = if ask.options.pushdown { ask.filters } else { &[] };
    let mut all = vec![Vec::new()];
    for column in ask.spec.parents() {
        let ids = keys::common(filters.iter().filter_map(|f| keys::values(column.name, f)))?;
        let longer = |known: Vec<String>| {
            ids.iter().map(move |id| known.iter().chain([id]).cloned().collect::<Vec<_>>())
        };
        all = all.into_iter().flat_map(longer).collect();
        if all.len() > MOST_NAMED {
            return None;
        }
    }
    Some(all)
}

/// Returns the predicates on the parents alone, as predicates on their own table.
fn filters(ask: &Ask<'_>, identity: &[&'static Column]) -> Result<Vec<Expr>> {
    let parents: Vec<_> = ask.spec.parents().collect();
    let renamed = |expr: &Expr| {
        let there = expr.clone().transform(|e| {
            let Expr::Column(column) = &e else { return Ok(Transformed::no(e)) };
            let place = parents.iter().position(|p| p.name == column.name);
            let name = place.and_then(|place| identity.get(place)).map(|c| c.name);
            let name = name.unwrap_or(&column.name).to_owned();
            Ok(Transformed::yes(Expr::Column(Name::new_unqualified(name))))
        });
        there.map(|there| there.data).map_err(|error| {
            Error::new(ErrorKind::Internal, "a predicate cannot be renamed").with_source(error)
        })
    };
    ask.filters.iter().filter(|filter| narrows(ask, filter)).map(renamed).collect()
}

/// Returns the plan for the rows of these objects, where all objects would be asked; nothing
/// where one id does not name an object, or is no plain one.
pub(super) fn asking(plan: &ScanPlan, ids: &BTreeSet<String>) -> Option<ScanPlan> {
    let mut columns = plan.spec.parents();
    columns.next().filter(|_| columns.next().is_none())?;
    let Some(Parents::Listed(_)) = plan.parents else { return None };
    let ids = keys::common(std::iter::once(ids.iter().map(|id| keys::one_spelling(id)).collect()))?;
    let keys = ids.len();
    let parents = Some(Parents::Named(ids.into_iter().map(|id| vec![id]).collect()));
    Some(ScanPlan { parents, keys, ..plan.clone() })
}

/// Says when the same can be had with fewer requests from the other side: where a predicate
/// names the objects of the rows, or there are fewer objects to ask there.
pub(super) fn cheaper_side(ask: &Ask<'_>, parents: &Parents) -> Option<String> {
    let (other, Parents::Listed(_)) = (ask.spec.other_side?, parents) else { return None };
    let (own, theirs) = (ask.spec.parent?, other.parent?);
    let asked = other.parents().next()?.name;
    let named = ask.filters.iter().any(|filter| keys::values(ask.spec.key, filter).is_some());
    let few = own.rows_guess > theirs.rows_guess;
    let table = other.name;
    match (named, few) {
        (true, _) => Some(format!("`{table}` tells the same of a known `{asked}` alone")),
        (false, true) => Some(format!(
            "`{table}` tells the same by asking `{}`, mostly fewer than `{}`",
            theirs.name, own.name
        )),
        (false, false) => None,
    }
}

/// Tells whether asking the parents that a predicate names is all it takes. Not where it
/// spells an id in a way that no column does.
pub(super) fn is_exact(spec: &TableSpec, filter: &Expr) -> bool {
    let pins = |column: &Column| keys::values(column.name, filter).is_some();
    let plain = |id: &str| keys::is_segment(id) && keys::one_spelling(id) == id;
    let is_odd = |expr: &Expr| match expr {
        Expr::Literal(value, _) => !text(value).is_some_and(plain),
        _ => false,
    };
    spec.parents().any(pins) && !filter.exists(|expr| Ok(is_odd(expr))).unwrap_or(true)
}

/// Tells whether a predicate says which parents are asked: it is about nothing else.
pub(super) fn narrows(ask: &Ask<'_>, filter: &Expr) -> bool {
    let is_parent =
        |name: &str| ask.spec.column(name).is_some_and(|column| column.served == Served::Parent);
    let refs = filter.column_refs();
    ask.options.pushdown && !refs.is_empty() && refs.iter().all(|c| is_parent(&c.name))
}
