//! How long to wait: what a server asks for, and what we choose when it is silent.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

/// No wait of our own choosing is longer.
const LONGEST: Duration = Duration::from_secs(60);

/// A server may ask for anything; arithmetic on it must not overflow.
const YEAR: f64 = 366.0 * 24.0 * 3600.0;

/// Returns a random wait between `base` and `base` plus `base * 2^tries`.
///
/// `base` is a floor: a jitter that starts at zero would hammer a service that
/// just asked for mercy.
pub(crate) fn backoff(base: Duration, tries: u32) -> Duration {
    let spread = base.as_secs_f64() * f64::from(1_u32 << tries.min(10));
    let wait = base.as_secs_f64() + fastrand::f64() * spread;
    Duration::from_secs_f64(wait.min(LONGEST.as_secs_f64().max(base.as_secs_f64())))
}

/// Adds up to a tenth (at most a second), so that processes do not return in step.
pub(crate) fn with_jitter(wait: Duration) -> Duration {
    let tenth = (wait / 10).min(Duration::from_secs(1));
    wait + tenth.mul_f64(fastrand::f64())
}

/// Reads `Retry-After`: seconds, a fraction of seconds, or an HTTP date.
///
/// A date counts from the reply's own `Date`, so that a wrong local clock does no
/// harm. A date in the past is zero. Anything else (negative, words) is as good as
/// absent. Of several headers the longest wins.
///
/// <https://learn.microsoft.com/graph/throttling>
pub(crate) fn retry_after(headers: &HeaderMap, utc: DateTime<Utc>) -> Option<Duration> {
    let now = headers.get(DATE).and_then(http_date).unwrap_or(utc);
    headers.get_all(RETRY_AFTER).iter().filter_map(|v| one_retry_after(v, now)).max()
}

fn one_retry_after(value: &HeaderValue, now: DateTime<Utc>) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    let numeric = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if numeric {
        return text.parse::<f64>().ok().map(|s| Duration::from_secs_f64(s.min(YEAR)));
    }
    let date = http_date(value)?;
    Some((date - now).to_std().unwrap_or_default().min(Duration::from_secs_f64(YEAR)))
}

/// Reads the date format of HTTP, which is that of mail.
pub(crate) fn http_date(value: &HeaderValue) -> Option<DateTime<Utc>> {
    let text = value.to_str().ok()?;
    DateTime::parse_from_rfc2822(text.trim()).ok().map(|date| date.to_utc())
}
