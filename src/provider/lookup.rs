//! Asks for the rows a join has found values of, instead of listing a table.
//!
//! Decided when the values are known. A value asked for by `$filter` may bring rows that SQL
//! compares otherwise, which the join looks at again; it must never miss one, and no row may
//! answer to two of the requests.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::execution::TaskContext;

use crate::graph::{GET_BY_IDS, MOST_IDS, batch_parts};
use crate::odata::{Filter, Literal, Query};
use crate::provider::keys;
use crate::provider::plan::{Ask, Decision, MAX_TARGET, MAX_TARGET_ADVANCED, ScanPlan, conjuncts};
use crate::provider::pushdown::{MAX_BRANCHES, MAX_TEXT, Pushed, any_value};
use crate::provider::sizes::Sizes;
use crate::provider::stream::Scan;
use crate::spec::{Column, EQ, Kind, TableSpec, Version, property_name};

/// Rows found by another column than the key come in pages of their own, beside the requests
/// that ask for them: so few must the requests be, as a part of the pages of a listing.
const WORTH: u64 = 4;
/// The most such requests where the listing was never read: its size is a guess, and a log of a
/// small tenant is shorter than what it takes to ask for everybody in it.
const UNSURE: u64 = 8;

/// Returns the columns of a listing whose values a join may name.
pub(super) fn columns<'a>(
    ask: &Ask<'_>,
    version: Version,
    advanced: bool,
    sent: impl Iterator<Item = &'a Pushed>,
) -> Vec<&'static Column> {
    let exclusive = sent.flat_map(|pushed| &pushed.columns).any(|column| column.exclusive);
    if !ask.options.pushdown || ask.spec.ignores_filter || exclusive {
        return Vec::new();
    }
    let takes = |c: &&'static Column| {
        matches!(c.kind, Kind::Text)
            && c.ops_on(version).has(EQ)
            && !c.advanced.has(EQ)
            && !c.exclusive
            && !(c.default_only && advanced)
    };
    ask.spec.columns_served().filter(takes).collect()
}

/// Tells whether the reader allows `getByIds`, and it would bring the same rows as the listing:
/// it takes no filter, and what comes only sometimes can't be missed.
pub(super) fn takes_ids(ask: &Ask<'_>, listing: &Query) -> bool {
    let is_plain = |c: &&Column| c.is_free() && !matches!(c.kind, Kind::Raw);
    ask.options.get_by_ids
        && ask.spec.by_ids.is_some()
        && listing.version == Version::V1.segment()
        && listing.filter.is_none()
        && !listing.select.is_empty()
        && ask.columns.iter().all(is_plain)
}

/// Returns the plan that asks for what joins have found, where that is cheaper than listing.
pub(super) fn narrowed(scan: &Scan) -> Option<ScanPlan> {
    let listing = scan.plan.queries.first().filter(|_| scan.limit.is_none())?;
    let by = |column: &&'static Column| {
        let plan = asking(&scan.plan, column, scan.joined.values(column.name)?)?;
        // Rows of several requests come in the order of none of them.
        let unordered = scan.ordered && plan.queries.len() > 1;
        let most = most(&scan.plan, column, &scan.context);
        (!unordered && plan.queries.len() as u64 <= most).then_some(plan)
    };
    let plans = scan.plan.lookups.iter().filter_map(by).chain(by_ids(scan, listing));
    plans.min_by_key(|plan| plan.queries.len())
}

/// The same by `getByIds`, for more objects than one `$batch` of filters brings.
fn by_ids(scan: &Scan, listing: &Query) -> Option<ScanPlan> {
    let spec = scan.plan.spec;
    let key = spec.column(spec.key).filter(|_| scan.plan.takes_ids)?;
    let values = sendable(spec, key, scan.joined.values(key.name)?)?;
    let ids: BTreeSet<String> = values.iter().map(|id| keys::one_spelling(id)).collect();
    if ids.len() <= MAX_BRANCHES * batch_parts(spec.bucket) {
        return None;
    }
    let ids: Vec<String> = ids.into_iter().collect();
    let path = GET_BY_IDS.strip_prefix("/v1.0")?;
    let lists: Vec<Vec<String>> = ids.chunks(MOST_IDS).map(<[String]>::to_vec).collect();
    let query = Query { path, top: None, ..listing.clone() };
    let mut plan = ScanPlan { ids: lists, keys: ids.len(), ..scan.plan.as_ref().clone() };
    plan.queries = vec![query; plan.ids.len()];
    plan.decisions.push(found(key, ids.len()));
    (plan.queries.len() as u64 <= most(&scan.plan, key, &scan.context)).then_some(plan)
}

fn found(column: &Column, values: usize) -> Decision {
    let name = column.name;
    Decision {
        sql: format!("{name} in what a join has found"),
        outcome: Ok(format!("{values} values of `{name}` a join has found")),
        exact: false,
    }
}

/// Returns the most requests by the values of a column that are better than the listing.
pub(super) fn most(plan: &ScanPlan, column: &Column, context: &TaskContext) -> u64 {
    let most = match (column.name == plan.spec.key, pages(plan, context)) {
        (true, (pages, _)) => pages,
        (false, (pages, true)) => pages / WORTH,
        (false, (pages, false)) => (pages / WORTH).min(UNSURE),
    };
    most.max(1)
}

