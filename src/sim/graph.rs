//! Takes a request to its answer: token endpoint, resources, counts, objects.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{NaiveTime, TimeDelta};

use crate::error::Result;
use crate::sim::application;
use crate::sim::children::has_id;
use crate::sim::clock::Clock;
use crate::sim::fault::Edit;
use crate::sim::journal::Journal;
use crate::sim::kept::Kept;
use crate::sim::listing::Listing;
use crate::sim::members::member_value;
use crate::sim::moment::Moment;
use crate::sim::objects::{Objects, any_object, with_context};
use crate::sim::options::{Edition, Options};
use crate::sim::page::{CONTENT_TYPE, Page};
use crate::sim::query::{Asker, Query};
use crate::sim::random::{guid_of, hash};
use crate::sim::reply::{Fail, Ids, Reply};
use crate::sim::request::Request;
use crate::sim::rules::{self, Resource, Workload};
use crate::sim::throttle::Throttle;
use crate::sim::token::Tokens;
use crate::sim::units::units;
use crate::sim::view::View;
use crate::sim::world::{Collection, Node, World};
use crate::sim::{damage, member_of};

/// Everything one simulator knows.
pub(crate) struct Graph {
    pub(crate) options: Options,
    pub(crate) world: Arc<World>,
    pub(crate) tokens: Tokens,
    pub(crate) clock: Clock,
    pub(crate) journal: Journal,
    pub(crate) origin: String,
    kept: Kept,
    /// The rules of objects whose type is open.
    pub(crate) any_object: Resource,
    rules: Vec<Resource>,
    throttle: Throttle,
    serial: AtomicU64,
    /// The last row served per resource, for pages that repeat it.
    last_rows: Mutex<HashMap<String, String>>,
}

/// A resource, the version it is asked in, and what follows its path.
pub(crate) struct Route<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) beta: bool,
    /// What stands for `{id}` in the path of the resource.
    pub(crate) parents: Vec<String>,
    pub(crate) rest: &'a [String],
}

impl Graph {
    pub(crate) fn new(options: Options, world: Arc<World>, origin: String) -> Result<Self> {
        let rules = rules::load()?;
        Ok(Self {
            tokens: Tokens::default(),
            clock: Clock::new(options.now),
            journal: Journal::default(),
            kept: Kept::new(options.keep_pages),
            any_object: any_object(&rules),
            rules,
            throttle: Throttle::new(world.users(), options.share),
            serial: AtomicU64::new(0),
            last_rows: Mutex::default(),
            options,
            world,
            origin,
        })
    }

    /// Returns the ids of a new reply.
    pub(crate) fn ids(&self, request: &Request) -> Ids {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let id = guid_of("request", serial ^ hash(self.origin.as_bytes(), 0));
        let client = request.header("client-request-id").map_or_else(|| id.clone(), str::to_owned);
        Ids { request: id, client, date: self.clock.now() }
    }

    /// Answers a request, with a change to its page if a fault asks for one.
    pub(crate) fn answer(&self, request: &Request, ids: &Ids, edit: Option<&Edit>) -> Reply {
        match self.route(request, ids, edit) {
            Ok(reply) => reply,
            Err(fail) => fail.into_reply(ids),
        }
    }

    fn route(&self, request: &Request, ids: &Ids, edit: Option<&Edit>) -> Result<Reply, Fail> {
        let segments = request.segments().unwrap_or_default();
        let lower: Vec<_> = segments.iter().map(|s| s.to_ascii_lowercase()).collect();
        let words: Vec<_> = lower.iter().map(String::as_str).collect();
        let beta = match words.as_slice() {
            [_, "oauth2", "v2.0", "token"] => {
                let tenant = &segments[0];
                let (options, clock) = (&self.options, &self.clock);
                return Ok(self.tokens.answer(tenant, request, options, clock, ids, &self.origin));
            }
            ["v1.0", ..] => false,
            ["beta", ..] => true,
            _ => return Err(Fail::new(400, "BadRequest", "Invalid version.")),
        };
        self.tokens.check(request, &self.clock)?;
        match (request.method.as_str(), &words[1..]) {
            ("POST", ["$batch"]) if !request.in_batch => self.batch(request, beta, ids),
            ("POST", [kind, "getbyids"]) => self.by_ids(request, beta, kind),
            ("GET", [app]) if application::wanted(app).is_some() => {
                application::answer(self, request, application::wanted(app).unwrap_or_default())
            }
            ("GET", rest) => self.get(request, beta, rest, &segments[1..], edit),
            _ => Err(Fail::new(
                405,
                "Request_BadRequest",
                "Specified HTTP method is not allowed for the request target.",
            )),
        }
    }

