//! Says which filters Graph accepts on a resource, and refuses the rest in its words.
//!
//! The result is the filter in documented spelling, ready to be evaluated.

use crate::sim::moment::Moment;
use crate::sim::reply::Fail;
use crate::sim::rules::{Kind, Resource, Workload};
use crate::sim::syntax::{Expr, Function, Literal, Op};

/// Values of `in` and children of `or` a default directory query may have.
const MAX_CHILDREN: usize = 15;
/// Height of the and/or tree a default directory query may have.
const MAX_HEIGHT: usize = 3;
/// Characters a compared value may have in a default directory query.
const MAX_VALUE: usize = 120;

/// The request a filter belongs to.
pub(crate) struct Asked<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) beta: bool,
    /// `ConsistencyLevel: eventual` and `$count=true` are both present.
    pub(crate) advanced: bool,
    /// The oldest time a log may be asked for.
    pub(crate) floor: Option<Moment>,
}

/// Checks a filter and returns it in documented spelling.
pub(crate) fn admit(asked: &Asked<'_>, expr: &Expr) -> Result<Expr, Fail> {
    let mut visit = Visit { asked, paths: Vec::new() };
    let admitted = visit.expr(expr, Place::default())?;
    if asked.resource.workload == Workload::Directory {
        visit.exclusive()?;
        if !asked.advanced {
            limits(&admitted)?;
        }
    }
    Ok(admitted)
}

/// Where in the tree a clause stands.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    negated: bool,
    /// The collection whose lambda encloses the clause.
    collection: Option<&'a str>,
}

struct Visit<'a> {
    asked: &'a Asked<'a>,
    /// Every filter path named so far.
    paths: Vec<String>,
}

