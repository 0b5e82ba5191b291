//! Thirty days of sign-ins: small records, written out when a page needs them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveTime, TimeDelta, Utc};
use serde_json::Value;

use crate::sim::moment::{self, Moment};
use crate::sim::random::Random;
use crate::sim::world::people::{Person, person};
use crate::sim::world::render;
use crate::sim::world::setting::Setting;
use crate::sim::world::{Collection, story};

/// Days of history, today included.
pub(crate) const DAYS: i64 = 30;

/// The four kinds of sign-in Graph tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Interactive,
    NonInteractive,
    Service,
    Managed,
}

impl Kind {
    /// Returns the word in `signInEventTypes`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Interactive => "interactiveUser",
            Self::NonInteractive => "nonInteractiveUser",
            Self::Service => "servicePrincipal",
            Self::Managed => "managedIdentity",
        }
    }

    /// Returns the kind a word names; interactive if it names none.
    pub(crate) fn parse(word: &str) -> Self {
        let all = [Self::NonInteractive, Self::Service, Self::Managed];
        all.into_iter().find(|kind| kind.word() == word).unwrap_or(Self::Interactive)
    }

    /// Says whether a person signs in.
    pub(crate) fn is_user(self) -> bool {
        matches!(self, Self::Interactive | Self::NonInteractive)
    }
}

/// One sign-in, as positions in the setting.
#[derive(Debug, Clone)]
pub(crate) struct SignIn {
    pub(crate) at: DateTime<Utc>,
    pub(crate) serial: u32,
    pub(crate) kind: Kind,
    /// The user, or the service for the kinds without one.
    pub(crate) who: usize,
    pub(crate) app: usize,
    pub(crate) place: usize,
    pub(crate) device: usize,
    pub(crate) code: u32,
    /// What the story changes.
    pub(crate) change: Option<Arc<Value>>,
}

/// The latest sign-ins of a user.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Activity {
    pub(crate) interactive: Option<(DateTime<Utc>, u32)>,
    pub(crate) other: Option<(DateTime<Utc>, u32)>,
    pub(crate) success: Option<(DateTime<Utc>, u32)>,
}

/// The sign-ins of the demo world.
#[derive(Debug, Clone)]
pub(crate) struct SignIns(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    setting: Setting,
    people: Vec<Person>,
    list: Vec<SignIn>,
}

impl SignIns {
    /// Generates the records, newest first.
    pub(crate) fn new(setting: Setting, now: DateTime<Utc>) -> Self {
        let count = setting.headcount();
        let people: Vec<_> = (0..count).map(|number| person(&setting, number, count)).collect();
        let mut list = Vec::with_capacity(40_000);
        for ago in 0..DAYS {
            day(&setting, &people, now, ago, &mut list);
        }
        story::sign_ins(&setting, now, &mut list);
        list.retain(|sign_in| sign_in.at <= now);
        list.sort_by_key(|sign_in| std::cmp::Reverse((sign_in.at, sign_in.serial)));
        for (serial, sign_in) in (0..).zip(list.iter_mut().rev()) {
            sign_in.serial = serial;
        }
        Self(Arc::new(Inner { setting, people, list }))
    }

    /// Returns the records, newest first.
    pub(crate) fn list(&self) -> &[SignIn] {
        &self.0.list
    }

    /// Returns the positions of the sign-ins the story changes.
    pub(crate) fn told(&self) -> impl Iterator<Item = usize> {
        let list = self.0.list.iter().enumerate();
        list.filter(|(_, sign_in)| sign_in.change.is_some()).map(|(at, _)| at)
    }

    /// Returns the latest sign-ins per user, by position.
    pub(crate) fn activity(&self) -> HashMap<usize, Activity> {
        let mut found: HashMap<usize, Activity> = HashMap::new();
        for sign_in in self.0.list.iter().filter(|sign_in| sign_in.kind.is_user()) {
            let activity = found.entry(sign_in.who).or_default();
            let last = Some((sign_in.at, sign_in.serial));
            let slot = match sign_in.kind {
                Kind::Interactive => &mut activity.interactive,
                _ => &mut activity.other,
            };
            *slot = slot.or(last);
            if sign_in.code == 0 {
                activity.success = activity.success.or(last);
            }
        }
        found
    }
}

