//! Who works at the company: a person is a function of a number.

use crate::sim::random::{Random, guid_of};
use crate::sim::world::setting::{Cast, Setting};

/// A person, before it becomes a user object.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) number: usize,
    pub(crate) id: String,
    pub(crate) given: String,
    pub(crate) surname: String,
    pub(crate) display: String,
    /// The local part of addresses.
    pub(crate) nickname: String,
    pub(crate) upn: String,
    pub(crate) mail: String,
    pub(crate) department: usize,
    pub(crate) title: String,
    /// The office.
    pub(crate) place: usize,
    pub(crate) guest: bool,
    pub(crate) enabled: bool,
    /// Has an account but no longer signs in.
    pub(crate) stale: bool,
}

/// Returns a person; the first ones are the named cast, the last ones are guests.
pub(crate) fn person(setting: &Setting, number: usize, headcount: usize) -> Person {
    let mut random = Random::of("person", number as u64);
    let given = random.pick(&setting.given).clone();
    let surname = random.pick(&setting.surnames).clone();
    let department = random.below(setting.departments.len());
    let title = random.pick(&setting.departments[department].1).clone();
    let guest_share = setting.guests * headcount / setting.headcount().max(1);
    let guest = number >= headcount - guest_share.min(headcount);
    let nickname = format!("{}.{}{number}", ascii(&given), ascii(&surname));
    let mut person = Person {
        number,
        id: guid_of("user", number as u64),
        display: format!("{given} {surname}"),
        given,
        surname,
        upn: String::new(),
        mail: String::new(),
        nickname,
        department,
        title,
        place: random.below(setting.offices),
        guest,
        enabled: !random.chance(4),
        stale: random.chance(7),
    };
    if let Some(cast) = setting.cast.get(number) {
        play(&mut person, cast);
    }
    address(&mut person, setting, &mut random);
    person
}

/// A named person keeps its number and office and takes the rest from the script.
fn play(person: &mut Person, cast: &Cast) {
    person.display.clone_from(&cast.name);
    let (given, surname) = cast.name.rsplit_once(' ').unwrap_or((&cast.name, ""));
    given.clone_into(&mut person.given);
    surname.clone_into(&mut person.surname);
    person.guest = cast.guest;
    person.enabled = cast.set["accountEnabled"].as_bool().unwrap_or(true);
    person.stale = cast.quiet;
    person.nickname = cast.upn.clone().unwrap_or_else(|| cast.key.clone());
}

fn address(person: &mut Person, setting: &Setting, random: &mut Random) {
    let domain = &setting.domain;
    if person.guest {
        let partner = random.pick(&setting.partners);
        person.mail = format!("{}@{partner}", person.nickname);
        person.upn = format!("{}_{partner}#EXT#@{domain}", person.nickname);
    } else {
        person.mail = format!("{}@{domain}", person.nickname);
        person.upn = person.mail.clone();
    }
}

/// Reduces a name to the letters an address may hold.
fn ascii(name: &str) -> String {
    let plain = |c: char| match c {
        'ä' | 'á' | 'ã' | 'å' | 'à' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ï' => 'i',
        'ö' | 'ó' | 'ø' | 'õ' | 'ô' => 'o',
        'ü' | 'ú' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    let lower = name.to_lowercase();
    lower.chars().map(plain).filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_always_the_same() {
        let setting = Setting::load().unwrap();
        let count = setting.headcount();
        assert_eq!(person(&setting, 700, count).upn, person(&setting, 700, count).upn);
        assert!(person(&setting, count - 1, count).guest);
        assert!(person(&setting, count - 1, count).upn.contains("#EXT#"));
        assert!(person(&setting, 700, count).upn.is_ascii());
    }
}
