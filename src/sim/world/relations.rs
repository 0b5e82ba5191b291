//! Who reports to whom and who is in which group, worked out when first asked for.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use crate::sim::options::WorldName;
use crate::sim::world::staff::Staff;
use crate::sim::world::{Lazy, World, circles};

/// An object of the directory: a row of one of three collections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    User(usize),
    Group(usize),
    Service(usize),
}

impl Node {
    /// Finds an object by its id.
    pub(crate) fn find(world: &World, id: &str) -> Option<Self> {
        let user = || world.find("users", id).map(Self::User);
        let group = || world.find("groups", id).map(Self::Group);
        let service = || world.find("servicePrincipals", id).map(Self::Service);
        user().or_else(group).or_else(service)
    }

    /// Returns the collection of the object and its position there.
    pub(crate) fn place(self) -> (&'static str, usize) {
        match self {
            Self::User(at) => ("users", at),
            Self::Group(at) => ("groups", at),
            Self::Service(at) => ("servicePrincipals", at),
        }
    }

    /// Returns the type of the object as `@odata.type` has it.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "#microsoft.graph.user",
            Self::Group(_) => "#microsoft.graph.group",
            Self::Service(_) => "#microsoft.graph.servicePrincipal",
        }
    }
}

/// The members and owners of one group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Circle {
    pub(crate) members: Vec<Node>,
    pub(crate) owners: Vec<Node>,
}

/// Everything known about relations so far.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    staff: Lazy<Staff>,
    managers: Lazy<Vec<Option<usize>>>,
    reports: Lazy<Vec<Vec<usize>>>,
    circles: Lazy<Vec<Circle>>,
    /// The groups an object is a direct member of.
    member_of: Lazy<HashMap<Node, Vec<Node>>>,
}

impl World {
    /// Returns the objects related to one object in full, with their `@odata.type`.
    ///
    /// Users have `manager`, `directReports` and `memberOf`; groups have `members`,
    /// `transitiveMembers`, `owners` and `memberOf`. Anything else gives no objects.
    /// The order is that of the service, without its limits.
    pub fn related(&self, collection: &str, id: &str, relation: &str) -> Vec<Value> {
        let Some(at) = self.find(collection, id) else { return Vec::new() };
        let nodes = self.nodes(collection, at, relation);
        nodes.into_iter().map(|node| self.object(node)).collect()
    }

    fn object(&self, node: Node) -> Value {
        let (collection, at) = node.place();
        let mut object: Value =
            serde_json::from_str(&self.collection(collection).text(at)).unwrap_or_default();
        object["@odata.type"] = Value::from(node.kind());
        object
    }

    /// Returns the objects related to a row.
    pub(crate) fn nodes(&self, collection: &str, at: usize, relation: &str) -> Vec<Node> {
        let users = |numbers: &[usize]| numbers.iter().copied().map(Node::User).collect();
        match (collection, relation) {
            ("users", "manager") => users(self.managers()[at].as_slice()),
            ("users", "directReports") => users(&self.reports()[at]),
            ("users", "memberOf") => self.groups_of(Node::User(at)),
            ("groups", "memberOf") => self.groups_of(Node::Group(at)),
            ("groups", "members") => self.circles()[at].members.clone(),
            ("groups", "owners") => self.circles()[at].owners.clone(),
            ("groups", "transitiveMembers") => self.transitive(at),
            _ => Vec::new(),
        }
    }

    /// Follows nested groups; the list holds those groups too, but never the first one.
    fn transitive(&self, group: usize) -> Vec<Node> {
        let (mut found, mut seen) = (Vec::new(), HashSet::from([Node::Group(group)]));
        let mut open = VecDeque::from([group]);
        while let Some(at) = open.pop_front() {
            for node in self.circles()[at].members.iter().filter(|node| seen.insert(**node)) {
                found.push(*node);
                if let Node::Group(inner) = node {
                    open.push_back(*inner);
                }
            }
        }
        found
    }

    fn groups_of(&self, node: Node) -> Vec<Node> {
        let invert = || {
            let mut member_of: HashMap<_, Vec<_>> = HashMap::new();
            for (at, circle) in self.circles().iter().enumerate() {
                for member in &circle.members {
                    member_of.entry(*member).or_default().push(Node::Group(at));
                }
            }
            member_of
        };
        self.relations.member_of.get_or_init(invert).get(&node).cloned().unwrap_or_default()
    }

    fn managers(&self) -> &[Option<usize>] {
        self.relations.managers.get_or_init(|| match self.name {
            WorldName::Tiny => self.tiny.managers(self),
            WorldName::Demo | WorldName::Bulk { .. } => self.staff().managers(),
        })
    }

    fn reports(&self) -> &[Vec<usize>] {
        self.relations.reports.get_or_init(|| {
            let mut reports = vec![Vec::new(); self.managers().len()];
            for (who, manager) in self.managers().iter().enumerate() {
                if let Some(manager) = manager {
                    reports[*manager].push(who);
                }
            }
            reports
        })
    }

    fn circles(&self) -> &[Circle] {
        self.relations.circles.get_or_init(|| match self.name {
            WorldName::Tiny => self.tiny.circles(self),
            WorldName::Demo | WorldName::Bulk { .. } => circles::all(&self.setting, self.staff()),
        })
    }

    fn staff(&self) -> &Staff {
        self.relations.staff.get_or_init(|| match self.name {
            WorldName::Bulk { users, .. } => Staff::bulk(&self.setting, users),
            WorldName::Demo | WorldName::Tiny => Staff::demo(&self.setting),
        })
    }
}

#[cfg(test)]
#[path = "relations_tests.rs"]
mod tests;
