//! One token for all requests of a tenant.
//!
//! Many tasks meet here. Whoever finds no usable token starts a flight; everybody
//! else waits for the same one. The flight lives as long as one of them does.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};

use crate::auth::{Clock, SystemClock, Token, TokenSource};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// A token is replaced this long before it expires.
const MARGIN: Duration = Duration::from_secs(60);

/// A token that lives shorter than the margin is used at least this long.
const SHORTEST_USE: Duration = Duration::from_secs(10);

/// A failed fetch is not repeated sooner: Entra answers a loop with AADSTS50196.
const FAILURE_REST: Duration = Duration::from_secs(5);

/// Shares one token and one fetch at a time. Cloning shares.
#[derive(Clone)]
pub struct TokenCache {
    shared: Arc<Cached>,
}

struct Cached {
    source: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// Goes up with every token; zero before the first.
    generation: u64,
    flight: Option<WeakShared<Flight>>,
    failure: Option<(Instant, Arc<Error>)>,
}

/// Invariant: `failure` and `held` are written by the flight itself, so that they
/// are right even if the task that started it is gone.
type Flight = BoxFuture<'static, std::result::Result<(Secret, u64), Arc<Error>>>;

struct Held {
    secret: Secret,
    until: Instant,
    until_utc: DateTime<Utc>,
    /// Usable until then whatever the lifetime says.
    at_least_until: Instant,
}

impl Held {
    fn new(token: Token, clock: &dyn Clock) -> Self {
        let life = token.lifetime.saturating_sub(MARGIN);
        Self {
            secret: token.secret,
            until: clock.now() + life,
            until_utc: clock.utc() + TimeDelta::from_std(life).unwrap_or(TimeDelta::zero()),
            at_least_until: clock.now() + SHORTEST_USE,
        }
    }

    /// Both clocks must agree: the monotonic one may stand still while the machine
    /// sleeps, and the wall clock may be set back.
    fn is_usable(&self, clock: &dyn Clock) -> bool {
        let now = clock.now();
        now < self.at_least_until || (now < self.until && clock.utc() < self.until_utc)
    }
}

impl TokenCache {
    /// Wraps a source, on the clock of the machine.
    pub fn new(source: Arc<dyn TokenSource>) -> Self {
        Self::with_clock(source, SystemClock::shared())
    }

    /// Wraps a source, on another clock.
    pub fn with_clock(source: Arc<dyn TokenSource>, clock: Arc<dyn Clock>) -> Self {
        Self { shared: Arc::new(Cached { source, clock, state: Mutex::default() }) }
    }

    /// Returns a usable token and its generation; fetches when there is none.
    ///
    /// # Errors
    ///
    /// Those of the source. A failure is repeated for 5 s without a new request.
    pub async fn token(&self) -> Result<(Secret, u64)> {
        self.token_unless(None).await
    }

    /// Returns a token newer than `generation`, which Graph refused.
    ///
    /// However many tasks report the same generation, one fetch is made.
    ///
    /// # Errors
    ///
    /// As for [`TokenCache::token`].
    pub async fn refresh(&self, generation: u64) -> Result<(Secret, u64)> {
        self.token_unless(Some(generation)).await
    }

    async fn token_unless(&self, refused: Option<u64>) -> Result<(Secret, u64)> {
        let flight = {
            let mut state = self.shared.lock();
            if refused == Some(state.generation) {
                state.held = None;
            }
            if let Some(ready) = self.shared.ready(&state) {
                return ready;
            }
            self.join(&mut state)
        };
        flight.await.map_err(|error| error.duplicate())
    }

    fn join(&self, state: &mut State) -> Shared<Flight> {
        if let Some(flight) = state.flight.as_ref().and_then(WeakShared::upgrade) {
            return flight;
        }
        let flight = Arc::clone(&self.shared).fly().boxed().shared();
        state.flight = flight.downgrade();
        flight
    }
}

impl Cached {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what needs no request: a usable token, or a failure still fresh.
    fn ready(&self, state: &State) -> Option<Result<(Secret, u64)>> {
        if let Some(held) = state.held.as_ref().filter(|h| h.is_usable(self.clock.as_ref())) {
            return Some(Ok((held.secret.clone(), state.generation)));
        }
        let (at, error) = state.failure.as_ref()?;
        let rested = self.clock.now().duration_since(*at) >= FAILURE_REST;
        (!rested).then(|| Err(error.duplicate()))
    }

    async fn fly(self: Arc<Self>) -> std::result::Result<(Secret, u64), Arc<Error>> {
        let result = self.source.fetch().await;
        let mut state = self.lock();
        state.flight = None;
        match result {
            Ok(token) => {
                let held = Held::new(token, self.clock.as_ref());
                state.generation += 1;
                state.failure = None;
                let secret = held.secret.clone();
                state.held = Some(held);
                Ok((secret, state.generation))
            }
            Err(error) => {
                let error = Arc::new(error);
                state.failure = Some((self.clock.now(), Arc::clone(&error)));
                Err(error)
            }
        }
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").field("source", &self.shared.source).finish_non_exhaustive()
    }
}
