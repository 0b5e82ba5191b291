//! Pages that were written before: a benchmark shall not wait for the simulator.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::sim::reply::Reply;
use crate::sim::request::Request;

/// The pages of a simulator whose rows never change, by what was asked.
#[derive(Debug)]
pub(crate) struct Kept(Option<Mutex<HashMap<Asked, Reply>>>);

/// The target, and whether the query is an advanced one.
type Asked = (String, bool);

impl Kept {
    /// Keeps pages if it is `wanted`.
    pub(crate) fn new(wanted: bool) -> Self {
        Self(wanted.then(Mutex::default))
    }

    /// Returns the page a request asks for, writing it the first time only.
    pub(crate) fn page(&self, request: &Request, write: impl FnOnce() -> Reply) -> Reply {
        let Some(pages) = &self.0 else { return write() };
        let mut pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = (request.target.clone(), request.is_eventual());
        pages.entry(asked).or_insert_with(write).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(target: &str, level: &str) -> Request {
        let headers = vec![("consistencylevel".to_owned(), level.to_owned())];
        Request { target: target.to_owned(), headers, ..Request::default() }
    }

    #[test]
    fn a_page_is_written_once_for_each_question() {
        let kept = Kept::new(true);
        let page = |request: &Request, body: &str| {
            kept.page(request, || Reply::of(200, "text/plain", body)).body
        };
        assert_eq!(page(&asked("/a", ""), "first"), "first");
        assert_eq!(page(&asked("/a", ""), "second"), "first");
        assert_eq!(page(&asked("/a", "eventual"), "third"), "third");
        assert_eq!(page(&asked("/b", ""), "fourth"), "fourth");
    }

    #[test]
    fn nothing_is_kept_unless_it_is_wanted() {
        let kept = Kept::new(false);
        let page =
            |body: &str| kept.page(&asked("/a", ""), || Reply::of(200, "text/plain", body)).body;
        assert_eq!(page("first"), "first");
        assert_eq!(page("second"), "second");
    }
}
