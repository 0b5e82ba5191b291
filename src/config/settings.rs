//! All settings: flags over environment over file over defaults.
//!
//! A tenant that is named, by `--tenant` or `ENTRAQL_TENANT`, is taken from the file even
//! where the environment says otherwise: who asks for one tenant must not get another.

use std::path::{Path, PathBuf};

use crate::config::env::{self, Variable};
use crate::config::file::{Problem, SettingsFile};
use crate::config::reference::Reference;
use crate::config::setting::{Origin, Setting, Value, key};
use crate::config::{folders, problem};
use crate::error::{Error, ErrorKind, Result};

/// What the command line says about the settings.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags {
    pub(crate) config: Option<PathBuf>,
    pub(crate) tenant: Option<String>,
    pub(crate) secret_file: Option<PathBuf>,
    pub(crate) secret_stdin: bool,
    pub(crate) secret_cmd: Option<String>,
}

/// Variables that stand for keys.
const VARIABLES: &[(&str, Variable)] = &[
    (key::TENANT_ID, env::TENANT_ID),
    (key::CLIENT_ID, env::CLIENT_ID),
    (key::CREDENTIAL, env::CREDENTIAL),
    (key::CLIENT_SECRET, env::CLIENT_SECRET),
    (key::CERTIFICATE, env::CERTIFICATE_PATH),
    (key::TOKEN_FILE, env::FEDERATED_TOKEN_FILE),
    (key::AUTHORITY, env::AUTHORITY_HOST),
    (key::GRAPH, env::GRAPH_URL),
    (key::LISTS, env::LISTS),
];

/// Settings from everywhere; no secret has been read yet.
#[derive(Debug)]
pub(crate) struct Config {
    /// Where the settings file is, or would be.
    path: Option<PathBuf>,
    file: Option<SettingsFile>,
    /// The tenant of the file that is used.
    tenant: Option<String>,
    /// Highest precedence first.
    layers: Vec<Vec<Setting>>,
}

impl Config {
    /// Reads the file and the environment.
    ///
    /// # Errors
    ///
    /// `Config` when the file is wrong anywhere, or the tenant named is not in it.
    pub(crate) fn load(flags: &Flags) -> Result<Self> {
        let config = Self::look(flags)?;
        match config.problems().first() {
            Some(problem) => Err(problem.to_error()),
            None => Ok(config),
        }
    }

    /// Reads them without minding what [`Config::problems`] tells.
    pub(crate) fn look(flags: &Flags) -> Result<Self> {
        Self::read(flags, Variable::read)
    }

    pub(super) fn read(flags: &Flags, read: impl Fn(&Variable) -> Option<String>) -> Result<Self> {
        let (path, required) = match flags.config.clone() {
            Some(path) => (Some(path), true),
            None => match read(&env::CONFIG) {
                Some(path) => (Some(PathBuf::from(path)), true),
                None => (folders::settings_file(), false),
            },
        };
        let path = path.map(|path| std::path::absolute(&path).unwrap_or(path));
        let file = match &path {
            Some(path) if required || path.exists() => Some(SettingsFile::read(path)?),
            _ => None,
        };
        let mut config = Self { path, file, tenant: None, layers: Vec::new() };
        let named = flags.tenant.clone().or_else(|| read(&env::TENANT));
        let own = config.choose(named.as_deref())?;
        let flags = from_flags(flags)?;
        let environment = VARIABLES.iter().filter_map(|(key, v)| from_variable(key, v, &read));
        let environment = environment.collect();
        let defaults = config.file.as_ref().map(|file| file.defaults.clone()).unwrap_or_default();
        config.layers = match named {
            Some(_) => vec![flags, own, environment, defaults],
            None => vec![flags, environment, own, defaults],
        };
        Ok(config)
    }

