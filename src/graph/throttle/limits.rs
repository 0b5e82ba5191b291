//! The limits Microsoft documents, and the shortest time they allow.

use std::time::Duration;

use crate::spec::Bucket;

/// A margin for requests that catch up with each other on the road.
pub(super) const MARGIN: Duration = Duration::from_millis(100);

/// Reporting: 5 requests in 10 s per app and tenant.
/// <https://learn.microsoft.com/graph/throttling-limits#identity-and-access-reports-service-limits>
const REPORTS: Limit = Limit::Requests(5, Duration::from_secs(10));

/// Identity protection and conditional access: 1 request in 1 s per tenant.
/// <https://learn.microsoft.com/graph/throttling-limits#identity-protection-and-conditional-access-service-limits>
const PROTECTION: Limit = Limit::Requests(1, Duration::from_secs(1));

/// Alerts and incidents: 150 requests in a minute per app and tenant. Incidents are not named
/// there; they are taken to count with the alerts.
/// <https://learn.microsoft.com/graph/throttling-limits#security-detections-and-incidents-service-limits>
const SECURITY: Limit = Limit::Requests(150, Duration::from_secs(60));

/// Directory: a stock of 8,000 resource units that fills up in 10 s, per app and tenant. Tenants
/// of up to 500 users have 5,000, of fewer than 50 users 3,500: what Graph says of the use of
/// the limit finds that out.
/// <https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits>
const DIRECTORY: Limit = Limit::Units(8_000.0, Duration::from_secs(10));

/// What a bucket takes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Limit {
    /// So many requests in any span of that length.
    Requests(usize, Duration),
    /// A stock of resource units, and the time in which it fills up.
    Units(f64, Duration),
    /// Microsoft names no number.
    Unknown,
}

impl Limit {
    pub(super) fn of(bucket: Bucket) -> Self {
        match bucket {
            Bucket::Reports => REPORTS,
            Bucket::IdentityProtection => PROTECTION,
            Bucket::Directory => DIRECTORY,
            Bucket::Security => SECURITY,
            Bucket::Intune => Self::Unknown,
        }
    }
}

/// Returns the shortest time Microsoft's limits allow for so many requests of so many
/// resource units each, on an idle bucket.
pub fn least_time(bucket: Bucket, requests: u64, units: u32) -> Duration {
    match Limit::of(bucket) {
        Limit::Unknown => Duration::ZERO,
        Limit::Requests(limit, span) => {
            let waits = requests.saturating_sub(1) / limit as u64;
            (span + MARGIN).saturating_mul(u32::try_from(waits).unwrap_or(u32::MAX))
        }
        Limit::Units(most, span) => {
            let units = requests.saturating_mul(u64::from(units.max(1)));
            #[expect(clippy::cast_precision_loss, reason = "seconds, for a person")]
            let beyond = (units as f64 - most).max(0.0);
            Duration::try_from_secs_f64(beyond / most * span.as_secs_f64()).unwrap_or(Duration::MAX)
        }
    }
}