    fn get(
        &self,
        request: &Request,
        beta: bool,
        lower: &[&str],
        segments: &[String],
        edit: Option<&Edit>,
    ) -> Result<Reply, Fail> {
        let found = self.resource(lower).filter(|(resource, _)| beta || !resource.beta);
        let Some((resource, used)) = found else {
            let segment = segments.last().map(String::as_str).unwrap_or_default();
            let message = format!("Resource not found for the segment '{segment}'.");
            return Err(Fail::new(400, "BadRequest", message));
        };
        let pattern = resource.path.split('/').skip(1).zip(segments);
        let parents = pattern.filter(|(wanted, _)| *wanted == "{id}");
        let parents = parents.map(|(_, segment)| segment.clone()).collect();
        let route = Route { resource, beta, parents, rest: &segments[used..] };
        self.serve(request, &route, edit)
    }

    /// Finds the resource whose path is the longest beginning of the segments, and how many
    /// it uses. `{id}` in a path is any segment.
    fn resource(&self, lower: &[&str]) -> Option<(&Resource, usize)> {
        let begins = |resource: &&Resource| {
            let path = resource.path.to_ascii_lowercase();
            let wanted: Vec<_> = path.trim_start_matches('/').split('/').collect();
            let fits = |(wanted, segment): (&&str, &&str)| *wanted == "{id}" || wanted == segment;
            lower.len() >= wanted.len() && wanted.iter().zip(lower).all(fits)
        };
        let found = self.rules.iter().filter(begins);
        let length = |resource: &&Resource| resource.path.split('/').count();
        found.max_by_key(length).map(|resource| (resource, length(&resource) - 1))
    }

    fn serve(
        &self,
        request: &Request,
        route: &Route<'_>,
        edit: Option<&Edit>,
    ) -> Result<Reply, Fail> {
        if route.rest.len() > 1 {
            return self.navigate(request, route, edit);
        }
        if route.resource.single && !route.rest.is_empty() {
            let message = format!("Resource not found for the segment '{}'.", route.rest[0]);
            return Err(Fail::new(400, "BadRequest", message));
        }
        let counted = route.rest.len() == 1 && route.rest[0].eq_ignore_ascii_case("$count");
        let directory = route.resource.workload == Workload::Directory;
        if counted && directory && !route.resource.counted {
            return Err(not_counted());
        }
        let single = route.resource.single || route.rest.len() == 1 && !(counted && directory);
        let units = units(request, route.resource.units);
        let told = self.admit(route.resource.workload, units)?;
        self.permit(route.resource)?;
        let asker = Asker {
            resource: route.resource,
            related: &self.any_object,
            beta: route.beta,
            floor: self.floor(route.resource),
            single,
            count_segment: counted && directory,
        };
        let query = asker.read(request)?;
        self.permit_activity(&query)?;
        let children = self.children(route)?;
        let rows: &dyn Collection = match &children {
            Some(children) => children,
            None => self.world.collection(&route.resource.name),
        };
        let mut reply = if single {
            self.object(route, rows, &query)?
        } else {
            self.rows(request, route, rows, &query, edit)?
        };
        if directory {
            reply.set("x-ms-resource-unit", units.to_string());
        }
        reply.headers.extend(told);
        // The caller is not told, but the journal is: a correct client asks for no such thing.
        reply.refused = query.ignored.map(|why| format!("filter ignored: {why}"));
        Ok(reply)
    }

    fn rows(
        &self,
        request: &Request,
        route: &Route<'_>,
        rows: &dyn Collection,
        query: &Query,
        edit: Option<&Edit>,
    ) -> Result<Reply, Fail> {
        let (base, resource) = (self.base(route.beta), &route.here());
        let view = View::new(resource, route.beta, false, &self.options);
        let objects = query.expand.as_ref().map(|_| self.objects(route.beta));
        let listing = self.listing(resource, rows, query, &view, &base);
        let listing = Listing { objects: objects.as_ref(), ..listing };
        // A path that goes on and names no object can only be `/$count`.
        if !route.rest.is_empty() {
            return Self::number(request, &listing);
        }
        Ok(match edit {
            None => self.kept.page(request, || self.page(request, &listing, None).into_reply()),
            edit => self.page(request, &listing, edit).into_reply(),
        })
    }