    /// Finds the tenant of the file: the one named, the default, or the only one.
    fn choose(&mut self, named: Option<&str>) -> Result<Vec<Setting>> {
        let tenants = self.file.as_ref().map(|file| file.tenants.as_slice()).unwrap_or_default();
        let default = self.file.as_ref().and_then(|file| file.default_tenant.as_ref());
        let wanted = named.or_else(|| default.map(Setting::text));
        let found = match (wanted, tenants) {
            (Some(name), tenants) => tenants.iter().find(|tenant| tenant.name == name),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        match (found, named) {
            (Some(tenant), _) => {
                let settings = tenant.settings.clone();
                self.tenant = Some(tenant.name.clone());
                Ok(settings)
            }
            (None, Some(name)) => Err(self.unknown(name)),
            (None, None) => Ok(Vec::new()),
        }
    }

    fn unknown(&self, name: &str) -> Error {
        let error = Error::new(ErrorKind::Config, format!("there is no tenant `{name}`"));
        let Some(path) = &self.path else { return error };
        let error = error.with_context("file", path.display().to_string());
        match problem::meant(name, self.tenants().into_iter()) {
            Some(hint) => error.with_hint(hint),
            None => error.with_hint(format!("begin it there with `[tenants.{name}]`")),
        }
    }

    /// Returns the names of all tenants in the file.
    pub(crate) fn tenants(&self) -> Vec<&str> {
        let tenants = self.file.iter().flat_map(|file| &file.tenants);
        tenants.map(|tenant| tenant.name.as_str()).collect()
    }

    /// Returns the tenant of the file that is used.
    pub(crate) fn tenant_name(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// Returns where the settings file is, or would be.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Tells whether there is a settings file.
    pub(crate) fn has_file(&self) -> bool {
        self.file.is_some()
    }

    /// Returns what is wrong with the file.
    pub(crate) fn problems(&self) -> &[Problem] {
        self.file.as_ref().map(|file| file.problems.as_slice()).unwrap_or_default()
    }

    /// Returns a setting, from wherever it counts.
    pub(crate) fn get(&self, key: &str) -> Option<&Setting> {
        self.layers.iter().flatten().find(|setting| setting.key == key)
    }

    /// Returns those of the first layer that knows any of the keys: they belong together.
    pub(super) fn group(&self, keys: &[&str]) -> Vec<&Setting> {
        let known = |setting: &&Setting| keys.contains(&setting.key);
        let groups = self.layers.iter().map(|layer| layer.iter().filter(known).collect::<Vec<_>>());
        groups.into_iter().find(|group| !group.is_empty()).unwrap_or_default()
    }

    /// Returns whether nobody has begun to configure a tenant.
    pub(crate) fn is_untouched(&self) -> bool {
        let hosts = [key::CLOUD, key::AUTHORITY, key::GRAPH];
        let begun = |key: &&&str| !hosts.contains(*key) && self.get(key).is_some();
        self.tenants().is_empty() && !key::TENANT.iter().any(|key| begun(&key))
    }
}

fn from_flags(flags: &Flags) -> Result<Vec<Setting>> {
    let given = [
        ("--client-secret-file", flags.secret_file.clone().map(Reference::File)),
        ("--client-secret-stdin", flags.secret_stdin.then_some(Reference::Stdin)),
        ("--client-secret-cmd", flags.secret_cmd.as_deref().map(Reference::command).transpose()?),
    ];
    let secret = |(name, reference): (&'static str, Option<Reference>)| {
        let value = Value::Secret(reference?);
        Some(Setting { key: key::CLIENT_SECRET, value, origin: Origin::Flag(name) })
    };
    Ok(given.into_iter().filter_map(secret).collect())
}

fn from_variable(
    key: &'static str,
    variable: &Variable,
    read: impl Fn(&Variable) -> Option<String>,
) -> Option<Setting> {
    let text = read(variable)?;
    let value = match key {
        key::CLIENT_SECRET => Value::Secret(Reference::Variable(variable.name.to_owned())),
        key::CERTIFICATE | key::TOKEN_FILE | key::LISTS => {
            Value::Path(std::path::absolute(&text).unwrap_or(PathBuf::from(text)))
        }
        _ => Value::Text(text),
    };
    Some(Setting { key, value, origin: Origin::Variable(variable.name) })
}

#[cfg(test)]
pub(super) mod tests {
    use std::fs;

    use super::*;

    pub(in crate::config) fn config(
        file: &str,
        tenant: Option<&str>,
        set: &[(Variable, &str)],
    ) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, file).unwrap();
        let flags =
            Flags { config: Some(path), tenant: tenant.map(str::to_owned), ..Flags::default() };
        Config::read(&flags, |variable| {
            set.iter().find(|(v, _)| v == variable).map(|(_, value)| (*value).to_owned())
        })
    }