impl Visit<'_> {
    fn expr(&mut self, expr: &Expr, place: Place<'_>) -> Result<Expr, Fail> {
        match expr {
            Expr::And(parts) => Ok(Expr::And(self.and(parts, place)?)),
            Expr::Or(parts) => Ok(Expr::Or(self.or(parts, place)?)),
            Expr::Not(inner) => self.not(inner, place),
            Expr::Compare(path, op, literal) => self.compare(path, *op, literal, place),
            Expr::In(path, values) => self.list(path, values, place),
            Expr::Match(function, path, literal) => self.call(*function, path, literal, place),
            Expr::Any(path, body) => self.any(path, body, place),
        }
    }

    fn and(&mut self, parts: &[Expr], place: Place<'_>) -> Result<Vec<Expr>, Fail> {
        let start = self.paths.len();
        let admitted: Result<Vec<_>, _> = parts.iter().map(|p| self.expr(p, place)).collect();
        let admitted = admitted?;
        if let Some(collection) = place.collection {
            let joined = |path: &String| self.asked.resource.need(path, "and", true).is_some();
            let issuers = collection.eq_ignore_ascii_case("identities");
            if !issuers && !self.paths[start..].iter().all(joined) {
                return Err(self.refuse(collection));
            }
        }
        Ok(admitted)
    }

    fn or(&mut self, parts: &[Expr], place: Place<'_>) -> Result<Vec<Expr>, Fail> {
        let start = self.paths.len();
        let admitted: Result<Vec<_>, _> = parts.iter().map(|p| self.expr(p, place)).collect();
        let admitted = admitted?;
        let mut paths = self.paths[start..].iter();
        let first = paths.next();
        // The logs join values of one property, not clauses on different ones.
        if !self.is_directory() && paths.any(|path| Some(path) != first) {
            return Err(Fail::clause());
        }
        Ok(admitted)
    }

    fn not(&mut self, inner: &Expr, place: Place<'_>) -> Result<Expr, Fail> {
        if !self.is_directory() {
            return Err(Fail::clause());
        }
        let inner = self.expr(inner, Place { negated: !place.negated, ..place })?;
        Ok(Expr::Not(Box::new(inner)))
    }

    fn compare(
        &mut self,
        path: &str,
        op: Op,
        literal: &Literal,
        place: Place<'_>,
    ) -> Result<Expr, Fail> {
        let full = self.full(path, place)?;
        let operator = match literal {
            Literal::Null => format!("{}=null", op.word()),
            Literal::Number(n) if full.ends_with("/$count") => format!("{}={n}", op.word()),
            _ => op.word().to_owned(),
        };
        self.operator(&full, &operator, op.word(), place)?;
        self.literal(&full, literal)?;
        self.within_retention(&full, op, literal)?;
        Ok(Expr::Compare(tail(&full, place), self.as_observed(op), literal.clone()))
    }

    fn list(&mut self, path: &str, values: &[Literal], place: Place<'_>) -> Result<Expr, Fail> {
        let full = self.full(path, place)?;
        self.operator(&full, "in", "in", place)?;
        for value in values {
            self.literal(&full, value)?;
        }
        Ok(Expr::In(tail(&full, place), values.to_vec()))
    }

    fn call(
        &mut self,
        function: Function,
        path: &str,
        literal: &Literal,
        place: Place<'_>,
    ) -> Result<Expr, Fail> {
        let full = self.full(path, place)?;
        self.operator(&full, function.word(), function.word(), place)?;
        self.literal(&full, literal)?;
        Ok(Expr::Match(function, tail(&full, place), literal.clone()))
    }

    fn any(&mut self, path: &str, body: &Expr, place: Place<'_>) -> Result<Expr, Fail> {
        let start = self.paths.len();
        let inner = self.expr(body, Place { collection: Some(path), ..place })?;
        let found = self.paths[start..].first().cloned().unwrap_or_default();
        let base = found.split("/any").next().unwrap_or_default().to_owned();
        // Issuer and assigned id are only documented together.
        let pair =
            self.paths[start..].iter().filter(|path| path.starts_with("identities/")).count();
        if pair == 1 {
            return Err(self.refuse("identities"));
        }
        Ok(Expr::Any(base, Box::new(inner)))
    }

    /// Returns the documented filter path, `mails/any` for an element of `mails`.
    fn full(&mut self, path: &str, place: Place<'_>) -> Result<String, Fail> {
        let written = match place.collection {
            None => path.to_owned(),
            Some(collection) if path.is_empty() => format!("{collection}/any"),
            Some(collection) => format!("{collection}/any/{path}"),
        };
        match self.asked.resource.filter_path(&written) {
            Some(full) => {
                self.paths.push(full.to_owned());
                Ok(full.to_owned())
            }
            None => Err(self.unknown(&written)),
        }
    }

    fn operator(
        &self,
        full: &str,
        operator: &str,
        word: &str,
        place: Place<'_>,
    ) -> Result<(), Fail> {
        self.one_operator(full, operator, word)?;
        if place.negated { self.one_operator(full, "not", "not") } else { Ok(()) }
    }

    fn one_operator(&self, full: &str, operator: &str, word: &str) -> Result<(), Fail> {
        let asked = self.asked;
        let Some(need) = asked.resource.need(full, operator, asked.beta) else {
            return Err(self.refuse(full));
        };
        if need.advanced && !asked.advanced {
            return Err(Fail::advanced(word));
        }
        if need.default_only && asked.advanced { Err(self.refuse(full)) } else { Ok(()) }
    }

    fn literal(&self, full: &str, literal: &Literal) -> Result<(), Fail> {
        let kind = self.asked.resource.kind(full);
        let fits = match literal {
            // Whether null may be compared is a matter of the operator.
            Literal::Null => true,
            Literal::Bool(_) => kind == Kind::Bool,
            Literal::Number(_) => kind == Kind::Number,
            Literal::Text(_) => kind == Kind::Text,
            Literal::Time(_) => kind == Kind::Time,
            Literal::Guid(_) => kind == Kind::Guid,
        };
        if !fits {
            return Err(self.mistyped(full));
        }
        let long = matches!(literal, Literal::Text(text) if text.chars().count() > MAX_VALUE);
        if long && self.is_directory() && !self.asked.advanced {
            return Err(Fail::unsupported(format!(
                "The value specified for property '{full}' exceeds the maximum length {MAX_VALUE}."
            )));
        }
        Ok(())
    }

    fn within_retention(&self, full: &str, op: Op, literal: &Literal) -> Result<(), Fail> {
        let (Some(floor), Literal::Time(at)) = (self.asked.floor, literal) else { return Ok(()) };
        let lower = matches!(op, Op::Eq | Op::Ge | Op::Gt);
        if !lower || *at >= floor || self.asked.resource.time.as_deref() != Some(full) {
            return Ok(());
        }
        // The two logs answer differently: one names its limit, the other does not.
        if self.asked.resource.name == "signIns" {
            return Err(Fail::clause());
        }
        let minimum = chrono::DateTime::from_timestamp(floor.0, 0).unwrap_or_default();
        let message = format!(
            "Specified argument was out of the range of valid values. \
             (Parameter 'Minimum allowed time for {full} is {}')",
            minimum.format("%-m/%-d/%Y %-I:%M:%S %p")
        );
        Err(Fail::new(400, "UnknownError", message))
    }

    /// The logs answer a strict bound with its boundary row as well.
    fn as_observed(&self, op: Op) -> Op {
        match op {
            Op::Gt if !self.is_directory() => Op::Ge,
            Op::Lt if !self.is_directory() => Op::Le,
            other => other,
        }
    }

    fn exclusive(&self) -> Result<(), Fail> {
        let Some(property) = &self.asked.resource.exclusive else { return Ok(()) };
        let named = |path: &&String| path.starts_with(property.as_str());
        let count = self.paths.iter().filter(named).count();
        if count == 0 || count == self.paths.len() {
            return Ok(());
        }
        Err(self.refuse(property))
    }

    fn is_directory(&self) -> bool {
        self.asked.resource.workload == Workload::Directory
    }

    fn unknown(&self, path: &str) -> Fail {
        let resource = self.asked.resource;
        if !self.is_directory() {
            return Fail::clause();
        }
        let first = path.split('/').next().unwrap_or_default();
        match resource.spelling(first) {
            Some(_) => self.refuse(first),
            None => Fail::new(
                400,
                "BadRequest",
                format!(
                    "Invalid filter clause: Could not find a property named '{first}' on type '{}'.",
                    resource.kind
                ),
            ),
        }
    }

    fn mistyped(&self, full: &str) -> Fail {
        if !self.is_directory() {
            return Fail::clause();
        }
        let message = format!("Invalid filter clause: incompatible types for property '{full}'.");
        Fail::new(400, "BadRequest", message)
    }

    fn refuse(&self, path: &str) -> Fail {
        if !self.is_directory() {
            return Fail::clause();
        }
        let name = path.split("/any").next().unwrap_or(path);
        Fail::unsupported(format!(
            "Unsupported or invalid query filter clause specified for property '{name}' of \
             resource '{}'.",
            self.asked.resource.label
        ))
    }
}

