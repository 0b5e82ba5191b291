//! Whose budget it is: the clients of a process that Graph counts together share one.
//!
//! Nothing here outlives the clients: the process holds weak references only.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::watch;

use crate::auth::Clock;
use crate::graph::Pacing;
use crate::graph::throttle::gate::{Gate, Shown};
use crate::spec::Bucket;

/// The tenants this process reads.
static TENANTS: Mutex<Vec<(Identity, Weak<Tenant>)>> = Mutex::new(Vec::new());

/// Who is counted together. Different clocks share nothing: tests with a clock of their own
/// are alone with it, and everybody else has the clock of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Identity {
    origin: String,
    /// As the user names it: one who uses the GUID here and the domain there has two budgets.
    tenant: String,
    pacing: Pacing,
    /// The address; the tenant keeps the clock alive, so that no other can have it.
    clock: usize,
}

/// Gates of a tenant, whatever the app.
#[derive(Debug)]
pub(super) struct Tenant {
    clock: Arc<dyn Clock>,
    pacing: Pacing,
    pub(super) shown: Shown,
    /// Counted per tenant, all apps together.
    pub(super) protection: Arc<Gate>,
    apps: Mutex<Vec<(String, Weak<App>)>>,
}

/// Gates of an app in a tenant.
#[derive(Debug)]
pub(super) struct App {
    pub(super) reports: Arc<Gate>,
    pub(super) directory: Arc<Gate>,
    pub(super) security: Arc<Gate>,
    pub(super) intune: Arc<Gate>,
}

impl Tenant {
    pub(super) fn shared(
        origin: &str,
        tenant: &str,
        pacing: Pacing,
        clock: &Arc<dyn Clock>,
    ) -> Arc<Self> {
        let identity = Identity {
            origin: origin.to_ascii_lowercase(),
            tenant: tenant.to_ascii_lowercase(),
            pacing,
            clock: Arc::as_ptr(clock).cast::<()>().addr(),
        };
        find(&TENANTS, identity, || Self::new(pacing, Arc::clone(clock)))
    }

    pub(super) fn app(&self, id: &str) -> Arc<App> {
        find(&self.apps, id.to_ascii_lowercase(), || App {
            reports: self.gate(Bucket::Reports),
            directory: self.gate(Bucket::Directory),
            security: self.gate(Bucket::Security),
            intune: self.gate(Bucket::Intune),
        })
    }

    fn new(pacing: Pacing, clock: Arc<dyn Clock>) -> Self {
        let shown = watch::channel(None).0;
        let bucket = Bucket::IdentityProtection;
        let protection = Gate::new(bucket, pacing, Arc::clone(&clock), shown.clone());
        let (protection, apps) = (Arc::new(protection), Mutex::default());
        Self { clock, pacing, shown, protection, apps }
    }

    fn gate(&self, bucket: Bucket) -> Arc<Gate> {
        Arc::new(Gate::new(bucket, self.pacing, Arc::clone(&self.clock), self.shown.clone()))
    }
}

/// Returns what is known under a key, or makes it; forgets what nobody uses any more.
fn find<K: PartialEq, V>(
    known: &Mutex<Vec<(K, Weak<V>)>>,
    key: K,
    make: impl FnOnce() -> V,
) -> Arc<V> {
    let mut known: MutexGuard<'_, _> = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|(_, weak)| weak.strong_count() > 0);
    let found = known.iter().find(|(k, _)| *k == key).and_then(|(_, weak)| weak.upgrade());
    found.unwrap_or_else(|| {
        let made = Arc::new(make());
        known.push((key, Arc::downgrade(&made)));
        made
    })
}
