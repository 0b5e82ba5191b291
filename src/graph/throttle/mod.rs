//! A scheduler per bucket, shared by every scan of the process that Graph counts in it.
//!
//! ```text
//! scope ── gate ─┬─ line     who is next: queries take turns
//!                ├─ pace     when there is room: Microsoft's limits
//!                └─ share    how much of the limit: what Graph says (signs)
//!          permit            the turn, until the reply is known
//! ```

mod gate;
mod limits;
mod line;
mod pace;
mod permit;
mod scope;
mod share;
mod signs;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;

use crate::auth::Clock;
use crate::graph::Pacing;
use crate::graph::throttle::gate::Gate;
pub use crate::graph::throttle::limits::least_time;
pub(crate) use crate::graph::throttle::permit::Permit;
use crate::graph::throttle::scope::{App, Tenant};
use crate::graph::throttle::share::Cause;
pub(crate) use crate::graph::throttle::signs::Signs;
use crate::spec::Bucket;

/// A wait worth showing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Whose requests wait.
    pub bucket: Bucket,
    /// Until when; a reader compares with its own clock.
    pub until: DateTime<Utc>,
}

/// What a request takes from its bucket, and for which query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    pub(crate) bucket: Bucket,
    pub(crate) requests: usize,
    pub(crate) units: u32,
    pub(crate) query: usize,
}

/// A turn has come.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) permit: Permit,
    /// Time in line.
    pub(crate) waited: Duration,
    /// The part of it that Graph asked for.
    pub(crate) paused: Duration,
    /// Why the bucket runs slower than documented, if the turn had to wait for that.
    pub(crate) note: Option<String>,
}

/// The wait ahead is longer than the caller can bear.
#[derive(Debug)]
pub(crate) struct TooLong {
    pub(crate) wait: Duration,
    /// The pauses that were borne in line before.
    pub(crate) paused: Duration,
}

/// The budgets one client draws on.
///
/// Clients of one Graph origin, tenant and app share them, as Graph counts them together;
/// those of identity protection are shared by all apps of a tenant. Clients without pacing
/// share the pauses Graph asks them for.
#[derive(Debug)]
pub(crate) struct Throttle {
    tenant: Arc<Tenant>,
    app: Arc<App>,
}

impl Throttle {
    pub(crate) fn shared(
        pacing: Pacing,
        clock: &Arc<dyn Clock>,
        (origin, tenant, app): (&str, &str, &str),
    ) -> Self {
        let tenant = Tenant::shared(origin, tenant, pacing, clock);
        let app = tenant.app(app);
        Self { tenant, app }
    }

    /// Shows the latest wait.
    pub(crate) fn watch(&self) -> watch::Receiver<Option<Pause>> {
        self.tenant.shown.subscribe()
    }

    /// Waits for a turn: queries take turns, and a query's requests go in order of arrival.
    ///
    /// Dropping the future gives the place up. Pauses longer than `patience` are an error as
    /// soon as they are known.
    pub(crate) async fn admit(&self, load: Load, patience: Duration) -> Result<Admitted, TooLong> {
        self.gate(load.bucket).admit(load, patience).await
    }

    /// Returns how many requests may go at once.
    pub(crate) fn burst(&self, bucket: Bucket) -> usize {
        self.gate(bucket).burst()
    }

    fn gate(&self, bucket: Bucket) -> &Arc<Gate> {
        match bucket {
            Bucket::Reports => &self.app.reports,
            Bucket::IdentityProtection => &self.tenant.protection,
            Bucket::Directory => &self.app.directory,
            Bucket::Security => &self.app.security,
            Bucket::Intune => &self.app.intune,
        }
    }
}

/// Says in a line why a bucket runs slower than documented.
fn slowed(bucket: Bucket, share: f64, cause: Cause) -> String {
    let why = match cause {
        Cause::Refused { tenant_wide: false } => "Graph refused a request (429)".to_owned(),
        Cause::Refused { tenant_wide: true } => {
            "Graph refused a request (429) for the limit that all apps of the tenant share"
                .to_owned()
        }
        Cause::Busy(used) => {
            format!("Graph reported {:.0} % of the limit as used", used * 100.0)
        }
    };
    let bucket = bucket.name();
    format!("requests to {bucket} went at {:.0} % of the documented pace: {why}", share * 100.0)
}
