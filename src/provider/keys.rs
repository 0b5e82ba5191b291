//! A scan whose key is pinned to a few values asks for those objects only.

use std::collections::BTreeSet;

use datafusion::logical_expr::expr::InList;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator};

use crate::odata::{Filter, Literal};
use crate::provider::path::text;
use crate::provider::pushdown::MAX_BRANCHES;
use crate::spec::{EQ, TableSpec, property_name};

/// What the predicates say about the key.
pub(super) enum Keys {
    /// Nothing that saves requests.
    Any,
    /// Contradictory: no row can match.
    None,
    /// One object, or each by a get of its own.
    Get(Vec<String>),
    /// By a list, at most 15 keys at a time.
    In(Vec<String>),
}

/// Returns how to reach the keys the predicates allow, when that is cheaper than listing.
///
/// `each` asks for one get per key, whatever it costs: some properties come no other way.
pub(super) fn of(spec: &TableSpec, filters: &[Expr], each: bool) -> Keys {
    let sets = filters.iter().filter_map(|f| values(spec.key, f));
    let Some(keys) = sets.reduce(|a, b| a.intersection(&b).cloned().collect()) else {
        return Keys::Any;
    };
    if keys.is_empty() {
        return Keys::None;
    }
    let keys: Vec<String> = keys.into_iter().collect();
    if has_twins(&keys) {
        return Keys::Any;
    }
    let pages = spec.rows_guess.div_ceil(spec.page_size as usize);
    let by_get = spec.get_by_key && keys.iter().all(|k| is_segment(k));
    let has_in = spec.takes_in && spec.column(spec.key).is_some_and(|c| c.ops.has(EQ));
    if by_get && (keys.len() == 1 || each || (!has_in && keys.len() <= pages)) {
        return Keys::Get(keys);
    }
    if has_in && by_get && keys.len().div_ceil(MAX_BRANCHES) <= pages {
        return Keys::In(keys);
    }
    Keys::Any
}

/// Returns the filters that ask for the keys, a slice each.
pub(super) fn slices(spec: &TableSpec, keys: &[String]) -> Vec<Filter> {
    let path = spec.column(spec.key).map(property_name).unwrap_or_default();
    let list = |slice: &[String]| slice.iter().cloned().map(Literal::Text).collect();
    keys.chunks(MAX_BRANCHES).map(|slice| Filter::In(path.clone(), list(slice))).collect()
}

/// Returns the values that all sets have in common, where there is a set and every value can
/// stand in a path.
pub(super) fn common(sets: impl Iterator<Item = BTreeSet<String>>) -> Option<BTreeSet<String>> {
    let keys = sets.reduce(|a, b| &a & &b)?;
    keys.iter().all(|key| is_segment(key)).then_some(keys)
}

/// A key that stands in a path as it is. Anything else could name another resource.
pub(super) fn is_segment(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    !key.is_empty() && key.len() <= 100 && key.chars().all(plain)
}

/// Tells whether a predicate pins the key to values.
pub(super) fn pins(spec: &TableSpec, expr: &Expr) -> bool {
    values(spec.key, expr).is_some()
}

/// Returns the values a predicate pins a key to.
pub(super) fn values(key: &str, expr: &Expr) -> Option<BTreeSet<String>> {
    match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Eq, right }) => {
            one(key, left, right).or_else(|| one(key, right, left))
        }
        Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
            let mut both = values(key, left)?;
            both.extend(values(key, right)?);
            Some(both)
        }
        Expr::InList(InList { expr, list, negated: false }) => list
            .iter()
            .map(|item| one(key, expr, item))
            .try_fold(BTreeSet::new(), |mut all, item| {
                all.extend(item?);
                Some(all)
            }),
        _ => None,
    }
}

fn one(key: &str, column: &Expr, value: &Expr) -> Option<BTreeSet<String>> {
    match (column, value) {
        (Expr::Column(c), Expr::Literal(v, _)) if c.name == key => {
            Some([one_spelling(text(v)?)].into())
        }
        _ => None,
    }
}

/// GUIDs are equal for Graph when they differ in case, and it would send such an object
/// twice. In other ids, those of audits and role assignments, the case counts.
pub(super) fn one_spelling(key: &str) -> String {
    if is_guid(key) { key.to_ascii_lowercase() } else { key.to_owned() }
}

/// Tells whether a key looks like a GUID.
pub(super) fn is_guid(key: &str) -> bool {
    key.len() == 36 && key.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// Whether keys differ in case only: one object, or two, nobody knows but Graph.
fn has_twins(keys: &[String]) -> bool {
    let folded: BTreeSet<_> = keys.iter().map(|key| key.to_ascii_lowercase()).collect();
    folded.len() < keys.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_guids_are_equal_in_every_case() {
        let guid = "A1B2C3D4-0000-4000-8000-00000000000F";
        assert_eq!(one_spelling(guid), guid.to_lowercase());
        assert_eq!(one_spelling("Directory_ab_XY"), "Directory_ab_XY");
        let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        assert!(has_twins(&keys(&["Directory_ab", "Directory_AB"])));
        assert!(!has_twins(&keys(&["Directory_ab", "Directory_ac"])));
    }
}
