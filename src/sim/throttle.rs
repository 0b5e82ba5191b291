//! Graph's limits: who is sent away with 429, and with which headers.
//!
//! Requests that are refused count as well, as they do for Graph.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::sim::options::{CLIENT_ID, TENANT_ID};
use crate::sim::reply::Fail;
use crate::sim::rules::Workload;

/// Requests per window of the reporting service.
const REPORTS: (usize, Duration) = (5, Duration::from_secs(10));
/// Requests per window of identity protection.
const PROTECTION: (usize, Duration) = (1, Duration::from_secs(1));
/// Requests per window of the security service.
const SECURITY: (usize, Duration) = (150, Duration::from_secs(60));
const DIRECTORY_WINDOW: Duration = Duration::from_secs(10);
/// Whose limit it is: that of the app in the tenant.
const APP: &str = "Tenant_Application";

/// From here on a reply says how much of the limit is used, up to the second number.
const TOLD: (f64, f64) = (0.8, 1.8);

/// The buckets of one tenant.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// Directory resource units that fill up in a window; the size of the tenant decides.
    quota: f64,
    /// The part of all limits that is left for the caller.
    share: f64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    reports: VecDeque<Duration>,
    protection: VecDeque<Duration>,
    security: VecDeque<Duration>,
    /// Resource units used, and when that was; below zero a bucket is not emptier than new.
    directory: (f64, Duration),
}

impl Throttle {
    /// Sets the limits for a tenant with that many users, of whose limits somebody else has
    /// taken all but a share.
    pub(crate) fn new(users: usize, share: f64) -> Self {
        let quota = match users {
            0..50 => 3_500.0,
            50..=500 => 5_000.0,
            _ => 8_000.0,
        };
        Self { quota: quota * share, share, state: Mutex::default() }
    }

    /// Counts a request and refuses it when its bucket is full; returns the headers that say
    /// how full it is.
    pub(crate) fn admit(
        &self,
        workload: Workload,
        units: u32,
        now: Duration,
    ) -> Result<Vec<(String, String)>, Fail> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let count =
            |seen: &mut VecDeque<Duration>, limit| count(seen, part(limit, self.share), now);
        let (wait, scope) = match workload {
            Workload::Reports => (count(&mut state.reports, REPORTS), APP),
            Workload::Security => (count(&mut state.security, SECURITY), APP),
            Workload::Intune => (None, APP),
            Workload::Protection => (count(&mut state.protection, PROTECTION), "Tenant"),
            Workload::Directory => return self.spend(&mut state.directory, units, now),
        };
        match wait {
            None => Ok(Vec::new()),
            // This family sends no Retry-After.
            Some(_) if workload == Workload::Protection => Err(refuse(None, scope, "ReadWrite")),
            Some(wait) => Err(refuse(Some(wait), scope, "ReadWrite")),
        }
    }

    fn spend(
        &self,
        (used, at): &mut (f64, Duration),
        units: u32,
        now: Duration,
    ) -> Result<Vec<(String, String)>, Fail> {
        let rate = self.quota / DIRECTORY_WINDOW.as_secs_f64();
        *used = (*used - now.saturating_sub(*at).as_secs_f64() * rate).max(0.0);
        *at = now;
        let units = f64::from(units);
        let after = *used + units;
        // What is refused counts as well, as far as it can be told.
        *used = after.min(self.quota * TOLD.1);
        let share = after / self.quota;
        let told = (share >= TOLD.0).then(|| format!("{:.2}", share.min(TOLD.1)));
        let headers = told.map(|told| ("x-ms-throttle-limit-percentage".to_owned(), told));
        if after <= self.quota {
            return Ok(headers.into_iter().collect());
        }
        let wait = Duration::from_secs_f64((*used + units - self.quota).max(0.0) / rate);
        let mut fail = refuse(Some(wait), APP, "Read")
            .with_header("x-ms-throttle-information", "ResourceUnitLimitExceeded");
        fail.headers.extend(headers);
        Err(fail)
    }
}

/// Returns the part of a limit: fewer requests, or one in a longer window.
fn part((limit, window): (usize, Duration), share: f64) -> (usize, Duration) {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few requests"
    )]
    match limit as f64 * share {
        left if left < 1.0 => (1, window.div_f64(left)),
        left => (left.floor() as usize, window),
    }
}

