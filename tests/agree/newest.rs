//! The newest few rows of joins nobody wrote by hand: with look-ups, without them, and read
//! from the world's JSON.

use super::joins::{Side, pairs};
use super::predicate::Predicate;
use super::value::{Sql, value};
use super::world::{Field, Table, tables};
use super::{engine, ids};

/// Queries.
const CASES: u64 = 120;

const KINDS: [&str; 5] = ["JOIN", "JOINED", "LEFT JOIN", "EXISTS", "NOT EXISTS"];

/// The column a log is ordered by.
fn time(table: &Table) -> Option<&Field> {
    let spec = entraql::tables::ALL.iter().find(|spec| spec.name == table.name)?;
    table.fields.iter().find(|field| Some(field.sql.as_str()) == spec.newest_first)
}

fn sql(kind: &str, log: &Side<'_>, other: &Side<'_>, limit: usize) -> String {
    let by = time(log.table).map(|field| field.sql.as_str()).unwrap();
    let own = log.sql().replacen("SELECT ", &format!("SELECT {by} AS t, "), 1);
    let (own, other_sql) = (format!("({own}) a"), format!("({}) b", other.sql()));
    let (keys, both) = (log.keys("a").join(", "), other.keys("b").join(", "));
    let rows = match kind {
        "JOIN" => format!("SELECT {keys}, {both} FROM {own} JOIN {other_sql} ON a.v = b.v"),
        "JOINED" => format!("SELECT {keys}, {both} FROM {other_sql} JOIN {own} ON b.v = a.v"),
        "LEFT JOIN" => format!(
            "SELECT {keys}, {both} FROM {own} LEFT JOIN {other_sql} ON a.v = b.v
              WHERE b.v IS NULL OR length(b.v) > 0"
        ),
        _ => format!(
            "SELECT {keys} FROM {own} WHERE {kind} (SELECT 1 FROM {other_sql} WHERE b.v = a.v)"
        ),
    };
    format!("{rows} ORDER BY a.t DESC LIMIT {limit}")
}

/// Every row of the join with its time.
fn expected(kind: &str, log: &Side<'_>, other: &Side<'_>) -> Vec<(i64, String)> {
    let by = time(log.table).unwrap();
    let others = other.rows();
    let mut found = Vec::new();
    for row in log.rows() {
        let Some(Sql::Time(at)) = value(row, by) else { panic!("a row without a time") };
        let text = log.text(row);
        let partners = others.iter().filter(|one| text.is_some() && other.text(one) == text);
        let own = log.shown(Some(row));
        let mut pairs: Vec<_> =
            partners.map(|one| format!("{own}|{}", other.shown(Some(one)))).collect();
        match kind {
            "EXISTS" if !pairs.is_empty() => found.push((at, own)),
            "NOT EXISTS" if pairs.is_empty() => found.push((at, own)),
            "EXISTS" | "NOT EXISTS" => {}
            _ => {
                if kind == "LEFT JOIN" && pairs.is_empty() {
                    pairs.push(format!("{own}|{}", other.shown(None)));
                }
                found.extend(pairs.into_iter().map(|pair| (at, pair)));
            }
        }
    }
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_newest_rows_of_joins_agree() {
    let (on, off) = (engine().await, engine().await);
    off.query("SET entra.pushdown = false").await.unwrap();
    let tables = tables(&on.simulator().unwrap().world());
    let mut pairs = pairs(&tables, false);
    pairs.retain(|((table, _), _)| time(&tables[*table]).is_some());
    assert!(pairs.len() > 20, "{}", pairs.len());
    // A side that is found by its key, and has more than a page of rows.
    let keyed = |((_, _), (table, field)): &((usize, usize), (usize, usize))| {
        let (table, by) = (&tables[*table], &tables[*table].fields[*field].sql);
        let spec = entraql::tables::ALL.iter().find(|spec| spec.name == table.name).unwrap();
        spec.parents().any(|column| column.name == *by)
            || (spec.key == by && spec.parent.is_none() && spec.rows_guess > 1_000)
    };
    let keyed: Vec<_> = pairs.iter().copied().filter(keyed).collect();
    assert!(keyed.len() > 5, "{}", keyed.len());
    let (mut hits, mut bound) = (0, 0);
    for case in 0..CASES {
        let at = usize::try_from(case.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33).unwrap();
        let among = if case.is_multiple_of(3) { &pairs } else { &keyed };
        let (one, two) = among[at % among.len()];
        let side = |(table, field): (usize, usize), seed: u64| {
            let table = &tables[table];
            let predicate = seed.is_multiple_of(3).then(|| Predicate::generate(table, seed));
            Side { table, by: &table.fields[field], predicate }
        };
        let (log, other) = (side(one, case), side(two, case + 1));
        let kind = KINDS[usize::try_from(case).unwrap() % KINDS.len()];
        let limit = [1, 3, 10, 40][at % 4];
        let sql = sql(kind, &log, &other, limit);
        let all = expected(kind, &log, &other);
        let last = all.get(limit.min(all.len()).saturating_sub(1)).map(|(at, _)| *at);
        for (engine, how) in [(&on, "with look-ups"), (&off, "without")] {
            let mut rows = ids(engine, &sql).await;
            assert_eq!(rows.values().sum::<usize>(), limit.min(all.len()), "{how}:\n{sql}");
            for (at, row) in &all {
                // Rows of one time are the first in any order.
                let left = rows.get_mut(row).filter(|left| **left > 0);
                assert!(left.is_some() || Some(*at) <= last, "{how}: no {row} in\n{sql}");
                if let Some(left) = left {
                    *left -= 1;
                    assert!(Some(*at) >= last, "{how}: {row} is not among the newest of\n{sql}");
                }
            }
            rows.retain(|_, left| *left > 0);
            assert!(rows.is_empty(), "{how}: {rows:?} are too many in\n{sql}");
        }
        hits += u64::from(!all.is_empty());
        let plan = ids(&on, &format!("EXPLAIN {sql}")).await;
        bound += u64::from(plan.keys().any(|text| text.contains("BindJoinExec")));
    }
    let refused = on.simulator().unwrap().refusals();
    assert!(refused.is_empty(), "the simulator refused: {refused:#?}");
    assert!(hits * 2 > CASES, "only {hits} joins had a row");
    assert!(bound * 10 > CASES, "only {bound} were bind joins");
}
