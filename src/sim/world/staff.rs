//! The departments and offices of the company, and who leads them.

use crate::sim::world::bulk::TEMPLATES;
use crate::sim::world::people::person;
use crate::sim::world::setting::Setting;

/// People a team leader has below them.
const SPAN: usize = 7;

/// Where somebody works, as the user object shows it.
#[derive(Debug, Clone, Copy)]
struct Desk {
    department: usize,
    /// Whether the user object names the department: some accounts hide it.
    listed: bool,
    place: usize,
    guest: bool,
    /// Somebody else's boss has an enabled account and no part in the story.
    leads: bool,
}

/// Everybody at the company.
#[derive(Debug)]
pub(crate) struct Staff {
    desks: Vec<Desk>,
    offices: usize,
    /// The one without a manager.
    top: Option<usize>,
    /// Users by department and office, possible leaders first; without the top and guests.
    teams: Vec<Vec<usize>>,
}

impl Staff {
    /// Seats the people of the demo world.
    pub(crate) fn demo(setting: &Setting) -> Self {
        let count = setting.headcount();
        Self::new(setting, (0..count).map(|number| desk(setting, number)).collect())
    }

    /// Seats users that repeat a few hundred people; see `BulkUsers`.
    pub(crate) fn bulk(setting: &Setting, users: usize) -> Self {
        let cast = setting.cast.len();
        let people: Vec<_> = (cast..cast + TEMPLATES).map(|n| desk(setting, n)).collect();
        Self::new(setting, people.into_iter().cycle().take(users).collect())
    }

    fn new(setting: &Setting, desks: Vec<Desk>) -> Self {
        let offices = setting.offices;
        let mut order: Vec<_> = (0..desks.len()).filter(|who| !desks[*who].guest).collect();
        order.sort_by_key(|who| !desks[*who].leads);
        let mut teams = vec![Vec::new(); setting.departments.len() * offices];
        let mut ranked = order.into_iter();
        let top = ranked.next();
        for who in ranked {
            teams[desks[who].department * offices + desks[who].place].push(who);
        }
        Self { desks, offices, top, teams }
    }

    /// Returns the number of users.
    pub(crate) fn count(&self) -> usize {
        self.desks.len()
    }

    /// Returns the manager of everybody; only the top and guests have none.
    pub(crate) fn managers(&self) -> Vec<Option<usize>> {
        let mut managers = vec![None; self.desks.len()];
        for (at, team) in self.teams.iter().enumerate() {
            let head = self.head(at / self.offices);
            for (rank, who) in team.iter().enumerate() {
                managers[*who] = match rank {
                    0 if head == Some(*who) => self.top,
                    0 => head,
                    _ => Some(team[(rank - 1) / SPAN]),
                };
            }
        }
        managers
    }

    /// Returns who leads a department.
    pub(crate) fn head(&self, department: usize) -> Option<usize> {
        let offices = department * self.offices..(department + 1) * self.offices;
        self.teams[offices].iter().find_map(|team| team.first().copied())
    }

    /// Returns who leads a department in one office.
    pub(crate) fn lead(&self, department: usize, office: usize) -> Option<usize> {
        self.teams[department * self.offices + office].first().copied()
    }

    /// Returns those whose user objects name a department, and an office if one is given.
    pub(crate) fn team(&self, department: usize, office: Option<usize>) -> Vec<usize> {
        self.filter(|desk| {
            let here = office.is_none_or(|office| desk.place == office);
            desk.department == department && desk.listed && !desk.guest && here
        })
    }

    /// Returns all guests, or all others.
    pub(crate) fn all(&self, guests: bool) -> Vec<usize> {
        self.filter(|desk| desk.guest == guests)
    }

    fn filter(&self, wanted: impl Fn(&Desk) -> bool) -> Vec<usize> {
        (0..self.desks.len()).filter(|who| wanted(&self.desks[*who])).collect()
    }
}

fn desk(setting: &Setting, number: usize) -> Desk {
    let person = person(setting, number, setting.headcount());
    let mut desk = Desk {
        department: person.department,
        listed: !person.guest,
        place: person.place,
        guest: person.guest,
        leads: person.enabled && setting.cast.get(number).is_none(),
    };
    let Some(cast) = setting.cast.get(number) else { return desk };
    // The script overrides what chance decided; the user object shows the script.
    if let Some(department) = cast.set.get("department") {
        let names = || setting.departments.iter().map(|(name, _)| name.as_str());
        let known = names().position(|name| department.as_str() == Some(name));
        desk.listed = known.is_some();
        desk.department = known.unwrap_or(desk.department);
    }
    desk.listed &= cast.key != "nulls";
    desk
}
