//! The query options of a request, checked against the rules of its resource.

use crate::sim::address;
use crate::sim::check::{Asked, admit};
use crate::sim::expand::{self, Expand};
use crate::sim::moment::Moment;
use crate::sim::reply::Fail;
use crate::sim::request::Request;
use crate::sim::rules::{Order, Resource, Workload};
use crate::sim::skip::Skip;
use crate::sim::syntax::{self, Expr};

/// Characters a URL of an advanced query may have.
const MAX_ADVANCED_URL: usize = 2_048;

/// A checked query.
#[derive(Debug)]
pub(crate) struct Query {
    /// Properties in documented spelling.
    pub(crate) select: Option<Vec<String>>,
    pub(crate) expand: Option<Expand>,
    pub(crate) filter: Option<Expr>,
    pub(crate) search: Option<(String, String)>,
    /// Property and whether the order is descending.
    pub(crate) order: Option<(String, bool)>,
    pub(crate) top: Option<usize>,
    /// Whether the number of rows was asked for in the way that has an effect.
    pub(crate) count: bool,
    pub(crate) advanced: bool,
    pub(crate) skip: Option<Skip>,
    /// The options other than the page token, as a next link repeats them.
    pub(crate) link: String,
    /// What a page token of this query is sealed with.
    pub(crate) sealed: String,
    /// Whether sign-in activity is selected or filtered.
    pub(crate) activity: bool,
    /// Why the filter is not looked at, where the service ignores one instead of refusing it.
    pub(crate) ignored: Option<String>,
}

impl Query {
    /// Returns what a context URL says about the shape of the rows.
    pub(crate) fn chosen(&self) -> String {
        let names = self.select.iter().flatten().cloned();
        let all: Vec<_> = names.chain(self.expand.as_ref().map(Expand::context)).collect();
        if all.is_empty() { String::new() } else { format!("({})", all.join(",")) }
    }
}

/// Where and how a query is asked.
pub(crate) struct Asker<'a> {
    pub(crate) resource: &'a Resource,
    /// The rules of related objects, whose type is open.
    pub(crate) related: &'a Resource,
    pub(crate) beta: bool,
    pub(crate) floor: Option<Moment>,
    /// Single objects may select what collections may not.
    pub(crate) single: bool,
    /// `/$count` is an advanced query without saying so in an option.
    pub(crate) count_segment: bool,
}

