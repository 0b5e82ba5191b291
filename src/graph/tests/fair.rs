//! Turns: who goes next, and what holds whatever comes between.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures::future::{Either, FutureExt, LocalBoxFuture, select};
use futures::stream::{FuturesUnordered, StreamExt};

use super::throttle::{MINUTE, alone, load};
use crate::auth::Clock;
use crate::graph::Pacing;
use crate::graph::throttle::{Load, Signs, Throttle};
use crate::spec::Bucket;

/// Time passes when somebody waits, without a runtime.
#[derive(Debug)]
struct Jumping(Instant, Mutex<Duration>);

impl Jumping {
    fn new() -> Arc<Self> {
        Arc::new(Self(Instant::now(), Mutex::default()))
    }
}

#[async_trait::async_trait]
impl Clock for Jumping {
    fn now(&self) -> Instant {
        self.0 + *self.1.lock().unwrap()
    }

    fn utc(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    async fn sleep(&self, wait: Duration, _why: &'static str) {
        let until = self.now() + wait;
        pass(1).await;
        let mut elapsed = self.1.lock().unwrap();
        *elapsed = (*elapsed).max(until - self.0);
    }
}

/// Lets others run, so many times.
async fn pass(times: usize) {
    let mut left = times;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Runs all to their end; a future that nobody wakes fails the test.
fn finish(mut all: FuturesUnordered<LocalBoxFuture<'_, ()>>) {
    let mut idle = 0;
    loop {
        match all.next().now_or_never() {
            Some(None) => return,
            Some(Some(())) => idle = 0,
            None => idle += 1,
        }
        assert!(idle < 100_000, "{} are never woken", all.len());
    }
}

#[test]
fn a_query_of_one_request_goes_between_two_of_a_query_of_twenty() {
    let throttle = alone(Pacing::Graph, Jumping::new());
    let turns = RefCell::new(Vec::new());
    let all = FuturesUnordered::new();
    for query in std::iter::repeat_n(1, 20).chain([2, 3]) {
        let (throttle, turns) = (&throttle, &turns);
        let one = async move {
            let turn = throttle.admit(load(Bucket::IdentityProtection, query), MINUTE).await;
            turn.unwrap().permit.sent();
            turns.borrow_mut().push(query);
        };
        all.push(one.boxed_local());
    }
    finish(all);
    let turns = turns.into_inner();
    assert_eq!(turns.len(), 22);
    // They stand in line before anybody has had to wait for the second turn.
    assert!(turns[..4].contains(&2) && turns[..4].contains(&3), "{turns:?}");
}

/// What must hold for one bucket, written down a second time.
#[derive(Default)]
struct Model {
    turns: Vec<(usize, Instant)>,
    in_line: HashMap<usize, usize>,
    paused_until: Option<Instant>,
    due: bool,
    probing: Option<usize>,
    served: usize,
}

impl Model {
    fn turn(&mut self, id: usize, query: usize, now: Instant) {
        assert!(self.paused_until.is_none_or(|until| until <= now), "sent during a pause");
        assert_eq!(self.probing, None, "sent before the first one came back");
        if std::mem::take(&mut self.due) {
            self.probing = Some(id);
        }
        self.turns.push((query, now));
    }

    fn back(&mut self, id: usize, pause: Option<Instant>, lost: bool) {
        let probe = self.probing == Some(id);
        if probe {
            self.probing = None;
        }
        self.paused_until = self.paused_until.max(pause);
        self.due |= probe && lost || pause.is_some() && self.probing.is_none();
    }

    /// Each other query has had at most one turn for each place in line.
    fn fair(&self, query: usize, since: usize, places: usize) {
        let mut others = HashMap::new();
        for (other, _) in self.turns[since..].iter().filter(|(other, _)| *other != query) {
            *others.entry(*other).or_insert(0) += 1;
        }
        assert!(others.values().all(|n| *n <= places), "{query} waited for {others:?}");
    }

    fn within(&self, limit: usize, span: Duration) {
        let mut window = VecDeque::new();
        for (_, at) in &self.turns {
            window.push_back(*at);
            while window.front().is_some_and(|first| *at - *first >= span) {
                window.pop_front();
            }
            assert!(window.len() <= limit, "{} in {span:?}", window.len());
        }
    }
}

/// One request of a query: it may leave the line, be lost, be refused or be served.
async fn request(
    throttle: &Throttle,
    clock: &Jumping,
    model: &RefCell<Model>,
    random: &RefCell<fastrand::Rng>,
    (id, load): (usize, Load),
) {
    let roll = |n: usize| random.borrow_mut().usize(..n);
    pass(roll(60)).await;
    let since = model.borrow().turns.len();
    let places = {
        let mut model = model.borrow_mut();
        let waiting = model.in_line.entry(load.query).or_default();
        *waiting += 1;
        *waiting
    };
    let stay = if roll(4) == 0 { roll(30) } else { usize::MAX };
    let turn = std::pin::pin!(throttle.admit(load, Duration::MAX));
    let turn = match select(turn, std::pin::pin!(pass(stay))).await {
        Either::Left((turn, _)) => Some(turn.unwrap()),
        Either::Right(_) => None,
    };
    *model.borrow_mut().in_line.get_mut(&load.query).unwrap() -= 1;
    let Some(mut turn) = turn else { return };
    turn.permit.sent();
    {
        let mut model = model.borrow_mut();
        model.fair(load.query, since, places);
        model.turn(id, load.query, clock.now());
    }
    pass(roll(20)).await;
    match roll(12) {
        0 => {
            let wait = Duration::from_secs(3);
            model.borrow_mut().back(id, Some(clock.now() + wait), true);
            turn.permit.refused(wait, &Signs::default());
        }
        1 => {
            model.borrow_mut().back(id, None, true);
            drop(turn);
        }
        _ => {
            let mut model = model.borrow_mut();
            model.back(id, None, false);
            model.served += 1;
            turn.permit.served(&Signs::default());
        }
    }
}

#[test]
fn whatever_comes_between_nobody_starves_and_no_limit_is_exceeded() {
    let buckets = [
        (Bucket::Reports, 5, Duration::from_secs(10)),
        (Bucket::IdentityProtection, 1, Duration::from_secs(1)),
        (Bucket::Security, 150, MINUTE),
    ];
    for seed in 0..60 {
        let (bucket, limit, span) = buckets[seed % 3];
        let clock = Jumping::new();
        let throttle = alone(Pacing::Graph, clock.clone());
        let model = Rc::new(RefCell::new(Model::default()));
        let random = RefCell::new(fastrand::Rng::with_seed(seed as u64));
        let all = FuturesUnordered::new();
        for id in 0..60 {
            let asked = (id, load(bucket, id % 7));
            all.push(request(&throttle, &clock, &model, &random, asked).boxed_local());
        }
        finish(all);
        let model = model.borrow();
        model.within(limit, span);
        assert!(model.served > 20, "seed {seed}: {} served", model.served);
    }
}
