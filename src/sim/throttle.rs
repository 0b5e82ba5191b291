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

/// The buckets of one tenant.
#[derive(Debug)]
pub(crate) struct Throttle {
    /// Directory resource units per window; it depends on the size of the tenant.
    quota: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    reports: VecDeque<Duration>,
    protection: VecDeque<Duration>,
    security: VecDeque<Duration>,
    directory: VecDeque<(Duration, u32)>,
}

impl Throttle {
    /// Sets the directory quota for a tenant with that many users.
    pub(crate) fn new(users: usize) -> Self {
        let quota = match users {
            0..50 => 3_500,
            50..=500 => 5_000,
            _ => 8_000,
        };
        Self { quota, state: Mutex::default() }
    }

    /// Counts a request and refuses it when its bucket is full.
    pub(crate) fn admit(&self, workload: Workload, units: u32, now: Duration) -> Result<(), Fail> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match workload {
            Workload::Reports => match count(&mut state.reports, REPORTS, now) {
                Some(wait) => Err(refuse(Some(wait), "ReadWrite")),
                None => Ok(()),
            },
            Workload::Security => match count(&mut state.security, SECURITY, now) {
                Some(wait) => Err(refuse(Some(wait), "ReadWrite")),
                None => Ok(()),
            },
            Workload::Intune => Ok(()),
            // This family sends no Retry-After.
            Workload::Protection => match count(&mut state.protection, PROTECTION, now) {
                Some(_) => Err(refuse(None, "ReadWrite")),
                None => Ok(()),
            },
            Workload::Directory => self.spend(&mut state.directory, units, now),
        }
    }

    fn spend(
        &self,
        spent: &mut VecDeque<(Duration, u32)>,
        units: u32,
        now: Duration,
    ) -> Result<(), Fail> {
        while spent.front().is_some_and(|(at, _)| *at + DIRECTORY_WINDOW <= now) {
            spent.pop_front();
        }
        spent.push_back((now, units));
        let total: u32 = spent.iter().map(|(_, units)| units).sum();
        if total <= self.quota {
            return Ok(());
        }
        let first = spent.front().map_or(now, |(at, _)| *at);
        let wait = (first + DIRECTORY_WINDOW).saturating_sub(now);
        Err(refuse(Some(wait), "Read")
            .with_header("x-ms-throttle-information", "ResourceUnitLimitExceeded"))
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

fn refuse(wait: Option<Duration>, limit: &str) -> Fail {
    let scope = format!("Tenant_Application/{limit}/{CLIENT_ID}/{TENANT_ID}");
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

    fn retry_after(result: Result<(), Fail>) -> Option<String> {
        let headers = result.err()?.headers;
        headers.into_iter().find(|(name, _)| name == "retry-after").map(|(_, value)| value)
    }

    #[test]
    fn the_sixth_report_within_ten_seconds_waits() {
        let throttle = Throttle::new(1_000);
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
        let throttle = Throttle::new(1_000);
        assert!(throttle.admit(Workload::Protection, 1, Duration::ZERO).is_ok());
        let second = throttle.admit(Workload::Protection, 1, Duration::from_millis(900));
        assert!(second.is_err());
        assert_eq!(retry_after(second), None);
    }

    #[test]
    fn the_directory_counts_units() {
        let throttle = Throttle::new(10);
        assert!(throttle.admit(Workload::Directory, 3_500, Duration::ZERO).is_ok());
        assert!(throttle.admit(Workload::Directory, 1, Duration::from_secs(1)).is_err());
        assert!(throttle.admit(Workload::Directory, 1, Duration::from_secs(12)).is_ok());
    }
}