    /// Builds a page, with the change a fault asks for.
    pub(crate) fn page(
        &self,
        request: &Request,
        listing: &Listing<'_>,
        edit: Option<&Edit>,
    ) -> Page {
        let mut page = listing.page();
        let name = &listing.resource.name;
        if let Some(edit) = edit {
            let before = self.last_row(name);
            let here = format!("{}{}", self.origin, request.target);
            damage::edit(&mut page, edit, &listing.again(), &here, &self.origin, before);
        }
        self.remember(name, &page);
        page
    }

    /// Answers `/$count`.
    pub(crate) fn number(request: &Request, listing: &Listing<'_>) -> Result<Reply, Fail> {
        if !request.is_eventual() {
            return Err(not_counted());
        }
        Ok(Reply::of(200, "text/plain", listing.count().to_string()))
    }

    pub(crate) fn listing<'a>(
        &'a self,
        resource: &'a Resource,
        rows: &'a dyn Collection,
        query: &'a Query,
        view: &'a View,
        base: &'a str,
    ) -> Listing<'a> {
        Listing {
            resource,
            rows,
            query,
            view,
            objects: None,
            projected: false,
            floor: self.floor(resource),
            max_page: self.options.max_page,
            base,
        }
    }

    /// Returns the directory as a caller of a version sees it.
    pub(crate) fn objects(&self, beta: bool) -> Objects<'_> {
        Objects::new(&self.world, &self.rules, beta, &self.options)
    }

    fn object(
        &self,
        route: &Route<'_>,
        rows: &dyn Collection,
        query: &Query,
    ) -> Result<Reply, Fail> {
        let resource = &route.here();
        let index = match route.rest.first() {
            // The only row of a single object.
            None if rows.len() == 0 => return Err(route.absent()),
            None => 0,
            Some(id) => self.place(route, rows, id).ok_or_else(|| Fail::not_found(id))?,
        };
        let view = View::new(resource, route.beta, true, &self.options);
        let row = view.row(rows.text(index));
        let text = view.project(&row, query.select.as_deref());
        let mut text = text.unwrap_or_else(|| row.into_owned());
        if let Some(expand) = &query.expand {
            text = self.objects(route.beta).expand(&text, (&resource.name, index), expand);
        }
        let path = resource.path.trim_start_matches('/');
        let base = self.base(route.beta);
        let context = format!("{base}/$metadata#{path}{}/$entity", query.chosen());
        Ok(Reply::of(200, CONTENT_TYPE, with_context(&context, &text)))
    }

    /// Finds an object among the rows of a path. Those below a parent are few and have no
    /// index, which knows the rows of all parents; some of their ids differ by case alone.
    fn place(&self, route: &Route<'_>, rows: &dyn Collection, id: &str) -> Option<usize> {
        if route.parents.is_empty() {
            return self.world.find(&route.resource.name, id);
        }
        let exact = (0..rows.len()).find(|at| has_id(&rows.text(*at), id));
        let id = id.to_ascii_lowercase();
        exact.or_else(|| (0..rows.len()).find(|at| id_of(&rows.text(*at)).as_ref() == Some(&id)))
    }

    /// Answers `getByIds`: unknown ids are silently missing.
    fn by_ids(&self, request: &Request, beta: bool, kind: &str) -> Result<Reply, Fail> {
        let kinds = match kind {
            "directoryobjects" => vec!["users", "groups"],
            "users" => vec!["users"],
            "groups" => vec!["groups"],
            _ => return Err(Fail::new(405, "Request_BadRequest", "Method not allowed.")),
        };
        let told = self.admit(Workload::Directory, 3)?;
        if !self.options.roles.iter().any(|role| role.starts_with("Directory.Read")) {
            return Err(denied());
        }
        let wanted = member_of::ids(&request.body)?;
        let open = &self.any_object;
        let single = false;
        let (floor, count_segment) = (None, false);
        let asker = Asker { resource: open, related: open, beta, floor, single, count_segment };
        let select = asker.read(request)?.select;
        let objects = self.objects(beta);
        let mut rows = Vec::new();
        for id in &wanted.ids {
            for name in kinds.iter().filter(|name| wanted.wants(name)) {
                let node = if *name == "users" { Node::User } else { Node::Group };
                let found = self.world.find(name, id);
                rows.extend(found.map(|at| objects.text(node(at), select.as_deref())));
            }
        }
        let context = format!("{}/$metadata#directoryObjects", self.base(beta));
        let mut reply = Page { context, rows, ..Page::default() }.into_reply();
        reply.set("x-ms-resource-unit", "3");
        reply.headers.extend(told);
        Ok(reply)
    }

    /// Counts a request; returns the headers about it.
    pub(crate) fn admit(
        &self,
        workload: Workload,
        units: u32,
    ) -> Result<Vec<(String, String)>, Fail> {
        if !self.options.throttle {
            return Ok(Vec::new());
        }
        self.throttle.admit(workload, units, self.clock.elapsed())
    }

    /// Refuses callers without permission, then tenants without license.
    pub(crate) fn permit(&self, resource: &Resource) -> Result<(), Fail> {
        let held = |role: &String| resource.permissions.contains(role);
        let permitted = self.options.roles.iter().any(held);
        let audits = resource.permissions.iter().any(|role| role == "AuditLog.Read.All");
        let licensed = resource.license.is_none_or(|needed| self.options.has(needed));
        match resource.workload {
            Workload::Reports if !permitted && audits => Err(no_audit_permission()),
            Workload::Reports if !licensed => Err(not_premium()),
            _ if !permitted => Err(denied()),
            _ if !licensed => {
                Err(Fail::new(403, "Forbidden", "Your tenant is not licensed for this feature."))
            }
            _ => Ok(()),
        }
    }

    /// Sign-in activity needs the audit permission and a license of its own.
    fn permit_activity(&self, query: &Query) -> Result<(), Fail> {
        if !query.activity {
            return Ok(());
        }
        if !self.options.roles.iter().any(|role| role == "AuditLog.Read.All") {
            return Err(no_audit_permission());
        }
        if self.options.edition == Edition::Free { Err(not_premium()) } else { Ok(()) }
    }

    /// Returns the oldest moment a log is served for: a midnight.
    fn floor(&self, resource: &Resource) -> Option<Moment> {
        let retention = resource.retention.as_ref()?;
        let days = match self.options.edition {
            Edition::Free => retention.free,
            Edition::P1 => retention.p1,
            Edition::P2 => retention.p2,
        };
        let oldest = self.clock.base() - TimeDelta::try_days(days)?;
        Some((oldest.date_naive().and_time(NaiveTime::MIN).and_utc().timestamp(), 0))
    }

    /// Returns scheme, host and version.
    pub(crate) fn base(&self, beta: bool) -> String {
        format!("{}/{}", self.origin, if beta { "beta" } else { "v1.0" })
    }

    fn last_row(&self, name: &str) -> Option<String> {
        let rows = self.last_rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.get(name).cloned()
    }

    fn remember(&self, name: &str, page: &Page) {
        // Only scripts with faults look at it, so that benchmarks do not pay.
        if self.options.faults.is_none() {
            return;
        }
        if let Some(row) = page.rows.last() {
            let mut rows = self.last_rows.lock().unwrap_or_else(PoisonError::into_inner);
            rows.insert(name.to_owned(), row.clone());
        }
    }
}

fn denied() -> Fail {
    let message = "Insufficient privileges to complete the operation.";
    Fail::new(403, "Authorization_RequestDenied", message)
}

fn not_counted() -> Fail {
    Fail::new(400, "Request_BadRequest", "$count is not currently supported.")
}

fn no_audit_permission() -> Fail {
    let message = "Calling principal does not have required MSGraph permissions AuditLog.Read.All";
    Fail::new(403, "Authentication_MSGraphPermissionMissing", message)
}

fn not_premium() -> Fail {
    let message = "Neither tenant is B2C or tenant doesn't have premium license";
    Fail::new(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message)
}

/// Returns the id of a row, in lower case.
pub(crate) fn id_of(row: &str) -> Option<String> {
    member_value(row, "id")?.as_str().map(str::to_ascii_lowercase)
}