/// Returns the pages of the listing, and whether they are known.
fn pages(plan: &ScanPlan, context: &TaskContext) -> (u64, bool) {
    let sizes = context.session_config().get_extension::<Sizes>();
    let target = plan.queries.first().map(Query::target);
    let known = sizes.zip(target).and_then(|(sizes, target)| sizes.pages(&target));
    (known.unwrap_or(plan.pages_guess), known.is_some())
}

/// Returns the plan that asks for the rows with one of these values; nothing where Graph can't
/// be asked for one of them.
pub(super) fn asking(
    plan: &ScanPlan,
    column: &'static Column,
    values: BTreeSet<String>,
) -> Option<ScanPlan> {
    let values = sendable(plan.spec, column, values)?;
    let queries = queries(plan, plan.queries.first()?, column, &values)?;
    let mut plan = ScanPlan { queries, keys: values.len(), ..plan.clone() };
    plan.is_small = column.name == plan.spec.key;
    plan.decisions.push(found(column, values.len()));
    Some(plan)
}

/// Returns the values as Graph is asked for them; nothing where one of them can't be.
fn sendable(
    spec: &TableSpec,
    column: &Column,
    mut values: BTreeSet<String>,
) -> Option<BTreeSet<String>> {
    if column.name == spec.key {
        // No object has an empty id.
        values.remove("");
    }
    // Graph may refuse as an id what is none, and would fail the query.
    let is_id = column.name == "id" || column.name.ends_with("_id");
    let fits = |value: &String| if is_id { keys::is_guid(value) } else { is_plain(value) };
    values.iter().all(fits).then_some(values)
}

/// How Graph compares other text, spaces at its ends above all, is not documented: a row could
/// answer to two requests.
fn is_plain(value: &str) -> bool {
    (1..=MAX_TEXT).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
        && value.trim() == value
}

/// Returns the requests for so many values at a time as Graph takes beside the filters of the
/// listing; nothing where it takes none.
fn queries(
    plan: &ScanPlan,
    listing: &Query,
    column: &Column,
    values: &BTreeSet<String>,
) -> Option<Vec<Query>> {
    let taken = listing.filter.as_ref().map_or(0, Filter::leaves);
    let room = MAX_BRANCHES.checked_sub(taken).filter(|room| *room > 0)?;
    let mut size = if column.single_value { 1 } else { room };
    loop {
        let slices = slices(values, size)?;
        let queries: Vec<_> =
            slices.into_iter().map(|slice| query(plan.spec, listing, column, slice)).collect();
        let most = if plan.advanced { MAX_TARGET_ADVANCED } else { MAX_TARGET };
        if queries.iter().all(|query| query.target().len() <= most) {
            return Some(queries);
        }
        size = Some(size / 2).filter(|size| *size > 0)?;
    }
}

/// Cuts the values into slices. Those that differ by case alone stay together: for Graph they
/// may be the same, and their rows must come once.
fn slices(values: &BTreeSet<String>, size: usize) -> Option<Vec<Vec<String>>> {
    let mut alike: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for value in values {
        alike.entry(value.to_ascii_lowercase()).or_default().push(value.clone());
    }
    let mut slices: Vec<Vec<String>> = Vec::new();
    for twins in alike.into_values() {
        match slices.last_mut() {
            _ if twins.len() > size => return None,
            Some(slice) if slice.len() + twins.len() <= size => slice.extend(twins),
            _ => slices.push(twins),
        }
    }
    Some(slices)
}

fn query(spec: &TableSpec, listing: &Query, column: &Column, slice: Vec<String>) -> Query {
    let values = slice.into_iter().map(Literal::Text).collect();
    let asked = any_value(spec, &property_name(column), values);
    let filters = listing.filter.iter().flat_map(conjuncts).chain(asked);
    Query { filter: Filter::all(filters.collect()), ..listing.clone() }
}

/// Says how a join narrows a listing, for EXPLAIN.
pub(super) fn note(spec: &TableSpec, columns: &[&str]) -> String {
    let parts = batch_parts(spec.bucket);
    let batch = if parts > 1 && spec.directory {
        format!(", {parts} requests to a $batch")
    } else {
        String::new()
    };
    format!(
        "asks for the `{}` a join or subquery finds, {MAX_BRANCHES} to a request{batch}, else for all",
        columns.join("`, `")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(values: &[&str]) -> BTreeSet<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn twins_share_a_request_or_nobody_is_asked_for() {
        let of = |values: &[&str], size| slices(&set(values), size);
        let expected = vec![vec!["a".to_owned()], vec!["B".to_owned(), "b".to_owned()]];
        assert_eq!(of(&["a", "b", "B"], 2), Some(expected));
        assert_eq!(of(&["b", "B"], 1), None);
        assert_eq!(of(&[], 15), Some(vec![]));
    }

    #[test]
    fn only_text_that_compares_without_surprise_is_asked_for() {
        assert!(is_plain("o'brien@contoso.com") && is_plain("a b"));
        for odd in ["", " a", "a ", "stra\u{df}e", "a\nb", &"x".repeat(121)] {
            assert!(!is_plain(odd), "{odd:?}");
        }
    }

    #[test]
    fn an_id_that_is_no_guid_is_not_asked_for() {
        let users = crate::tables::find("users").unwrap();
        let id = users.column("id").unwrap();
        let guid = "a1b2c3d4-0000-4000-8000-00000000000f";
        assert_eq!(sendable(users, id, set(&["", guid])), Some(set(&[guid])));
        assert_eq!(sendable(users, id, set(&["nobody", guid])), None);
        let name = users.column("user_principal_name").unwrap();
        assert_eq!(sendable(users, name, set(&[""])), None);
    }
}
