//! Rows that hang below one object: `/users/{id}/licenseDetails` and their like.
//!
//! Such rows carry the id of their object as `@parent`, which nobody gets to see.

use std::borrow::Cow;

use crate::sim::address::form_encode;
use crate::sim::graph::{Graph, Route};
use crate::sim::members::{member_value, retain};
use crate::sim::reply::Fail;
use crate::sim::rules::Resource;
use crate::sim::world::Collection;

/// The member that says whose a row is; ids of nested objects are joined by a slash.
pub(crate) const PARENT: &str = "@parent";

/// The rows of one object.
pub(crate) struct Children(Vec<String>);

impl Collection for Children {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn text(&self, index: usize) -> Cow<'_, str> {
        Cow::Borrowed(&self.0[index])
    }
}

impl Graph {
    /// Returns the rows of the object a path names; nothing where the path names none.
    pub(crate) fn children(&self, route: &Route<'_>) -> Result<Option<Children>, Fail> {
        let Some(parent) = &route.resource.parent else { return Ok(None) };
        let (key, above) = route.parents.split_last().ok_or_else(|| Fail::not_found(""))?;
        let exists = match above {
            [] => self.world.find(parent, key).is_some(),
            above => {
                let whose = above.join("/");
                self.of(parent, &whose).any(|row| has_id(&row, key))
            }
        };
        if !exists {
            return Err(Fail::not_found(key));
        }
        let whose = route.parents.join("/");
        let own = self.of(&route.resource.name, &whose);
        Ok(Some(Children(own.map(|row| retain(&row, |name| name != PARENT)).collect())))
    }

    /// Returns the rows of a collection that belong to an object.
    fn of<'a>(&'a self, name: &str, parent: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
        let rows = self.world.collection(name);
        let rows = (0..rows.len()).map(|at| rows.text(at));
        rows.filter(move |row| {
            let whose = member_value(row, PARENT).unwrap_or_default();
            whose.as_str().is_some_and(|whose| whose.eq_ignore_ascii_case(parent))
        })
    }
}

pub(super) fn has_id(row: &str, id: &str) -> bool {
    member_value(row, "id").is_some_and(|found| found == id)
}

impl Route<'_> {
    /// Returns the resource under the path that was asked for.
    pub(crate) fn here(&self) -> Cow<'_, Resource> {
        if self.parents.is_empty() {
            return Cow::Borrowed(self.resource);
        }
        let mut parents = self.parents.iter();
        let segment = |segment: &str| match segment {
            "{id}" => parents.next().map(|id| form_encode(id)).unwrap_or_default(),
            other => other.to_owned(),
        };
        let path: Vec<_> = self.resource.path.split('/').map(segment).collect();
        Cow::Owned(Resource { path: path.join("/"), ..self.resource.clone() })
    }

    /// The refusal of an object that its parent does not have.
    pub(crate) fn absent(&self) -> Fail {
        let id = self.parents.last().map_or("", String::as_str);
        match &self.resource.absent {
            None => Fail::not_found(id),
            Some(code) => Fail::new(404, code, "The requested object is not there."),
        }
    }
}