impl Asker<'_> {
    /// Reads and checks the options of a request.
    pub(crate) fn read(&self, request: &Request) -> Result<Query, Fail> {
        let pairs = address::pairs(request.query())
            .ok_or_else(|| Fail::new(400, "Request_BadRequest", "The query is not valid."))?;
        let mut given = Given::default();
        for (name, value) in &pairs {
            given.put(self.option(name)?, value)?;
        }
        self.combine(&given, &pairs, request)
    }

    /// Returns the lower-case option name without its `$`, or refuses it.
    fn option(&self, name: &str) -> Result<String, Fail> {
        let lower = name.to_ascii_lowercase();
        // Only beta takes options without the dollar sign.
        let plain = match lower.strip_prefix('$') {
            Some(plain) => plain.to_owned(),
            None if self.beta => lower,
            None => return Err(Fail::option(name)),
        };
        let known = plain == "skiptoken" || self.resource.options.contains(&plain);
        let fits = match plain.as_str() {
            "select" | "expand" => true,
            "filter" | "search" => !self.single,
            _ => !self.single && !self.count_segment,
        };
        if known && fits {
            return Ok(plain);
        }
        if self.resource.workload == Workload::Directory {
            let message = format!("${plain} is not currently supported.");
            return Err(Fail::new(400, "Request_BadRequest", message));
        }
        Err(Fail::option(title(&plain)))
    }

    fn combine(
        &self,
        given: &Given,
        pairs: &[(String, String)],
        request: &Request,
    ) -> Result<Query, Fail> {
        self.is_scoped(given)?;
        let counted = given.flag("count")? || self.count_segment;
        let advanced = request.is_eventual() && counted;
        let plain = pairs.iter().all(|(name, _)| name.to_ascii_lowercase().ends_with("count"));
        if self.resource.is_cast() && !advanced && !plain {
            return Err(Fail::unsupported("A cast takes query options in advanced queries only."));
        }
        let select = given.text("select").map(|text| self.select(text)).transpose()?;
        let filter = given.text("filter").map(|text| self.filter(text, advanced)).transpose();
        let (filter, ignored) = match filter {
            Err(fail) if self.resource.ignores_filter => (None, Some(fail.message)),
            filter => (filter?, None),
        };
        let order = given.text("orderby").map(|text| self.order(text, advanced)).transpose()?;
        let search = given.text("search").map(|text| self.search(text, request)).transpose()?;
        let expand = given.text("expand").map(|text| self.expand(text)).transpose()?;
        if expand.is_some() && (advanced || search.is_some()) {
            let message = "$expand is not supported together with advanced query parameters.";
            return Err(Fail::unsupported(message));
        }
        if filter.is_some() && order.is_some() && self.is_directory() && !advanced {
            return Err(Fail::unsupported("Sorting not supported for current query."));
        }
        if advanced && request.target.len() > MAX_ADVANCED_URL && !request.in_batch {
            return Err(Fail::unsupported("The URL of the query is too long."));
        }
        let chosen = select.iter().flatten().any(|name| name == "signInActivity");
        let activity =
            chosen || given.text("filter").is_some_and(|f| f.contains("signInActivity/"));
        let top = given.text("top").map(|text| self.top(text, activity)).transpose()?;
        let (link, sealed) = self.link(pairs);
        let skip = given.text("skiptoken").map(|token| Self::skip(token, &sealed, request));
        Ok(Query {
            select,
            expand,
            filter,
            search,
            order,
            top,
            count: advanced && self.is_directory(),
            advanced,
            skip: skip.transpose()?,
            link,
            sealed,
            activity,
            ignored,
        })
    }

    fn is_directory(&self) -> bool {
        self.resource.workload == Workload::Directory
    }

    fn select(&self, text: &str) -> Result<Vec<String>, Fail> {
        text.split(',').map(|name| self.selected(name.trim())).collect()
    }

    fn selected(&self, name: &str) -> Result<String, Fail> {
        let known = self.resource.spelling(name).filter(|known| !known.contains('/'));
        let known = known.filter(|known| self.beta || !self.resource.has(known, "beta"));
        let known = known.filter(|known| !self.resource.has(known, "derived"));
        let Some(known) = known else {
            let message = format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{name}' \
                 on type '{}'.",
                self.resource.kind
            );
            return Err(Fail::new(400, "BadRequest", message));
        };
        if self.resource.has(known, "single") && !self.single {
            return Err(Fail::new(501, "NotImplemented", "Not Implemented"));
        }
        Ok(known.to_owned())
    }

    fn expand(&self, text: &str) -> Result<Expand, Fail> {
        let objects = Asker { resource: self.related, single: false, ..*self };
        expand::read(text, self.resource, |name| objects.selected(name))
    }

    fn filter(&self, text: &str, advanced: bool) -> Result<Expr, Fail> {
        let parsed = syntax::parse(text).map_err(|reason| {
            if !self.is_directory() {
                return Fail::clause();
            }
            Fail::new(400, "BadRequest", format!("Invalid filter clause: {reason}"))
        })?;
        let asked = Asked { resource: self.resource, beta: self.beta, advanced, floor: self.floor };
        admit(&asked, &parsed)
    }

    /// Refuses a listing that does not say what it is about, where the service asks for that.
    fn is_scoped(&self, given: &Given) -> Result<(), Fail> {
        let filter = given.text("filter").unwrap_or_default();
        let missing = self.resource.asked.iter().find(|clause| !filter.contains(clause.as_str()));
        match missing.filter(|_| !self.single) {
            Some(clause) => Err(Fail::new(400, "BadRequest", format!("Missing filter: {clause}"))),
            None => Ok(()),
        }
    }

    fn order(&self, text: &str, advanced: bool) -> Result<(String, bool), Fail> {
        let refuse = || {
            if self.is_directory() {
                return Fail::unsupported("Sorting not supported for current query.");
            }
            Fail::new(400, "BadRequest", "Invalid orderby clause")
        };
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let descending = match words.next().map(str::to_ascii_lowercase).as_deref() {
            None | Some("asc") => false,
            Some("desc") => true,
            Some(_) => return Err(refuse()),
        };
        let known = self.resource.spelling(name).unwrap_or(name);
        match self.resource.order.get(known) {
            Some(Order::Advanced) if !advanced => Err(refuse()),
            Some(_) if words.next().is_none() => Ok((known.to_owned(), descending)),
            _ => Err(refuse()),
        }
    }

    /// Takes one quoted `"property:words"`.
    fn search(&self, text: &str, request: &Request) -> Result<(String, String), Fail> {
        if !request.is_eventual() {
            return Err(Fail::unsupported(
                "Request with $search query parameter only works through MSGraph with a special \
                 request header: 'ConsistencyLevel: eventual'",
            ));
        }
        let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let clause = inner.and_then(|inner| inner.split_once(':'));
        let known = clause.and_then(|(name, words)| {
            self.resource.spelling(name).map(|known| (known.to_owned(), words.to_lowercase()))
        });
        known.ok_or_else(|| Fail::new(400, "Request_BadRequest", "Invalid $search clause."))
    }

    fn top(&self, text: &str, activity: bool) -> Result<usize, Fail> {
        let max = self.resource.page.max;
        let top = text.parse::<usize>().ok();
        match top {
            Some(top) if self.is_directory() && (1..=max).contains(&top) => {
                let cap = self.resource.page.activity.filter(|cap| activity && top > *cap);
                cap.map_or(Ok(top), |cap| {
                    let message = format!("Cannot query data for more than {cap} users at a time");
                    Err(Fail::new(400, "BadRequest", message))
                })
            }
            Some(top) if (1..=max).contains(&top) => Ok(top),
            _ if self.is_directory() => Err(Fail::unsupported(format!(
                "Invalid page size specified: '{text}'. Must be between 1 and {max} inclusive."
            ))),
            Some(top) if top > max => {
                let message = format!(
                    "The limit of '{max}' for Top query has been exceeded. The value from the \
                     incoming request is '{top}'."
                );
                Err(Fail::new(400, "BadRequest", message))
            }
            _ => Err(Fail::new(400, "BadRequest", "Invalid value for $top query option.")),
        }
    }

    fn link(&self, pairs: &[(String, String)]) -> (String, String) {
        let kept = pairs.iter().filter(|(name, _)| !is_skip_token(name));
        let (mut link, mut sealed) =
            (String::new(), format!("{}|{}", self.beta, self.resource.path));
        for (name, value) in kept {
            link.push_str(&format!("{name}={}&", address::form_encode(value)));
            sealed.push_str(&format!("|{}={value}", name.to_ascii_lowercase()));
        }
        (link, sealed)
    }

    fn skip(token: &str, sealed: &str, request: &Request) -> Result<Skip, Fail> {
        let skip = Skip::open(token, sealed).ok_or_else(Fail::skip_token)?;
        if skip.advanced && !request.is_eventual() {
            return Err(Fail::advanced("nextLink"));
        }
        Ok(skip)
    }
}

/// Says whether an option is the page token.
pub(crate) fn is_skip_token(name: &str) -> bool {
    name.trim_start_matches('$').eq_ignore_ascii_case("skiptoken")
}

/// The options of a request by name, each at most once.
#[derive(Default)]
struct Given(Vec<(String, String)>);

impl Given {
    fn put(&mut self, name: String, value: &str) -> Result<(), Fail> {
        if self.text(&name).is_some() {
            let message = format!("Query option '{name}' was specified more than once.");
            return Err(Fail::new(400, "BadRequest", message));
        }
        self.0.push((name, value.to_owned()));
        Ok(())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn flag(&self, name: &str) -> Result<bool, Fail> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => {
                let message = format!("Invalid value '{other}' for ${name} query option.");
                Err(Fail::new(400, "BadRequest", message))
            }
        }
    }
}

/// Returns the name as the reporting service spells it in messages.
fn title(option: &str) -> &str {
    match option {
        "select" => "Select",
        "skip" => "Skip",
        "count" => "Count",
        "orderby" => "OrderBy",
        "expand" => "Expand",
        "search" => "Search",
        other => other,
    }
}
