//! The settings file: TOML, read strictly. A key nobody knows is a mistake.
//!
//! Problems are collected, so that one look at them is enough.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::private;
use crate::config::reference::Reference;
use crate::config::setting::{Origin, Setting, Value, key};
use crate::config::{folders, problem};
use crate::error::Result;

pub(crate) use crate::config::problem::Problem;

/// The tables and keys at the top of the file.
const TOP: &[&str] = &["default_tenant", "defaults", "tenants"];

/// What the settings file says.
#[derive(Debug, Default)]
pub(crate) struct SettingsFile {
    pub(crate) path: PathBuf,
    pub(crate) default_tenant: Option<Setting>,
    pub(crate) defaults: Vec<Setting>,
    pub(crate) tenants: Vec<TenantTable>,
    pub(crate) problems: Vec<Problem>,
}

/// One `[tenants.NAME]`.
#[derive(Debug)]
pub(crate) struct TenantTable {
    pub(crate) name: String,
    pub(crate) settings: Vec<Setting>,
}

impl SettingsFile {
    /// Reads a file. What is wrong inside of it ends up in `problems`.
    ///
    /// # Errors
    ///
    /// `Config` when it cannot be read or is not TOML.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).map_err(|error| problem::unreadable(path, error))?;
        Self::parse(path, text.trim_start_matches('\u{feff}'))
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let table = DeTable::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            problem::broken(path, line, error.message())
        })?;
        let mut reader = Reader { text, file: Self { path: path.to_owned(), ..Self::default() } };
        reader.top(table.get_ref());
        reader.file.problems.sort_by_key(|problem| problem.line);
        Ok(reader.file)
    }
}

struct Reader<'a> {
    text: &'a str,
    file: SettingsFile,
}

fn line_of(text: &str, byte: usize) -> usize {
    text[..byte.min(text.len())].matches('\n').count() + 1
}