/// Returns the part of a filter path below the lambda, or all of it outside one.
fn tail(full: &str, place: Place<'_>) -> String {
    match place.collection.and_then(|_| full.split_once("/any")) {
        Some((_, rest)) => rest.trim_start_matches('/').to_owned(),
        None => full.to_owned(),
    }
}

fn limits(expr: &Expr) -> Result<(), Fail> {
    let children = children(expr);
    if children > MAX_CHILDREN {
        return Err(Fail::unsupported(format!(
            "Too many child clauses specified in search filter expression containing 'OR' \
             operators: {children}. Max allowed: {MAX_CHILDREN}."
        )));
    }
    let height = height(expr);
    if height > MAX_HEIGHT {
        return Err(Fail::unsupported(format!(
            "The specified search filter expression has excessive height: {height}. \
             Max allowed: {MAX_HEIGHT}."
        )));
    }
    Ok(())
}

/// The largest number of alternatives anywhere in the tree.
fn children(expr: &Expr) -> usize {
    match expr {
        Expr::Or(parts) => parts.len().max(parts.iter().map(children).max().unwrap_or(0)),
        Expr::And(parts) => parts.iter().map(children).max().unwrap_or(0),
        Expr::Not(inner) | Expr::Any(_, inner) => children(inner),
        Expr::In(_, values) => values.len(),
        Expr::Compare(..) | Expr::Match(..) => 1,
    }
}

fn height(expr: &Expr) -> usize {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => 1 + parts.iter().map(height).max().unwrap_or(0),
        Expr::Not(inner) | Expr::Any(_, inner) => height(inner),
        Expr::Compare(..) | Expr::In(..) | Expr::Match(..) => 1,
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
