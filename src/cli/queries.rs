//! `entraql queries`: what saved queries there are, and whether they are sound.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::args::{Options, Queries};
use crate::cli::connect::read_lists;
use crate::cli::destination::Destination;
use crate::config;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::output::{Summary, note};
use crate::repl::{check, description, listing};
use crate::saved::{Library, Origin, SavedQuery};

/// Runs one of the subcommands.
pub(super) async fn run(options: &Options, asked: Queries) -> Result<()> {
    match asked {
        Queries::List { pattern, tag } => list(options, pattern.as_deref(), tag.as_deref()),
        Queries::Show { name } => show(options, &name).await,
        Queries::Check { files } => check_all(options, &files).await,
    }
}

/// Opens the saved queries, and says which files of the user's are left out.
pub(super) fn library(is_quiet: bool) -> Result<Library> {
    let folder = config::queries_folder();
    let library = Library::open(folder.as_ref().map(|(path, _)| path.as_path()))?;
    if let Some((path, true)) = &folder
        && !path.is_dir()
    {
        return Err(Error::new(ErrorKind::Config, "ENTRAQL_QUERIES does not name a folder")
            .with_context("folder", path.display().to_string()));
    }
    for (path, why) in library.skipped.iter().filter(|_| !is_quiet) {
        note(&mut io::stderr(), &format!("warning: {} is left out: {why}", path.display()));
    }
    Ok(library)
}

fn list(options: &Options, pattern: Option<&str>, tag: Option<&str>) -> Result<()> {
    let library = library(options.quiet)?;
    let rows = listing(&library, pattern, tag)?;
    let mut sink = Destination::of(options)?.open(0, &options.looks())?;
    sink.begin(&rows.schema())?;
    sink.rows(&rows)?;
    sink.finish(&Summary::default())
}

async fn show(options: &Options, name: &str) -> Result<()> {
    let library = library(options.quiet)?;
    let engine = Engine::offline().await?;
    read_lists(&engine, options)?;
    let text = description(&engine, library.find(name)?).await;
    let mut stdout = io::stdout().lock();
    for line in text.lines() {
        note(&mut stdout, line);
    }
    Ok(())
}

async fn check_all(options: &Options, files: &[PathBuf]) -> Result<()> {
    let engine = Engine::offline().await?;
    read_lists(&engine, options)?;
    let queries = match files {
        [] => {
            let library = library(true)?;
            let skipped = library.skipped.iter();
            let mut problems: Vec<_> =
                skipped.map(|(path, why)| format!("{}:1: {why}", path.display())).collect();
            let all: Vec<_> = library.all().cloned().collect();
            let checked = all.len() + problems.len();
            problems.extend(problems_of(&engine, &all).await);
            return verdict(options, checked, &problems);
        }
        files => files.iter().map(|path| read(path)).collect::<Result<Vec<_>>>()?,
    };
    verdict(options, queries.len(), &problems_of(&engine, &queries).await)
}

fn read(path: &Path) -> Result<SavedQuery> {
    let text = fs::read_to_string(path).map_err(|error| {
        let message = format!("`{}` can't be read: {error}", path.display());
        Error::new(ErrorKind::Usage, message).with_source(error)
    })?;
    let name = path.with_extension("").display().to_string();
    let text = text.trim_start_matches('\u{feff}').to_owned();
    Ok(SavedQuery::new(name, Origin::File(path.to_owned()), text))
}

async fn problems_of(engine: &Engine, queries: &[SavedQuery]) -> Vec<String> {
    let mut found = Vec::new();
    for query in queries {
        let place = query.place();
        let problems = check(engine, query).await;
        found.extend(problems.iter().map(|p| format!("{place}:{}: {}", p.line, p.message)));
    }
    found
}

fn verdict(options: &Options, checked: usize, problems: &[String]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    for problem in problems {
        note(&mut stdout, problem);
    }
    let noun = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let checked = noun(checked, "query", "queries");
    if problems.is_empty() {
        if !options.quiet {
            note(&mut io::stderr(), &format!("{checked} checked, no problems"));
        }
        return Ok(());
    }
    let problems = noun(problems.len(), "problem", "problems");
    Err(Error::new(ErrorKind::Query, format!("{problems} in {checked}")))
}
