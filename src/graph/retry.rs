//! Which failures are worth another try, and after how long.
//!
//! Every request is a read, so repeating one is always safe; the limits here protect
//! the service and the user's patience.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;

use crate::auth::backoff::{backoff, retry_after, with_jitter};
use crate::auth::fault::{Fault, FaultKind};
use crate::error::Error;
use crate::graph::codes::Class;
use crate::graph::error_body::Refusal;
use crate::graph::throttle::{Permit, Signs};
use crate::spec::Bucket;

/// Tries after failures of the service or the network, the first included.
const ATTEMPTS: u32 = 8;

/// Tries when no connection comes about.
const UNSENT_ATTEMPTS: u32 = 4;

/// Time one page may take through failures; waits for a turn do not count.
const LONGEST_PAGE: Duration = Duration::from_secs(5 * 60);

/// The longest one query stops a bucket for all others when it gives up itself.
const LONGEST_ECHO: Duration = Duration::from_secs(10 * 60);

/// Why a request did not give what was asked for.
#[derive(Debug)]
pub(crate) enum Problem {
    Fault(Fault),
    Refused {
        status: u16,
        headers: HeaderMap,
        body: Vec<u8>,
        class: Class,
    },
    /// A 200 of this content type.
    NotJson(String),
    Cut(String),
    Fatal(Error),
}

impl Problem {
    pub(crate) fn refused(status: u16, headers: HeaderMap, body: Vec<u8>) -> Self {
        let class = Refusal::parse(&body, &headers).class(status);
        Self::Refused { status, headers, body, class }
    }

    /// Returns what this says about the bucket's limit. `step` is what the request does next.
    pub(crate) fn verdict(&self, step: &Step) -> Verdict {
        let pause = match step {
            Step::Pause(wait) => Some(*wait),
            Step::TooLong(wait) => Some((*wait).min(LONGEST_ECHO)),
            Step::Again(_) | Step::Refresh | Step::GiveUp => None,
        };
        match (self, pause) {
            (Self::Refused { class: Class::Throttled, .. }, Some(wait)) => {
                Verdict::Refused(wait, self.signs())
            }
            (_, Some(wait)) => Verdict::Paused(wait),
            // Told that the service failed, or nothing at all, we know no more than before.
            (Self::Fault(_) | Self::Refused { class: Class::Service, .. }, None) => {
                Verdict::Unknown
            }
            _ => Verdict::Served(self.signs()),
        }
    }

    /// Returns whose limit a refusal speaks of, and which.
    pub(crate) fn signs(&self) -> Signs {
        match self {
            Self::Refused { headers, .. } => Signs::read(headers),
            _ => Signs::default(),
        }
    }
}

/// What a reply means for its bucket.
#[derive(Debug)]
pub(crate) enum Verdict {
    Served(Signs),
    /// A 429.
    Refused(Duration, Signs),
    /// The service is down for so long.
    Paused(Duration),
    Unknown,
}

impl Verdict {
    pub(crate) fn pause(&self) -> Option<Duration> {
        match self {
            Self::Refused(wait, _) | Self::Paused(wait) => Some(*wait),
            Self::Served(_) | Self::Unknown => None,
        }
    }

    pub(crate) fn settle(self, permit: Permit) {
        match self {
            Self::Served(signs) => permit.served(&signs),
            Self::Refused(wait, signs) => permit.refused(wait, &signs),
            Self::Paused(wait) => permit.paused(wait),
            Self::Unknown => drop(permit),
        }
    }
}

/// What to do next.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// Wait alone, then send again.
    Again(Duration),
    /// Stop the whole bucket, then send again.
    Pause(Duration),
    /// Get another token, then send again.
    Refresh,
    GiveUp,
    /// Graph asks for more patience than is left.
    TooLong(Duration),
}

/// The history of one request.
#[derive(Debug)]
pub(crate) struct Run {
    bucket: Bucket,
    max_wait: Duration,
    began: Instant,
    /// Requests sent.
    pub(crate) attempts: u32,
    failures: u32,
    throttles: u32,
    /// Pauses Graph asked for, of this request or of those it stood in line with.
    pub(crate) waited: Duration,
    /// The part of it that is yet to be waited for in line.
    last_pause: Duration,
    /// Waits for a turn, pauses included.
    pub(crate) idle: Duration,
    refreshed: bool,
    glitched: bool,
    not_json: bool,
}