impl Collection for SignIns {
    fn len(&self) -> usize {
        self.0.list.len()
    }

    fn text(&self, index: usize) -> Cow<'_, str> {
        let inner = &*self.0;
        Cow::Owned(render::sign_in(&inner.setting, &inner.people, &inner.list[index]))
    }

    fn time(&self, index: usize, _column: &str) -> Moment {
        moment::moment(self.0.list[index].at)
    }
}

/// Generates one day.
fn day(setting: &Setting, people: &[Person], now: DateTime<Utc>, ago: i64, list: &mut Vec<SignIn>) {
    let midnight = midnight(now, ago);
    let weekend = midnight.weekday().number_from_monday() > 5;
    let mut random = Random::of("sign-ins", ago.unsigned_abs());
    let interactive = if weekend { 60 + random.below(30) } else { 540 + random.below(90) };
    let other = if weekend { 160 } else { 620 };
    for number in 0..interactive + other {
        let kind = if number < interactive { Kind::Interactive } else { Kind::NonInteractive };
        let who = worker(people, &mut random);
        let at = midnight + working_time(setting, &people[who], &mut random);
        list.push(user_sign_in(setting, &people[who], kind, at, &mut random));
    }
    for number in 0..280 {
        let kind = if number < 220 { Kind::Service } else { Kind::Managed };
        let at = midnight + TimeDelta::seconds(number * 308 + i64::from(random.below(200) as u32));
        list.push(service_sign_in(setting, kind, at, &mut random));
    }
}

/// Returns midnight that many days ago.
pub(crate) fn midnight(now: DateTime<Utc>, ago: i64) -> DateTime<Utc> {
    (now - TimeDelta::days(ago)).date_naive().and_time(NaiveTime::MIN).and_utc()
}

/// Picks somebody who works here and still signs in.
fn worker(people: &[Person], random: &mut Random) -> usize {
    loop {
        let person = &people[random.below(people.len())];
        let rare_guest = person.guest && !random.chance(20);
        if person.enabled && !person.stale && !rare_guest {
            return person.number;
        }
    }
}

/// Returns a time of day around the middle of office hours, in UTC.
fn working_time(setting: &Setting, person: &Person, random: &mut Random) -> TimeDelta {
    let spread = random.below(21_600) + random.below(21_600);
    let local = 6 * 3_600 + spread as i64 + i64::from(random.chance(5)) * 14_400;
    TimeDelta::seconds((local - setting.places[person.place].hours * 3_600).rem_euclid(86_400))
}

fn user_sign_in(
    setting: &Setting,
    person: &Person,
    kind: Kind,
    at: DateTime<Utc>,
    random: &mut Random,
) -> SignIn {
    let total: usize = setting.outcomes.iter().map(|outcome| outcome.weight).sum();
    let mut ticket = random.below(total);
    let outcome = setting.outcomes.iter().find(|outcome| {
        let hit = ticket < outcome.weight;
        ticket = ticket.saturating_sub(outcome.weight);
        hit
    });
    let code = outcome.filter(|_| kind == Kind::Interactive).map_or(0, |outcome| outcome.code);
    // Germans and Americans sometimes work from home; a few networks have no location.
    let place = match (person.place, random.below(100)) {
        (0, 0..25) => setting.place_at("home_de"),
        (4, 0..25) => setting.place_at("home_us"),
        (_, 99) => setting.place_at("nowhere"),
        (own, _) => own,
    };
    SignIn {
        at,
        serial: 0,
        kind,
        who: person.number,
        app: random.below(8),
        place,
        device: random.below(6).min(person.number % 6 + 1).saturating_sub(random.below(2)),
        code,
        change: None,
    }
}

fn service_sign_in(
    setting: &Setting,
    kind: Kind,
    at: DateTime<Utc>,
    random: &mut Random,
) -> SignIn {
    let wanted = kind == Kind::Managed;
    let services: Vec<usize> =
        (0..setting.services.len()).filter(|i| setting.services[*i].managed == wanted).collect();
    let who = *random.pick(&services);
    SignIn {
        at,
        serial: 0,
        kind,
        who,
        app: who,
        place: who % setting.offices,
        device: 7,
        code: if random.chance(2) { 7_000_215 } else { 0 },
        change: None,
    }
}
