//! The steps, from the settings file to a row of each table.

use chrono::TimeDelta;

use crate::cli::doctor::finding::Finding;
use crate::config::{self, Config};
use crate::engine::{Engine, Reach, Tenant, reach};
use crate::error::{Error, ErrorKind, Result};

/// Seconds of difference that are worth a word; Entra takes up to five minutes.
const SLIGHT: i64 = 60;
const TOO_MUCH: i64 = 300;

/// The settings file and the files it names.
pub(super) fn settings(config: Result<Config>) -> Vec<Finding> {
    let config = match config {
        Ok(config) => config,
        Err(error) => return vec![Finding::failed("settings", error)],
    };
    let faults = config.faults();
    if !faults.is_empty() {
        return faults.into_iter().map(|fault| Finding::failed("settings", fault)).collect();
    }
    let found = match (config.has_file(), config.path(), config.tenant_name()) {
        (true, Some(path), Some(tenant)) => format!("tenant `{tenant}` of {}", path.display()),
        (true, Some(path), None) => path.display().to_string(),
        _ => "no settings file; the environment counts".to_owned(),
    };
    vec![Finding::passed("settings", found)]
}

/// Proxy and certificates, as the environment sets them.
pub(super) fn proxy() -> Finding {
    let set = config::connection_variables();
    let shown: Vec<_> = set.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Finding::passed(
        "proxy",
        match shown.is_empty() {
            true => "no proxy; certificates of this machine".to_owned(),
            false => shown.join(", "),
        },
    )
}

/// Both hosts; they are one on a simulator.
pub(super) async fn hosts(tenant: &Tenant) -> (Vec<Finding>, Vec<Reach>) {
    let (mut findings, mut seen) = (Vec::new(), Vec::new());
    for (step, origin) in [("sign-in host", &tenant.authority), ("Graph host", &tenant.graph)] {
        match reach(origin).await {
            Ok(reach) => {
                findings.push(Finding::passed(step, described(origin, &reach)));
                seen.push(reach);
            }
            Err(error) => {
                let hint = "check network, proxy (HTTPS_PROXY) and the `cloud` setting";
                findings.push(Finding::failed(step, error.with_hint(hint)));
            }
        }
    }
    (findings, seen)
}

fn described(origin: &str, reach: &Reach) -> String {
    let how = if origin.starts_with("https:") { "DNS, TCP and TLS" } else { "DNS and TCP" };
    let addresses = match reach.addresses.len() {
        0 => "by a proxy".to_owned(),
        1 => "1 address".to_owned(),
        n => format!("{n} addresses"),
    };
    format!("{}: {how} in {} ms, {addresses}", reach.host, reach.took.as_millis())
}

/// This machine's clock against that of the first host that answered.
pub(super) fn skew(seen: &[Reach]) -> Finding {
    match seen.iter().find_map(|reach| Some((reach, reach.ahead?))) {
        Some((reach, ahead)) => judge_skew(&reach.host, ahead),
        None => Finding::skipped("clock", "no host has told the time"),
    }
}

fn judge_skew(host: &str, ahead: TimeDelta) -> Finding {
    let seconds = ahead.num_seconds();
    let side = if seconds < 0 { "behind" } else { "ahead of" };
    let what = format!("{} s {side} {host}", seconds.abs());
    let fix = "set the clock by the network's time: `timedatectl set-ntp true`";
    if seconds.abs() > TOO_MUCH {
        let what = format!("{what}: signed assertions and tokens will be refused");
        return Finding::failed("clock", Error::new(ErrorKind::Config, what).with_hint(fix));
    }
    if seconds.abs() > SLIGHT {
        return Finding::warned("clock", what, fix);
    }
    Finding::passed("clock", if seconds == 0 { format!("agrees with {host}") } else { what })
}

/// A token: whether there is one, and what it says.
pub(super) async fn token(engine: &Engine, tenant: &Tenant) -> Finding {
    let facts = match engine.token_facts().await {
        Ok(facts) => facts,
        Err(error) => return Finding::failed("token", error),
    };
    let took = format!("by {} in {} ms", tenant.credential.name(), facts.took.as_millis());
    let Some(claims) = facts.claims else {
        return Finding::passed("token", format!("{took}; it cannot be read, which is fine"));
    };
    let minutes = claims.exp.zip(claims.iat).map(|(exp, iat)| (exp - iat + 30) / 60);
    let mut facts = vec![took];
    facts.extend(minutes.map(|minutes| format!("good for {minutes} min")));
    facts.extend(claims.tid.as_ref().map(|tid| format!("tenant {tid}")));
    facts.extend(claims.appid.as_ref().map(|app| format!("app {app}")));
    if let Some(delegated) = &claims.scp {
        facts.push(format!("delegated permissions {delegated}"));
        let fix = "tables may show less than to an app; use an app registration for the rest";
        return Finding::warned("token", facts.join(", "), fix);
    }
    if claims.roles.is_empty() {
        facts.push("no roles".to_owned());
        let fix = "`entraql init` prints the permissions and how to grant them";
        return Finding::warned("token", facts.join(", "), fix);
    }
    facts.push(format!("roles {}", claims.roles.join(" ")));
    Finding::passed("token", facts.join(", "))
}

/// One row of each table: Graph's answer is the truth about permission and license.
pub(super) async fn tables(engine: &Engine, wanted: &[String]) -> Vec<Finding> {
    let names = match engine.grants_for_tables(wanted) {
        Ok(needs) => needs.tables,
        Err(error) => return vec![Finding::failed("tables", error)],
    };
    let mut findings = Vec::new();
    for name in names.iter().map(String::as_str) {
        findings.push(match engine.probe(name).await {
            Ok(0) => Finding::passed(name, "readable, no rows"),
            Ok(_) => Finding::passed(name, "readable"),
            Err(error) => Finding::failed(name, error),
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::cli::doctor::finding::Status;

    use super::*;

    #[test]
    fn a_clock_is_judged_by_its_distance() {
        let judge = |seconds| judge_skew("host", TimeDelta::seconds(seconds));
        for (seconds, status) in [
            (0, Status::Pass),
            (60, Status::Pass),
            (-61, Status::Warn),
            (300, Status::Warn),
            (301, Status::Fail),
            (-301, Status::Fail),
        ] {
            assert_eq!(judge(seconds).status, status, "{seconds}");
        }
        assert!(judge(-61).reason.contains("61 s behind host"));
        assert_eq!(judge(301).kind, Some(ErrorKind::Config));
    }
}
