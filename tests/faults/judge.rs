//! Holds the engine to the table, for every script and every probe.

use std::collections::BTreeSet;
use std::time::Duration;

use entraql::Settings;
use entraql::sim::{FaultScript, Options};

use crate::faults::rig::{Outcome, Rig, options, settings};
use crate::faults::table::{Case, Cost, End, TABLE, Wait};
use crate::faults::world::{PROBES, Probe};

#[test]
fn the_table_has_one_line_for_every_script() {
    let lines: Vec<_> = TABLE.iter().map(|case| case.script).collect();
    let unique: BTreeSet<_> = lines.iter().copied().collect();
    let scripts: BTreeSet<_> = FaultScript::names().into_iter().collect();
    assert_eq!(unique, scripts);
    assert_eq!(lines.len(), scripts.len(), "a script is listed twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_leads_a_log_scan_to_the_outcome_in_the_table() {
    hold(Probe::Log).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_leads_an_advanced_scan_to_the_outcome_in_the_table() {
    hold(Probe::Advanced).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_leads_a_limited_scan_to_the_outcome_in_the_table() {
    hold(Probe::Limit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_leads_an_aggregate_to_the_outcome_in_the_table() {
    hold(Probe::Count).await;
}

#[tokio::test]
async fn the_probes_are_as_long_as_the_table_assumes() {
    let rig = Rig::sound().await;
    let pages = PROBES.map(|probe| probe.pages(&rig.simulator().world()));
    assert_eq!(pages, [3, 2, 2, 4]);
}

async fn hold(probe: Probe) {
    let mut wrong = Vec::new();
    for case in TABLE {
        wrong.extend(findings(case, probe).await);
    }
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs one script and says what is not as the table has it.
async fn findings(case: &Case, probe: Probe) -> Vec<String> {
    let faults = FaultScript::named(case.script);
    let rig = Rig::with(Options { faults, ..options() }, limits(case)).await;
    let outcome = rig.run(probe.sql()).await;
    let pages = probe.pages(&rig.simulator().world());
    let case = if pages < case.page { &untouched(case) } else { &known(case, probe) };
    let found = [
        ending(case, probe, &rig, &outcome),
        requests(case, pages, &rig, &outcome),
        waits(case, probe, &rig),
        headers(probe, &rig),
    ];
    let named = |what: String| format!("{} on {probe:?}: {what}", case.script);
    found.into_iter().flatten().map(named).collect()
}

/// Only the scripts that are about slowness get a deadline that is short in real time.
pub fn limits(case: &Case) -> Settings {
    match case.cost {
        Cost::ExtraOrMore(_) => {
            Settings { page_deadline: Duration::from_millis(400), ..settings() }
        }
        _ => settings(),
    }
}

fn untouched(case: &Case) -> Case {
    Case { end: End::Same, cost: Cost::Extra(0), wait: Wait::None, tokens: 1, ..*case }
}

/// What the table says of logs and of other tables, for this one.
fn known(case: &Case, probe: Probe) -> Case {
    let is_log = probe.is_report();
    let end = match case.end {
        End::Doubled | End::Resumed(_) if is_log => End::Same,
        End::Resumed(kind) => End::Fails(kind),
        end => end,
    };
    let cost = match case.cost {
        // A limit is reached before the page that would break off again.
        Cost::Again(..) if probe == Probe::Limit => Cost::Extra(1),
        Cost::Again(more, _) if is_log => Cost::Extra(more),
        Cost::Again(_, all) => Cost::Only(all),
        cost => cost,
    };
    Case { end, cost, ..*case }
}

fn ending(case: &Case, probe: Probe, rig: &Rig, outcome: &Outcome) -> Option<String> {
    let world = rig.simulator().world();
    match (&outcome.result, case.end) {
        (Ok(rows), End::Same | End::Doubled) => {
            let wanted = probe.rows(&world, case.end == End::Doubled);
            (*rows != wanted).then(|| format!("rows {rows:?}, not {wanted:?}"))
        }
        (Err(error), End::Fails(kind)) if error.kind() == kind => None,
        (Err(error), _) => Some(format!("{error:?}, not {:?}", case.end)),
        (Ok(rows), End::Fails(kind) | End::Resumed(kind)) => {
            Some(format!("{} rows, not {kind:?}", rows.len()))
        }
    }
}

fn requests(case: &Case, pages: usize, rig: &Rig, outcome: &Outcome) -> Option<String> {
    let (graph, tokens) = (rig.graph().len(), rig.tokens());
    let fits = match case.cost {
        Cost::Extra(more) => graph == pages + more,
        Cost::ExtraOrMore(more) => (pages + more..=pages + 7).contains(&graph),
        Cost::Only(all) => graph == all,
        Cost::OnlyOrNext(all) => (all..=all + 1).contains(&graph),
        Cost::Again(..) => unreachable!("settled by `known`"),
        Cost::Until => graph > 50,
    };
    let told = outcome.result.is_err() || outcome.receipt.requests == graph as u64;
    let fits = fits && told && tokens == case.tokens;
    (!fits).then(|| {
        let told = outcome.receipt.requests;
        format!("{graph} requests ({told} told) and {tokens} for tokens on {pages} pages")
    })
}

fn waits(case: &Case, probe: Probe, rig: &Rig) -> Option<String> {
    let sleeps = rig.clock.sleeps();
    let all: Vec<_> = sleeps.iter().map(|s| s.0.as_secs_f64()).collect();
    let kinds: BTreeSet<_> = sleeps.iter().map(|s| s.1).collect();
    let (total, count) = (all.iter().sum::<f64>(), all.len());
    let each = |low: f64, high: f64| all.iter().all(|w| (low..=high).contains(w));
    let (why, fits) = match case.wait {
        Wait::None => ("nothing", all.is_empty()),
        Wait::Asked(asked, times) => ("throttled", count == times && each(asked, asked * 1.1)),
        Wait::Unsaid if probe.is_report() => ("throttled", count == 1 && each(10.0, 20.0)),
        Wait::Unsaid => ("throttled", count == 1 && each(1.0, 2.0)),
        Wait::Retry => ("retry", count == 1 && each(1.0, 2.0)),
        Wait::Retries => ("retry", count == 7 && each(1.0, 60.0) && total >= 7.0),
        Wait::SomeRetries => ("retry", (1..=6).contains(&count) && each(1.0, 60.0)),
        Wait::Patience => ("throttled", (58.0..=60.0).contains(&total)),
        Wait::Token(low, high) => ("token", count == 1 && each(low, high)),
    };
    let fits = fits && kinds.iter().all(|kind| *kind == why);
    (!fits).then(|| format!("waits {sleeps:?}, not {:?}", case.wait))
}

/// The token and the headers of a scan go with every request to Graph.
fn headers(probe: Probe, rig: &Rig) -> Option<String> {
    let advanced = (probe == Probe::Advanced).then(|| "eventual".to_owned());
    let graph = rig.graph();
    let bare = graph.iter().find(|seen| {
        !seen.authorization
            || seen.client_request_id.is_none()
            || seen.consistency_level != advanced
            || seen.prefer.is_some() != probe.is_report()
    });
    bare.map(|seen| format!("headers are missing: {seen:?}"))
}
