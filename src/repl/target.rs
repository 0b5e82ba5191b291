//! Where the results of the shell go: the screen, a pager, or a file.

use std::io::{self, BufRead, BufReader, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tempfile::SpooledTempFile;

use crate::error::{Error, ErrorKind, Result};
use crate::output::{FileFormat, Format, RowSink, Writer, append_file, open_file};
use crate::repl::settings::Settings;

/// Bytes of a result that wait for the pager in memory; more wait in a file.
const IN_MEMORY: usize = 16 * 1024 * 1024;

/// Where results go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Target {
    #[default]
    Screen,
    /// Every result, until told otherwise.
    Every(PathBuf),
    /// The next result.
    Next(PathBuf),
}

impl Target {
    /// Starts a file that takes every result from now on.
    pub(super) fn every(path: PathBuf) -> Result<Self> {
        if let Some(FileFormat::Parquet | FileFormat::Arrow) = FileFormat::by_suffix(&path) {
            let name = path.display();
            return Err(Error::new(ErrorKind::Usage, format!("`{name}` can hold one result only"))
                .with_hint(format!("`.once {name}` for the next result")));
        }
        std::fs::File::create(&path).map_err(|error| {
            Error::new(ErrorKind::Output, format!("the file cannot be written: {error}"))
                .with_context("file", path.display().to_string())
                .with_source(error)
        })?;
        Ok(Self::Every(path))
    }

    /// Returns the cap of rows: it is there for a person who looks at them.
    pub(super) fn cap(&self, settings: &Settings) -> Option<u64> {
        settings.max_rows.filter(|_| *self == Self::Screen)
    }

    /// Returns the name `.show` shows.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Screen => "stdout".to_owned(),
            Self::Every(path) => path.display().to_string(),
            Self::Next(path) => format!("{} (the next result)", path.display()),
        }
    }

    /// Opens the place of one result.
    pub(super) fn open(
        &self,
        format: Format,
        settings: &Settings,
        stdout: Writer,
    ) -> Result<Place> {
        let looks = &settings.looks;
        match self {
            Self::Screen => Ok(on_screen(format, settings, stdout)),
            Self::Every(path) => {
                let format = match FileFormat::by_suffix(path) {
                    Some(FileFormat::Text(by_suffix)) => by_suffix,
                    _ => format,
                };
                Ok(Place::file(append_file(path, format, looks)?))
            }
            Self::Next(path) => Ok(Place::file(export(path, format, settings)?)),
        }
    }
}

/// Opens a file for one result.
pub(super) fn export(
    path: &Path,
    otherwise: Format,
    settings: &Settings,
) -> Result<Box<dyn RowSink>> {
    let format = FileFormat::by_suffix(path).unwrap_or(FileFormat::Text(otherwise));
    open_file(path, format, &settings.looks)
}

fn on_screen(format: Format, settings: &Settings, stdout: Writer) -> Place {
    let style = settings.style();
    let has_notes = format.has_notes();
    if !settings.pager || !style.terminal {
        let sink = format.sink(stdout, style, &settings.looks);
        return Place { sink, has_notes, waiting: None };
    }
    let spool = Spool::default();
    let sink = format.sink(Box::new(spool.clone()), style, &settings.looks);
    Place { sink, has_notes, waiting: Some((spool, stdout)) }
}

/// The place of one result.
pub(super) struct Place {
    pub(super) sink: Box<dyn RowSink>,
    /// Notes about the result are part of it.
    pub(super) has_notes: bool,
    waiting: Option<(Spool, Writer)>,
}

impl Place {
    fn file(sink: Box<dyn RowSink>) -> Self {
        Self { sink, has_notes: false, waiting: None }
    }

    /// Splits into the sink, and what is done when it has finished.
    pub(super) fn split(self) -> (Box<dyn RowSink>, Ending) {
        (self.sink, Ending(self.waiting))
    }
}

/// What remains to be done when a result is whole.
pub(super) struct Ending(Option<(Spool, Writer)>);

impl Ending {
    /// Shows what was held back: in the pager when it is longer than the screen.
    pub(super) fn show(self, settings: &Settings) -> Result<()> {
        let Some((spool, mut stdout)) = self.0 else { return Ok(()) };
        let mut text = spool.file();
        let room = (settings.height)().unwrap_or(usize::MAX).saturating_sub(1);
        let is_long = lines(&mut *text, room).map_err(unshown)? > room;
        text.rewind().map_err(unshown)?;
        if is_long && settings.programs.page(&mut *text)? {
            return Ok(());
        }
        text.rewind().map_err(unshown)?;
        io::copy(&mut *text, &mut stdout).and_then(|_| stdout.flush()).map_err(unshown)
    }
}

/// Counts lines, one more than `enough` at the most.
fn lines(text: &mut (impl Read + Seek), enough: usize) -> io::Result<usize> {
    text.rewind()?;
    let mut count = 0;
    for line in BufReader::new(text).split(b'\n') {
        line?;
        count += 1;
        if count > enough {
            break;
        }
    }
    Ok(count)
}

fn unshown(error: io::Error) -> Error {
    Error::new(ErrorKind::Output, format!("the result could not be shown: {error}"))
        .with_source(error)
}

/// Holds a result back until it is whole: a scan must not wait for a reader.
#[derive(Clone)]
struct Spool(Arc<Mutex<SpooledTempFile>>);

impl Default for Spool {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(SpooledTempFile::new(IN_MEMORY))))
    }
}

impl Spool {
    fn file(&self) -> MutexGuard<'_, SpooledTempFile> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file().flush()
    }
}
