//! The settings as they count, for `entraql config`, and what is wrong with them.

use crate::config::file::Problem;
use crate::config::reference::Reference;
use crate::config::setting::{Origin, Setting, Value, key};
use crate::config::{Config, private};
use crate::error::{Error, Result};

/// One setting in effect. A secret is shown by the place it is at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) key: &'static str,
    pub(crate) value: String,
    pub(crate) origin: String,
}

/// The origin of what nobody has set.
const DEFAULT: &str = "default";

impl Config {
    /// Returns everything in effect, defaults included.
    ///
    /// # Errors
    ///
    /// `Config` when credential or hosts contradict themselves.
    pub(crate) fn lines(&self) -> Result<Vec<Line>> {
        let hosts = self.hosts()?;
        let (credential, decided) = self.credential_setting()?;
        let effective = [
            (key::CREDENTIAL, credential, decided),
            (key::CLOUD, hosts.cloud(), None),
            (key::AUTHORITY, &hosts.authority, None),
            (key::GRAPH, &hosts.graph, None),
        ];
        let keys = key::TENANT.iter().chain(key::DEFAULTS);
        let line = |key: &&'static str| {
            let set = self.get(key);
            match effective.iter().find(|(name, ..)| name == key) {
                Some((key, value, decided)) => {
                    let from = set.or(*decided).map(|setting| &setting.origin);
                    Some(line(key, (*value).to_owned(), from))
                }
                None => set.map(|set| line(set.key, set.value.to_string(), Some(&set.origin))),
            }
        };
        Ok(keys.filter_map(line).collect())
    }

    /// Returns everything that is wrong: in the file, with the files it names, with the hosts.
    pub(crate) fn faults(&self) -> Vec<Error> {
        let (hosts, credential) = (self.hosts().err(), self.credential_setting().err());
        let files = self.secret_files().into_iter().filter_map(|setting| judge(setting).err());
        let problems = self.problems().iter().map(Problem::to_error);
        problems.chain(hosts).chain(credential).chain(files).collect()
    }

    fn secret_files(&self) -> Vec<&Setting> {
        let keys = [key::CLIENT_SECRET, key::CERTIFICATE];
        keys.iter().filter_map(|key| self.get(key)).collect()
    }
}

fn line(key: &'static str, value: String, origin: Option<&Origin>) -> Line {
    Line { key, value, origin: origin.map_or(DEFAULT.to_owned(), ToString::to_string) }
}

fn judge(setting: &Setting) -> Result<()> {
    let (Value::Path(path) | Value::Secret(Reference::File(path))) = &setting.value else {
        return Ok(());
    };
    private::check(path).map_err(|error| match &setting.origin {
        Origin::File(..) => error.with_context("at", setting.origin.to_string()),
        origin => error.with_context("from", origin.to_string()),
    })
}
