//! Who is in the groups of the demo world and who owns them.

use crate::sim::random::Random;
use crate::sim::world::Node;
use crate::sim::world::groups::{Charter, Form, charters};
use crate::sim::world::relations::Circle;
use crate::sim::world::setting::{Membership, Setting};
use crate::sim::world::staff::Staff;

/// Fills all groups, in their order.
pub(crate) fn all(setting: &Setting, staff: &Staff) -> Vec<Circle> {
    let company = Company { setting, staff, charters: charters(setting) };
    (0..company.charters.len()).map(|at| company.circle(at)).collect()
}

struct Company<'a> {
    setting: &'a Setting,
    staff: &'a Staff,
    charters: Vec<Charter>,
}

impl Company<'_> {
    fn circle(&self, at: usize) -> Circle {
        let charter = &self.charters[at];
        match charter.team {
            // Synchronized groups hold the groups of the offices; their owners stay on premises.
            Some((department, None)) if charter.form == Form::Synced => {
                Circle { members: self.office_groups(department), owners: Vec::new() }
            }
            Some((department, office)) => self.team(department, office),
            None => {
                let mut written = self.setting.circles.iter();
                let found = written.find(|membership| membership.group == charter.name);
                found.map(|membership| self.named(membership, at)).unwrap_or_default()
            }
        }
    }

    fn office_groups(&self, department: usize) -> Vec<Node> {
        let inner = |charter: &Charter| {
            charter.form == Form::Security
                && matches!(charter.team, Some((d, _)) if d == department)
        };
        let groups = self.charters.iter().enumerate().filter(|(_, charter)| inner(charter));
        groups.map(|(at, _)| Node::Group(at)).collect()
    }

    fn team(&self, department: usize, office: Option<usize>) -> Circle {
        let head = self.staff.head(department);
        let owner = office.map_or(head, |office| self.staff.lead(department, office));
        Circle {
            members: users(self.staff.team(department, office)),
            owners: owner.into_iter().map(Node::User).collect(),
        }
    }

    fn named(&self, membership: &Membership, at: usize) -> Circle {
        let mut members = self.nodes(&membership.members);
        let mut others = users(self.some(membership, at));
        others.retain(|node| !members.contains(node));
        members.append(&mut others);
        Circle { members, owners: self.nodes(&membership.owners) }
    }

    /// Picks ordinary people, in the order of their numbers.
    fn some(&self, membership: &Membership, at: usize) -> Vec<usize> {
        let Some(from) = &membership.from else { return Vec::new() };
        let mut pool = match from.as_str() {
            "members" => self.staff.all(false),
            "guests" => self.staff.all(true),
            department => self.department(department),
        };
        let wanted = membership.some.unwrap_or(pool.len()).min(pool.len());
        let mut random = Random::of("circle", at as u64);
        for at in 0..wanted {
            let other = at + random.below(pool.len() - at);
            pool.swap(at, other);
        }
        pool.truncate(wanted);
        pool.sort_unstable();
        pool
    }

    fn department(&self, name: &str) -> Vec<usize> {
        let at = self.setting.departments.iter().position(|(known, _)| known == name);
        at.map(|at| self.staff.team(at, None)).unwrap_or_default()
    }

    fn nodes(&self, names: &[String]) -> Vec<Node> {
        names.iter().filter_map(|name| self.node(name)).collect()
    }

    fn node(&self, name: &str) -> Option<Node> {
        let setting = self.setting;
        if let Some(service) = name.strip_prefix("svc:") {
            return setting.services.iter().position(|s| s.name == service).map(Node::Service);
        }
        if let Some(group) = name.strip_prefix("group:") {
            return self.charters.iter().position(|c| c.name == group).map(Node::Group);
        }
        let number = setting.cast.iter().position(|cast| cast.key == name);
        // A small bulk world has fewer users than the company has named people.
        number.filter(|number| *number < self.staff.count()).map(Node::User)
    }
}

fn users(numbers: Vec<usize>) -> Vec<Node> {
    numbers.into_iter().map(Node::User).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_in_the_file_is_known() {
        let setting = Setting::load().unwrap();
        let staff = Staff::demo(&setting);
        let company = Company { setting: &setting, staff: &staff, charters: charters(&setting) };
        for membership in &setting.circles {
            assert!(setting.groups.contains(&membership.group), "{}", membership.group);
            for name in membership.members.iter().chain(&membership.owners) {
                assert!(company.node(name).is_some(), "{name}");
            }
            let some = company.some(membership, 0).len();
            assert_eq!(some > 0, membership.from.is_some(), "{}", membership.group);
            assert_eq!(some, membership.some.unwrap_or(some), "{}", membership.group);
        }
    }
}
