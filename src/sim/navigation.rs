//! Answers navigation paths: `/users/{id}/manager`, `/groups/{id}/members` and their like.

use std::borrow::Cow;

use crate::sim::address::form_encode;
use crate::sim::fault::Edit;
use crate::sim::graph::{Graph, Route};
use crate::sim::listing::Listing;
use crate::sim::objects::{Objects, behind, with_context};
use crate::sim::page::CONTENT_TYPE;
use crate::sim::query::{Asker, Query};
use crate::sim::reply::{Fail, Reply};
use crate::sim::request::Request;
use crate::sim::rules::{Relation, Resource};
use crate::sim::units::units;
use crate::sim::view::View;
use crate::sim::world::{Collection, Node};

/// A relation of one object, as a path names it.
struct Way<'a> {
    name: &'a str,
    relation: &'a Relation,
    /// Whether the path ends with `/$count`.
    counted: bool,
}

impl Graph {
    /// Answers a path that goes on behind an object.
    pub(crate) fn navigate(
        &self,
        request: &Request,
        route: &Route<'_>,
        edit: Option<&Edit>,
    ) -> Result<Reply, Fail> {
        let (way, id) = (way(route)?, &route.rest[0]);
        let cost = units(request, way.relation.units);
        let told = self.admit(route.resource.workload, cost)?;
        let path = format!("{}/{}/{}", route.resource.path, form_encode(id), way.name);
        let resource = behind(&self.any_object, path, way.relation);
        self.permit(&resource)?;
        let query = self.asker(&resource, route.beta, &way).read(request)?;
        let source = route.resource.name.as_str();
        let at = self.world.find(source, id).ok_or_else(|| Fail::not_found(id))?;
        let nodes = self.world.nodes(source, at, way.name);
        let objects = self.objects(route.beta);
        let linked = Linked { nodes, objects: &objects, select: query.select.as_deref() };
        let base = self.base(route.beta);
        let mut reply = if way.relation.is_single() {
            linked.first(&format!("{}/$entity", context(&base, &query)), way.name)?
        } else {
            // The rows come in their final form: each type has its own view.
            let view = View::default();
            let listing = self.listing(&resource, &linked, &query, &view, &base);
            self.linked(request, &Listing { projected: true, ..listing }, way.counted, edit)?
        };
        reply.set("x-ms-resource-unit", cost.to_string());
        reply.headers.extend(told);
        Ok(reply)
    }

    fn asker<'a>(&'a self, resource: &'a Resource, beta: bool, way: &Way<'_>) -> Asker<'a> {
        Asker {
            resource,
            related: &self.any_object,
            beta,
            floor: None,
            single: way.relation.is_single(),
            count_segment: way.counted,
        }
    }

    fn linked(
        &self,
        request: &Request,
        listing: &Listing<'_>,
        counted: bool,
        edit: Option<&Edit>,
    ) -> Result<Reply, Fail> {
        if counted {
            return Self::number(request, listing);
        }
        let mut page = self.page(request, listing, edit);
        page.context = context(listing.base, listing.query);
        Ok(page.into_reply())
    }
}

/// Whatever the path, the objects are of the type all of them share.
fn context(base: &str, query: &Query) -> String {
    format!("{base}/$metadata#directoryObjects{}", query.chosen())
}

fn way<'a>(route: &Route<'a>) -> Result<Way<'a>, Fail> {
    let unknown = |segment: &String| {
        let message = format!("Resource not found for the segment '{segment}'.");
        Err(Fail::new(400, "BadRequest", message))
    };
    let segment = &route.rest[1];
    let mut relations = route.resource.relations.iter();
    let Some((name, relation)) = relations.find(|(name, _)| name.eq_ignore_ascii_case(segment))
    else {
        return unknown(segment);
    };
    match &route.rest[2..] {
        [] => Ok(Way { name, relation, counted: false }),
        [count] if count.eq_ignore_ascii_case("$count") && !relation.is_single() => {
            Ok(Way { name, relation, counted: true })
        }
        [other, ..] => unknown(other),
    }
}

/// The objects behind a relation, as rows.
struct Linked<'a> {
    nodes: Vec<Node>,
    objects: &'a Objects<'a>,
    select: Option<&'a [String]>,
}

impl Linked<'_> {
    fn first(&self, context: &str, relation: &str) -> Result<Reply, Fail> {
        let node = self.nodes.first().ok_or_else(|| Fail::not_found(relation))?;
        let body = with_context(context, &self.objects.text(*node, self.select));
        Ok(Reply::of(200, CONTENT_TYPE, body))
    }
}

impl Collection for Linked<'_> {
    fn len(&self) -> usize {
        self.nodes.len()
    }

    fn text(&self, index: usize) -> Cow<'_, str> {
        Cow::Owned(self.objects.text(self.nodes[index], self.select))
    }
}