/// Counts a request; returns how long to wait when there were too many.
fn count(
    seen: &mut VecDeque<Duration>,
    (limit, window): (usize, Duration),
    now: Duration,
) -> Option<Duration> {
    while seen.front().is_some_and(|at| *at + window <= now) {
        seen.pop_front();
    }
    seen.push_back(now);
    if seen.len() <= limit {
        return None;
    }
    let oldest = seen[seen.len() - limit - 1];
    Some((oldest + window).saturating_sub(now))
}

fn refuse(wait: Option<Duration>, scope: &str, limit: &str) -> Fail {
    let scope = format!("{scope}/{limit}/{CLIENT_ID}/{TENANT_ID}");
    let fail = Fail::new(429, "TooManyRequests", "Please retry again later.")
        .with_header("x-ms-throttle-scope", scope);
    match wait {
        Some(wait) => {
            let seconds = wait.as_millis().div_ceil(1000).max(1);
            fail.with_header("retry-after", seconds.to_string())
        }
        None => fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(headers: Vec<(String, String)>, wanted: &str) -> Option<String> {
        headers.into_iter().find(|(name, _)| name == wanted).map(|(_, value)| value)
    }

    fn retry_after<T>(result: Result<T, Fail>) -> Option<String> {
        header(result.err()?.headers, "retry-after")
    }

    #[test]
    fn the_sixth_report_within_ten_seconds_waits() {
        let throttle = Throttle::new(1_000, 1.0);
        let at = Duration::from_secs;
        for second in 0..5 {
            assert!(throttle.admit(Workload::Reports, 1, at(second)).is_ok());
        }
        let sixth = throttle.admit(Workload::Reports, 1, at(5));
        assert_eq!(retry_after(sixth).as_deref(), Some("5"));
        assert!(throttle.admit(Workload::Reports, 1, at(30)).is_ok());
    }

    #[test]
    fn protection_does_not_say_how_long_to_wait() {
        let throttle = Throttle::new(1_000, 1.0);
        assert!(throttle.admit(Workload::Protection, 1, Duration::ZERO).is_ok());
        let second = throttle.admit(Workload::Protection, 1, Duration::from_millis(900));
        assert!(second.is_err());
        assert_eq!(retry_after(second), None);
    }

    #[test]
    fn the_directory_is_a_stock_of_units_that_fills_up() {
        let throttle = Throttle::new(10, 1.0);
        let spend =
            |units, second| throttle.admit(Workload::Directory, units, Duration::from_secs(second));
        assert!(spend(3_500, 0).is_ok());
        assert_eq!(retry_after(spend(70, 0)).as_deref(), Some("1"));
        // What was refused is owed as well.
        assert!(spend(600, 1).is_err());
        assert!(spend(2_000, 12).is_ok());
    }

    #[test]
    fn from_eight_tenths_on_a_reply_says_how_full_the_directory_is() {
        let throttle = Throttle::new(10, 1.0);
        let told = |units| {
            let reply = throttle.admit(Workload::Directory, units, Duration::ZERO);
            header(reply.unwrap_or_else(|fail| fail.headers), "x-ms-throttle-limit-percentage")
        };
        assert_eq!(told(2_799), None);
        assert_eq!(told(1).as_deref(), Some("0.80"));
        assert_eq!(told(525).as_deref(), Some("0.95"));
        assert_eq!(told(525).as_deref(), Some("1.10"));
        assert_eq!(told(35_000).as_deref(), Some("1.80"));
    }

    #[test]
    fn somebody_else_may_have_taken_half_of_every_limit() {
        let throttle = Throttle::new(10, 0.5);
        let at = |seconds: f64| Duration::from_secs_f64(seconds);
        let served = |workload, units, second| throttle.admit(workload, units, at(second)).is_ok();
        let reports = [0.0, 0.0, 0.0].map(|second| served(Workload::Reports, 1, second));
        assert_eq!(reports, [true, true, false]);
        let protection = [0.0, 1.5, 3.6].map(|second| served(Workload::Protection, 1, second));
        assert_eq!(protection, [true, false, true]);
        assert!(served(Workload::Directory, 1_750, 0.0) && !served(Workload::Directory, 1, 0.0));
    }
}
