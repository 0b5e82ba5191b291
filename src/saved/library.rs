//! All saved queries by name: ours, and the user's before ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind, Result};
use crate::saved::header::{self, Header, Problem};
use crate::saved::{folder, name, shipped};

/// Where a saved query comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The program brought it.
    Shipped,
    /// A file of the user's.
    File(PathBuf),
}

/// One saved query.
#[derive(Debug, Clone)]
pub(crate) struct SavedQuery {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    /// It stands in for one of ours.
    pub(crate) replaces: bool,
    /// The whole file, header included.
    pub(crate) text: String,
    pub(crate) header: Header,
    pub(crate) problems: Vec<Problem>,
}

impl SavedQuery {
    /// Reads a text.
    pub(crate) fn new(name: String, origin: Origin, text: String) -> Self {
        let (header, problems) = header::read(&text);
        Self { name, origin, replaces: false, text, header, problems }
    }

    /// Refuses a query whose header can't be read: it may hide a parameter. A file without
    /// any header is plain SQL.
    pub(crate) fn check(&self) -> Result<()> {
        match self.problems.first().filter(|_| self.header.lines > 0) {
            Some(problem) => Err(Error::new(ErrorKind::Usage, problem.message.clone())
                .with_context("at", format!("{}:{}", self.place(), problem.line))
                .with_hint("`entraql queries check` shows everything that is wrong")),
            None => Ok(()),
        }
    }

    /// Returns the file for messages, and for people.
    pub(crate) fn place(&self) -> String {
        match &self.origin {
            Origin::Shipped => format!("queries/{}.sql", self.name),
            Origin::File(path) => path.display().to_string(),
        }
    }
}

/// Every saved query there is.
#[derive(Debug, Default)]
pub(crate) struct Library {
    queries: BTreeMap<String, SavedQuery>,
    /// Files of the user's that are left out, and why.
    pub(crate) skipped: Vec<(PathBuf, String)>,
}

impl Library {
    /// Reads ours and those of a folder, if there is one.
    pub(crate) fn open(root: Option<&Path>) -> Result<Self> {
        let mut library = Self::default();
        for (name, text) in shipped::ALL {
            library.add(SavedQuery::new((*name).to_owned(), Origin::Shipped, (*text).to_owned()));
        }
        let folder = root.map(folder::read).transpose()?.flatten().unwrap_or_default();
        for (name, path, text) in folder.files {
            library.add(SavedQuery::new(name, Origin::File(path), text));
        }
        library.skipped = folder.skipped;
        Ok(library)
    }

    fn add(&mut self, mut query: SavedQuery) {
        query.replaces = self.queries.contains_key(&query.name);
        self.queries.insert(query.name.clone(), query);
    }

    /// Returns all of them, by name.
    pub(crate) fn all(&self) -> impl Iterator<Item = &SavedQuery> {
        self.queries.values()
    }

    /// Returns every name that finds a query: whole ones, and last parts that are unique.
    #[cfg(feature = "repl")]
    pub(crate) fn names(&self) -> Vec<String> {
        let whole = self.queries.keys().cloned();
        let short = self.queries.keys().map(|name| last(name).to_owned());
        whole.chain(short.filter(|name| self.find(name).is_ok())).collect()
    }

    /// Finds one by its name, or by the last part of it where only one has that.
    pub(crate) fn find(&self, wanted: &str) -> Result<&SavedQuery> {
        name::check(wanted)?;
        if let Some(query) = self.queries.get(wanted) {
            return Ok(query);
        }
        let found: Vec<_> = self.all().filter(|q| last(&q.name) == wanted).collect();
        match found[..] {
            [one] => Ok(one),
            [] => Err(self.missing(wanted)),
            _ => {
                let names: Vec<_> = found.iter().map(|q| q.name.as_str()).collect();
                let message = format!("`{wanted}` is the name of several saved queries");
                Err(Error::new(ErrorKind::Usage, message).with_hint(names.join(", ")))
            }
        }
    }

    fn missing(&self, wanted: &str) -> Error {
        let score = |name: &str| {
            let whole = strsim::normalized_damerau_levenshtein(wanted, name);
            whole.max(strsim::normalized_damerau_levenshtein(last(wanted), last(name)))
        };
        let scored = self.queries.keys().map(|name| (score(name), name));
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(score, _)| *score > 0.6);
        let hint = match best {
            Some((_, name)) => format!("did you mean `{name}`?"),
            None => "`entraql queries list` lists all".to_owned(),
        };
        Error::new(ErrorKind::Usage, format!("there is no saved query `{wanted}`")).with_hint(hint)
    }
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn library(files: &[&str]) -> Library {
        let root = tempfile::tempdir().unwrap();
        for name in files {
            let path = root.path().join(format!("{name}.sql"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "-- title: Mine\nSELECT 1").unwrap();
        }
        Library::open(Some(root.path())).unwrap()
    }

    #[test]
    fn a_file_of_the_user_wins_over_ours() {
        let (ours, _) = shipped::ALL[0];
        let library = library(&[ours, "own"]);
        let query = library.find(ours).unwrap();
        assert!(query.replaces && query.header.title == "Mine");
        assert!(!library.find("own").unwrap().replaces);
        assert_eq!(library.all().count(), shipped::ALL.len() + 1);
    }

    #[test]
    fn the_last_part_is_enough_where_it_is_unique() {
        let library = library(&["x/mine", "y/mine", "x/only"]);
        assert_eq!(library.find("only").unwrap().name, "x/only");
        let error = library.find("mine").unwrap_err();
        assert_eq!(error.hint(), Some("x/mine, y/mine"));
        assert_eq!(library.find("onyl").unwrap_err().hint(), Some("did you mean `x/only`?"));
        assert!(library.find("zzzzzzzz").unwrap_err().hint().unwrap().contains("queries list"));
        assert!(library.find("../x").is_err());
    }

    #[test]
    fn the_list_is_the_folder() {
        let folder = folder::read(Path::new("queries")).unwrap().unwrap();
        assert!(folder.skipped.is_empty(), "{:?}", folder.skipped);
        let files: Vec<_> = folder.files.iter().map(|(name, ..)| name.as_str()).collect();
        let listed: Vec<_> = shipped::ALL.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, files, "`src/saved/shipped.rs` lists the files by name");
        let mut texts = folder.files.iter().zip(shipped::ALL);
        assert!(texts.all(|((.., file), (_, listed))| file == listed));
    }

    #[test]
    fn the_last_parts_of_our_names_are_unique() {
        let mut names: Vec<_> = shipped::ALL.iter().map(|(name, _)| last(name)).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
