//! When the app's own secret or certificate ends.

use chrono::{DateTime, Utc};

use crate::cli::doctor::finding::Finding;
use crate::engine::{AppCredential, Engine, Tenant, now};
use crate::error::{Error, ErrorKind};

const STEP: &str = "secret";
/// Days before the end at which one should begin to think about a new one, or hurry.
const EARLY: i64 = 90;
const LATE: i64 = 30;
const FIX: &str = "create a new one under App registrations > Certificates & secrets";

/// Asks Graph about the app registration. Not being allowed to is no failure.
pub(super) async fn check(engine: &Engine, tenant: &Tenant) -> Finding {
    if !matches!(tenant.credential.name(), "client-secret" | "certificate") {
        return Finding::skipped(STEP, format!("{} has none", tenant.credential.name()));
    }
    match engine.app_credentials(tenant).await {
        Ok(Some(found)) => judge(&found, now()),
        Ok(None) => Finding::skipped(STEP, "the app registration lives in another tenant"),
        Err(error) if error.kind() == ErrorKind::Permission => {
            Finding::skipped(STEP, "not checked, needs Application.Read.All")
        }
        Err(error) => Finding::skipped(STEP, format!("not checked: {error}")),
    }
}

fn judge(found: &[AppCredential], now: DateTime<Utc>) -> Finding {
    let Some(first) = found.iter().min_by_key(|c| c.ends.unwrap_or(DateTime::<Utc>::MAX_UTC))
    else {
        return Finding::skipped(STEP, "none of the app's credentials fits the one in use");
    };
    let which = match (found.len(), first.name.as_str()) {
        (1, "") => "the one in use".to_owned(),
        (1, name) => format!("`{name}`"),
        (n, _) => format!("{n} may be the one in use; the earliest"),
    };
    let Some(ends) = first.ends else {
        return Finding::passed(STEP, format!("{which} has no end"));
    };
    let (days, date) = ((ends - now).num_days(), ends.format("%Y-%m-%d"));
    if ends <= now {
        let error = Error::new(ErrorKind::Auth, format!("{which} ended on {date}"));
        return Finding::failed(STEP, error.with_hint(FIX));
    }
    let what = format!("{which} ends on {date}, in {days} days");
    if days > EARLY {
        return Finding::passed(STEP, what);
    }
    let how = if days > LATE { "" } else { ": soon" };
    Finding::warned(STEP, format!("{what}{how}"), FIX)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use crate::cli::doctor::finding::Status;

    use super::*;

    fn ending(days: &[Option<i64>]) -> Finding {
        let end =
            |days: &Option<i64>| days.map(|days| DateTime::UNIX_EPOCH + TimeDelta::days(days));
        let made = |days| AppCredential { name: "ci".into(), ends: end(days) };
        judge(&days.iter().map(made).collect::<Vec<_>>(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn an_end_is_announced_ninety_days_ahead() {
        for (days, status) in [
            (91, Status::Pass),
            (90, Status::Warn),
            (30, Status::Warn),
            (1, Status::Warn),
            (0, Status::Fail),
            (-1, Status::Fail),
        ] {
            assert_eq!(ending(&[Some(days)]).status, status, "{days}");
        }
        assert!(ending(&[Some(30)]).reason.ends_with("soon"));
        assert_eq!(ending(&[Some(-1)]).kind, Some(ErrorKind::Auth));
        assert_eq!(ending(&[None]).status, Status::Pass);
        assert_eq!(ending(&[]).status, Status::Skipped);
    }

    #[test]
    fn of_several_that_fit_the_earliest_is_reported() {
        let finding = ending(&[Some(200), None, Some(40)]);
        assert!(finding.reason.contains("3 may be the one in use"), "{}", finding.reason);
        assert!(finding.reason.contains("in 40 days"), "{}", finding.reason);
    }
}