    const TWO: &str = "[defaults]\nformat = 'csv'\nmax_rows = 5\n\
                       [tenants.a]\ntenant_id = 'a.example'\nformat = 'json'\n\
                       [tenants.b]\ntenant_id = 'b.example'\n";

    fn text<'a>(config: &'a Config, key: &str) -> Option<&'a str> {
        config.get(key).map(Setting::text)
    }

    #[test]
    fn the_environment_counts_more_than_a_default_tenant_and_less_than_a_named_one() {
        let set = [(env::TENANT_ID, "env.example")];
        let file = format!("default_tenant = 'a'\n{TWO}");
        let unnamed = config(&file, None, &set).unwrap();
        assert_eq!(text(&unnamed, key::TENANT_ID), Some("env.example"));
        let origin = &unnamed.get(key::TENANT_ID).unwrap().origin;
        assert_eq!(origin.to_string(), "AZURE_TENANT_ID");
        let named = config(&file, Some("b"), &set).unwrap();
        assert_eq!(text(&named, key::TENANT_ID), Some("b.example"));
        let set = [(env::TENANT_ID, "env.example"), (env::TENANT, "b")];
        assert_eq!(text(&config(&file, None, &set).unwrap(), key::TENANT_ID), Some("b.example"));
        assert_eq!(config(&file, Some("a"), &set).unwrap().tenant_name(), Some("a"));
    }

    #[test]
    fn a_tenant_has_defaults_of_its_own() {
        let a = config(TWO, Some("a"), &[]).unwrap();
        assert_eq!(text(&a, key::FORMAT), Some("json"));
        assert_eq!(a.get(key::MAX_ROWS).unwrap().value, Value::Count(5));
        assert_eq!(text(&config(TWO, Some("b"), &[]).unwrap(), key::FORMAT), Some("csv"));
    }

    #[test]
    fn the_only_tenant_needs_no_name_and_one_of_several_does() {
        let only = config("[tenants.a]\ntenant_id = 'a.example'\n", None, &[]).unwrap();
        assert_eq!(only.tenant_name(), Some("a"));
        let two = config(TWO, None, &[]).unwrap();
        assert_eq!(two.tenant_name(), None);
        assert!(!two.is_untouched());
        assert!(config("", None, &[]).unwrap().is_untouched());
        assert!(config("", None, &[(env::GRAPH_URL, "x")]).unwrap().is_untouched());
        assert!(!config("", None, &[(env::CLIENT_ID, "x")]).unwrap().is_untouched());
    }

    #[test]
    fn an_unknown_tenant_is_an_error_that_names_the_nearest() {
        let error = config("[tenants.contoso]\n", Some("contosa"), &[]).unwrap_err();
        assert_eq!(error.message(), "there is no tenant `contosa`");
        assert_eq!(error.hint(), Some("did you mean `contoso`?"));
        let error = config("", Some("a"), &[]).unwrap_err();
        assert!(error.hint().unwrap().contains("[tenants.a]"), "{error:?}");
    }

    #[test]
    fn a_file_that_was_named_must_be_there() {
        let flags = Flags { config: Some("/no/such.toml".into()), ..Flags::default() };
        let error = Config::read(&flags, |_| None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("/no/such.toml"), "{error}");
    }
}
