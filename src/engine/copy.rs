//! `COPY` to a file that appears whole or not at all.
//!
//! DataFusion completes the files it has begun when the rows end, also when they end with an
//! error. So it writes beside the target, and the target gets its files when all went well.

use std::borrow::Cow;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::LogicalPlan;
use datafusion::logical_expr::dml::CopyTo;
use percent_encoding::percent_decode_str;
use tempfile::{Builder, TempDir};

use crate::error::{Error, ErrorKind, Result};

/// Files on their way to their place. Dropped earlier, they vanish.
#[derive(Debug)]
pub(super) struct Staged {
    folder: TempDir,
    /// What DataFusion writes: a file, or a folder of them.
    written: PathBuf,
    target: PathBuf,
}

/// Sends every `COPY` of a plan that will run to a place beside its target.
pub(super) fn stage(plan: LogicalPlan) -> Result<(LogicalPlan, Vec<Staged>)> {
    let mut staged = Vec::new();
    let plan = plan.transform_down(|node| match node {
        // It shows the plan and runs nothing.
        LogicalPlan::Explain(_) => Ok(Transformed::new(node, false, TreeNodeRecursion::Stop)),
        LogicalPlan::Copy(copy) => {
            let (copy, beside) = aside(copy)?;
            staged.extend(beside);
            Ok(Transformed::yes(LogicalPlan::Copy(copy)))
        }
        node => Ok(Transformed::no(node)),
    })?;
    Ok((plan.data, staged))
}

fn aside(copy: CopyTo) -> Result<(CopyTo, Option<Staged>)> {
    let Some(target) = local(&copy.output_url) else { return Ok((copy, None)) };
    let target = resolve(target)?;
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|error| failed(&target, error))?;
    let folder = Builder::new().prefix(".entraql-").tempdir_in(parent);
    let folder = folder.map_err(|error| failed(&target, error))?;
    let written = folder.path().join(target.file_name().unwrap_or_default());
    // The slash says that it is a folder, where the name alone does not.
    let slash = if copy.output_url.ends_with('/') { "/" } else { "" };
    let output_url = format!("{}{slash}", written.display());
    Ok((CopyTo { output_url, ..copy }, Some(Staged { folder, written, target })))
}

/// The path of a target on this machine; there is no store for any other.
fn local(url: &str) -> Option<PathBuf> {
    let path = match url.strip_prefix("file://") {
        Some(encoded) => percent_decode_str(encoded).decode_utf8_lossy(),
        None => Cow::Borrowed(url),
    };
    (!path.contains("://")).then(|| PathBuf::from(path.trim_end_matches('/')))
}

/// Follows a link to what it names: renaming over the link would replace it.
fn resolve(target: PathBuf) -> Result<PathBuf> {
    match fs::metadata(&target) {
        Ok(found) if !found.is_file() && !found.is_dir() => {
            let message = format!("`{}` is neither a file nor a folder", target.display());
            Err(Error::new(ErrorKind::Usage, message)
                .with_hint("rows for a pipe: `--format csv`, without COPY"))
        }
        Ok(_) => fs::canonicalize(&target).map_err(|error| failed(&target, error)),
        Err(_) => Ok(target),
    }
}

impl Staged {
    /// Gives the files their place; one of the same name is replaced.
    pub(super) fn commit(self) -> Result<()> {
        let moved = match self.written.is_dir() {
            true => move_files(&self.written, &self.target),
            false => move_file(&self.written, &self.target),
        };
        moved.map_err(|error| failed(&self.target, error))?;
        self.folder.close().map_err(|error| failed(&self.target, error))
    }
}

fn move_files(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        match path.is_dir() {
            true => move_files(&path, &to.join(name))?,
            false => move_file(&path, &to.join(name))?,
        }
    }
    Ok(())
}

fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    fs::File::open(from)?.sync_all()?;
    fs::rename(from, to)
}

fn failed(target: &Path, error: io::Error) -> Error {
    let message = format!("`{}` cannot be written: {error}", target.display());
    Error::new(ErrorKind::Output, message).with_source(error)
}