impl Reader<'_> {
    fn complain(&mut self, at: Range<usize>, what: String, hint: Option<String>) {
        let line = line_of(self.text, at.start);
        self.file.problems.push(Problem { path: self.file.path.clone(), line, what, hint });
    }

    fn top(&mut self, table: &DeTable<'_>) {
        for (name, value) in table {
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("default_tenant", _) => {
                    self.file.default_tenant = self.setting("default_tenant", name, value);
                }
                ("defaults", DeValue::Table(keys)) => {
                    self.file.defaults = self.settings(keys, &[key::DEFAULTS]);
                }
                ("tenants", DeValue::Table(tenants)) => self.tenants(tenants),
                ("defaults" | "tenants", _) => {
                    let what = format!("`{}` is not a table", name.get_ref());
                    self.complain(name.span(), what, None);
                }
                _ => self.unknown(name, &[TOP]),
            }
        }
        self.check_default();
    }

    fn tenants(&mut self, tenants: &DeTable<'_>) {
        for (name, value) in tenants {
            match value.get_ref() {
                DeValue::Table(keys) => {
                    let settings = self.settings(keys, &[key::TENANT, key::DEFAULTS]);
                    let name = name.get_ref().as_ref().to_owned();
                    self.file.tenants.push(TenantTable { name, settings });
                }
                _ => {
                    let what = format!("the tenant `{}` is not a table", name.get_ref());
                    let hint = "begin it with `[tenants.NAME]`".to_owned();
                    self.complain(name.span(), what, Some(hint));
                }
            }
        }
    }

    fn check_default(&mut self) {
        let Some(default) = &self.file.default_tenant else { return };
        if self.file.tenants.iter().any(|tenant| tenant.name == default.text()) {
            return;
        }
        let Origin::File(path, line) = default.origin.clone() else { return };
        let what = format!("there is no tenant `{}`", default.text());
        let names = self.file.tenants.iter().map(|tenant| tenant.name.as_str());
        let hint = problem::meant(default.text(), names);
        self.file.problems.push(Problem { path, line, what, hint });
    }

    fn settings(&mut self, table: &DeTable<'_>, known: &[&[&'static str]]) -> Vec<Setting> {
        let mut settings = Vec::new();
        for (name, value) in table {
            let found = known.iter().copied().flatten().find(|key| *key == name.get_ref());
            match found {
                Some(key) => settings.extend(self.setting(key, name, value)),
                None => self.unknown(name, known),
            }
        }
        settings
    }

    fn unknown(&mut self, name: &Spanned<std::borrow::Cow<'_, str>>, known: &[&[&str]]) {
        let what = format!("there is no setting `{}`", name.get_ref());
        let hint = problem::meant(name.get_ref(), known.iter().copied().flatten().copied());
        self.complain(name.span(), what, hint);
    }

    fn setting(
        &mut self,
        key: &'static str,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Setting> {
        let line = line_of(self.text, name.span().start);
        match self.value(key, value.get_ref()) {
            Ok(value) => {
                let origin = Origin::File(self.file.path.clone(), line);
                Some(Setting { key, value, origin })
            }
            Err((what, hint)) => {
                self.complain(value.span(), format!("`{key}` {what}"), hint);
                None
            }
        }
    }

    /// Reads a value; the error says what is wrong with it and what to do.
    fn value(&self, key: &str, value: &DeValue<'_>) -> Result<Value, (String, Option<String>)> {
        let wrong = |what: &str| Err((format!("is not {what}"), None));
        match key {
            key::MAX_ROWS | key::MAX_REQUESTS => {
                match value.as_integer().and_then(|n| n.as_str().parse().ok()) {
                    Some(count) => Ok(Value::Count(count)),
                    None => wrong("a whole number, such as 1000"),
                }
            }
            key::QUIET => match value.as_bool() {
                Some(on) => Ok(Value::Switch(on)),
                None => wrong("`true` or `false`"),
            },
            _ => match value.as_str().filter(|text| !text.is_empty()) {
                Some(text) => self.text(key, text),
                None => wrong("a text in quotes"),
            },
        }
    }

    fn text(&self, key: &str, text: &str) -> Result<Value, (String, Option<String>)> {
        let base = self.file.path.parent().unwrap_or(Path::new("/"));
        match key {
            key::CERTIFICATE | key::TOKEN_FILE | key::LISTS => {
                Ok(Value::Path(folders::expand(text, base)))
            }
            key::CLIENT_SECRET => {
                let refuse = |e: crate::error::Error| {
                    (format!("cannot be read: {}", e.message()), e.hint().map(str::to_owned))
                };
                let reference = Reference::parse(text, base).map_err(refuse)?;
                if matches!(reference, Reference::Inline(_)) {
                    private::check(&self.file.path).map_err(refuse)?;
                }
                Ok(Value::Secret(reference))
            }
            _ => Ok(Value::Text(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> SettingsFile {
        SettingsFile::parse(Path::new("/c/config.toml"), text).unwrap()
    }

    fn problems(text: &str) -> Vec<String> {
        parse(text).problems.iter().map(ToString::to_string).collect()
    }

    const SOUND: &str = r#"
default_tenant = "contoso"
[defaults]
max_rows = 500
[tenants.contoso]
tenant_id = "contoso.com"
client_id = "72f988bf-86f1-41af-91ab-2d7cd011db47"
client_secret = "env:CONTOSO_SECRET"
format = "csv"
[tenants.fabrikam]
certificate = "fabrikam.pem"
"#;

    #[test]
    fn a_sound_file_has_no_problems_and_every_setting_knows_its_line() {
        let file = parse(SOUND);
        assert!(file.problems.is_empty(), "{:?}", file.problems);
        let names: Vec<_> = file.tenants.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["contoso", "fabrikam"]);
        let contoso = &file.tenants[0].settings;
        let secret = contoso.iter().find(|s| s.key == key::CLIENT_SECRET).unwrap();
        assert_eq!(secret.value.to_string(), "env:CONTOSO_SECRET");
        assert_eq!(secret.origin.to_string(), "/c/config.toml:8");
        assert_eq!(file.defaults[0].value, Value::Count(500));
        let path = &file.tenants[1].settings[0].value;
        assert_eq!(path.to_string(), "/c/fabrikam.pem", "relative to the file");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_what_was_meant() {
        let found = problems(
            "defualt_tenant = 'a'\n[tenants.a]\ntenat_id = 'b'\nclient_id = 7\nmax_rows = -1\n\
             quiet = 'yes'\nclient_secret = 'cmd:'\n",
        );
        let expected = [
            "/c/config.toml:1: there is no setting `defualt_tenant`; did you mean `default_tenant`?",
            "/c/config.toml:3: there is no setting `tenat_id`; did you mean `tenant_id`?",
            "/c/config.toml:4: `client_id` is not a text in quotes",
            "/c/config.toml:5: `max_rows` is not a whole number, such as 1000",
            "/c/config.toml:6: `quiet` is not `true` or `false`",
            "/c/config.toml:7: `client_secret` cannot be read: the command `` names no program",
        ];
        for line in expected {
            assert!(found.iter().any(|found| found == line), "{line} is missing in {found:#?}");
        }
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        let found = problems("default_tenant = 'contosso'\n[tenants.contoso]\n");
        assert_eq!(
            found,
            ["/c/config.toml:1: there is no tenant `contosso`; did you mean `contoso`?"]
        );
        assert_eq!(problems("tenants = 1"), ["/c/config.toml:1: `tenants` is not a table"]);
    }

    #[test]
    fn broken_toml_is_an_error_with_its_line() {
        let error = SettingsFile::parse(Path::new("/c/config.toml"), "\na = \n").unwrap_err();
        assert_eq!(error.context()[0], ("at", "/c/config.toml:2".to_owned()));
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_inside_needs_a_file_that_is_closed_to_others() {
        use std::os::unix::fs::PermissionsExt;

        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "[tenants.a]\nclient_secret = 'abc~8Q'\n").unwrap();
        let mode = |mode| {
            fs::set_permissions(file.path(), fs::Permissions::from_mode(mode)).unwrap();
            SettingsFile::read(file.path()).unwrap()
        };
        let open = mode(0o644).problems;
        assert!(open[0].what.contains("mode 0644"), "{open:?}");
        assert!(open[0].hint.as_ref().unwrap().starts_with("`chmod 600 "), "{open:?}");
        let closed = mode(0o600);
        assert!(closed.problems.is_empty());
        assert!(!format!("{closed:?}").contains("abc~8Q"));
    }
}