impl Run {
    pub(crate) fn new(bucket: Bucket, max_wait: Duration, now: Instant) -> Self {
        Self {
            bucket,
            max_wait,
            began: now,
            attempts: 0,
            failures: 0,
            throttles: 0,
            waited: Duration::ZERO,
            last_pause: Duration::ZERO,
            idle: Duration::ZERO,
            refreshed: false,
            glitched: false,
            not_json: false,
        }
    }

    /// The longest pause this request can still bear.
    pub(crate) fn patience(&self) -> Duration {
        (self.max_wait + self.last_pause).saturating_sub(self.waited)
    }

    /// The pauses in line are over: the last one asked for, or longer ones of others.
    pub(crate) fn sat_out(&mut self, paused: Duration) {
        let last = std::mem::take(&mut self.last_pause);
        self.waited = self.waited.saturating_sub(last) + paused;
    }

    pub(crate) fn after(&mut self, problem: &Problem, now: Instant, utc: DateTime<Utc>) -> Step {
        match problem {
            Problem::Fatal(_) => Step::GiveUp,
            Problem::Cut(_) => self.failed(ATTEMPTS, Duration::from_secs(1), now),
            Problem::NotJson(_) => self.once(|run| &mut run.not_json, now),
            Problem::Fault(fault) => self.after_fault(fault.kind, now),
            Problem::Refused { headers, class, status, .. } => {
                let wish = retry_after(headers, utc);
                self.after_refusal(*status, *class, wish, now)
            }
        }
    }

    fn after_fault(&mut self, kind: FaultKind, now: Instant) -> Step {
        match kind {
            FaultKind::Unsent => self.failed(UNSENT_ATTEMPTS, Duration::from_millis(500), now),
            FaultKind::Broken => self.failed(ATTEMPTS, Duration::from_secs(1), now),
            FaultKind::Certificate | FaultKind::TooLarge | FaultKind::Encoding => Step::GiveUp,
        }
    }

    fn after_refusal(
        &mut self,
        status: u16,
        class: Class,
        wish: Option<Duration>,
        now: Instant,
    ) -> Step {
        match class {
            Class::Throttled => self.throttled(wish),
            Class::Service => self.service_failed(status, wish, now),
            // Roles granted a moment ago are only in a token fetched after that.
            Class::Token | Class::Permission | Class::Identity if !self.refreshed => {
                self.refreshed = true;
                Step::Refresh
            }
            // Licensed tenants see this code now and then.
            Class::LicenseOrGlitch => self.once(|run| &mut run.glitched, now),
            _ => Step::GiveUp,
        }
    }

    fn throttled(&mut self, wish: Option<Duration>) -> Step {
        let base = match self.bucket {
            Bucket::Reports => Duration::from_secs(10),
            _ => Duration::from_secs(1),
        };
        let wait = match wish.filter(|w| !w.is_zero()) {
            Some(wish) => with_jitter(wish),
            None => backoff(base, self.throttles),
        };
        self.throttles += 1;
        self.pause(wait)
    }

    fn pause(&mut self, wait: Duration) -> Step {
        if self.waited + wait > self.max_wait {
            return Step::TooLong(wait);
        }
        self.waited += wait;
        self.last_pause = wait;
        Step::Pause(wait)
    }

    fn service_failed(&mut self, status: u16, wish: Option<Duration>, now: Instant) -> Step {
        let step = self.failed(ATTEMPTS, Duration::from_secs(1), now);
        match wish.filter(|w| !w.is_zero() && matches!(status, 503 | 509)) {
            Some(wish) if step != Step::GiveUp => self.pause(with_jitter(wish)),
            _ => step,
        }
    }

    fn failed(&mut self, attempts: u32, base: Duration, now: Instant) -> Step {
        self.failures += 1;
        let wait = backoff(base, self.failures - 1);
        let busy = now.duration_since(self.began).saturating_sub(self.idle);
        if self.failures >= attempts || busy + wait > LONGEST_PAGE {
            return Step::GiveUp;
        }
        Step::Again(wait)
    }

    fn once(&mut self, tried: impl Fn(&mut Self) -> &mut bool, now: Instant) -> Step {
        if std::mem::replace(tried(self), true) {
            return Step::GiveUp;
        }
        self.failed(ATTEMPTS, Duration::from_secs(1), now)
    }
}
