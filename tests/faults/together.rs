//! Every scripted fault with everything on: slices of time, look-ups, shared scans and the cache.
//!
//! Whichever way the rows come, they are all there or the query fails; what failed is not kept.

use std::collections::BTreeSet;

use entraql::sim::{FaultScript, Options, World};
use entraql::{Error, ErrorKind};

use crate::faults::judge::limits;
use crate::faults::rig::{Rig, options};
use crate::faults::table::{Case, End, TABLE};
use crate::faults::world::{ids, sign_ins};

/// A query and its rows, read from the world's JSON.
struct Probe {
    sql: &'static str,
    rows: fn(&World) -> Vec<String>,
    /// A log goes on after its page token expired.
    is_log: bool,
    /// All its scans are whole, so that the cache has them afterwards.
    is_whole: bool,
}

const LOG: Probe =
    Probe { sql: "SELECT id FROM sign_ins", rows: sign_ins, is_log: true, is_whole: true };

const JOIN: Probe = Probe {
    sql: "SELECT u.id FROM risky_users r JOIN users u ON u.id = r.id",
    rows: |world| {
        let risky: BTreeSet<_> = ids(world.rows("riskyUsers").iter()).into_iter().collect();
        ids(world.rows("users").iter()).into_iter().filter(|id| risky.contains(id)).collect()
    },
    is_log: false,
    is_whole: false,
};

const TWICE: Probe = Probe {
    sql: "SELECT a.id FROM users a JOIN users b ON b.id = a.id WHERE length(b.id) > 0",
    rows: |world| ids(world.rows("users").iter()),
    is_log: false,
    is_whole: true,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_in_slices_is_whole_or_fails() {
    hold(&LOG).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_join_that_looks_up_is_whole_or_fails() {
    hold(&JOIN).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_read_for_two_is_whole_or_fails() {
    hold(&TWICE).await;
}

async fn hold(probe: &Probe) {
    let mut wrong = Vec::new();
    for case in TABLE {
        wrong.extend(finding(case, probe).await);
    }
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs a script twice and says what is not as it must be.
async fn finding(case: &Case, probe: &Probe) -> Option<String> {
    let faults = FaultScript::named(case.script);
    let rig = Rig::with(Options { faults, ..options() }, limits(case)).await;
    for (name, value) in [("entra.parallel_slices", "3"), ("entra.cache_ttl", "1h")] {
        rig.engine.set(name, value).unwrap();
    }
    let wanted = sorted((probe.rows)(&rig.simulator().world()));
    assert!(!wanted.is_empty(), "{}", probe.sql);
    let mut kept = false;
    for _ in 0..2 {
        let before = rig.graph().len();
        let found = match rig.run(probe.sql).await.result {
            Ok(rows) => sorted(rows.into_iter().flatten().collect()),
            Err(error) if may_fail(case, probe, &error) && !kept => continue,
            Err(error) => return Some(format!("{}: {error:?}", case.script)),
        };
        let found = if case.end == End::Doubled { once(found) } else { found };
        if found != wanted {
            return Some(format!("{}: {found:?}, not {wanted:?}", case.script));
        }
        if kept && rig.graph().len() > before {
            return Some(format!("{}: what was whole was asked for again", case.script));
        }
        kept = probe.is_whole;
    }
    None
}

fn may_fail(case: &Case, probe: &Probe, error: &Error) -> bool {
    let expired = error.kind() == ErrorKind::PageExpired;
    matches!(case.end, End::Fails(_)) || (expired && !probe.is_log)
}

fn sorted(mut rows: Vec<String>) -> Vec<String> {
    rows.sort();
    rows
}

/// A row that Graph sends on two pages of a directory listing is there twice.
fn once(rows: Vec<String>) -> Vec<String> {
    rows.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}
