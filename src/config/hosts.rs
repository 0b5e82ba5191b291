//! The sign-in host and the Graph host, which belong together: a token must not travel to
//! the Graph of another cloud because one setting was forgotten.

use reqwest::Url;

use crate::config::problem;
use crate::config::setting::{Setting, key};
use crate::error::{Error, ErrorKind, Result};

/// A cloud Microsoft runs: <https://learn.microsoft.com/graph/deployments>.
pub(crate) struct Cloud {
    /// The name settings use.
    pub(crate) name: &'static str,
    /// The sign-in host.
    pub(crate) authority: &'static str,
    /// Its Graph.
    pub(crate) graph: &'static str,
}

const fn cloud(name: &'static str, authority: &'static str, graph: &'static str) -> Cloud {
    Cloud { name, authority, graph }
}

/// Two clouds may share a sign-in host; the first of them is meant unless Graph is named.
pub(crate) const CLOUDS: &[Cloud] = &[
    cloud("public", "https://login.microsoftonline.com", "https://graph.microsoft.com"),
    cloud("gcc-high", "https://login.microsoftonline.us", "https://graph.microsoft.us"),
    cloud("dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
    cloud("china", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"),
    cloud(
        "china",
        "https://login.partner.microsoftonline.cn",
        "https://microsoftgraph.chinacloudapi.cn",
    ),
];

/// The name of a cloud nobody lists.
pub(crate) const CUSTOM: &str = "custom";

/// Sign-in host and Graph host, as origins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hosts {
    pub(crate) authority: String,
    pub(crate) graph: String,
}

impl Hosts {
    /// Finds the pair the settings mean; those not given follow from the others.
    pub(super) fn find(settings: &[&Setting]) -> Result<Self> {
        let get = |key: &str| settings.iter().find(|setting| setting.key == key).copied();
        let authority = get(key::AUTHORITY).map(origin).transpose()?;
        let graph = get(key::GRAPH).map(origin).transpose()?;
        match get(key::CLOUD) {
            Some(name) if name.text() != CUSTOM => named(name, authority, graph),
            Some(name) => match (authority, graph) {
                (Some(authority), Some(graph)) => Ok(Self { authority, graph }),
                _ => Err(refused(name, "names no hosts by itself")
                    .with_hint("set `authority` and `graph` beside it")),
            },
            None => paired(get(key::AUTHORITY), authority, graph),
        }
    }

    /// Returns the name of the cloud.
    pub(crate) fn cloud(&self) -> &'static str {
        let own = |c: &&Cloud| c.authority == self.authority && c.graph == self.graph;
        CLOUDS.iter().find(own).map_or(CUSTOM, |cloud| cloud.name)
    }
}

fn named(name: &Setting, authority: Option<String>, graph: Option<String>) -> Result<Hosts> {
    let clouds: Vec<_> = CLOUDS.iter().filter(|cloud| cloud.name == name.text()).collect();
    if clouds.is_empty() {
        let names = ["public", "gcc-high", "dod", "china", CUSTOM];
        let error = refused(name, &format!("is not a cloud: `{}`", name.text()));
        return Err(match problem::meant(name.text(), names.into_iter()) {
            Some(hint) => error.with_hint(hint),
            None => error,
        });
    }
    let fits =
        |given: &Option<String>, own: &str| given.as_deref().is_none_or(|given| given == own);
    let own = clouds.iter().find(|c| fits(&authority, c.authority) && fits(&graph, c.graph));
    match own {
        Some(own) => Ok(Hosts { authority: own.authority.into(), graph: own.graph.into() }),
        None => Err(refused(name, "does not go with `authority` and `graph`")
            .with_hint("leave both out: the cloud brings them along")),
    }
}

fn paired(
    given: Option<&Setting>,
    authority: Option<String>,
    graph: Option<String>,
) -> Result<Hosts> {
    let authority = authority.unwrap_or_else(|| CLOUDS[0].authority.to_owned());
    let known: Vec<_> = CLOUDS.iter().filter(|c| c.authority == authority).collect();
    match (known.first(), graph) {
        (Some(cloud), None) => Ok(Hosts { authority, graph: cloud.graph.to_owned() }),
        (Some(_), Some(graph)) if known.iter().any(|cloud| cloud.graph == graph) => {
            Ok(Hosts { authority, graph })
        }
        (Some(_), Some(graph)) => Err(mismatch(&authority, &graph, given.is_none())),
        (None, Some(graph)) => Ok(Hosts { authority, graph }),
        (None, None) => Err(Error::new(
            ErrorKind::Config,
            format!("the Graph of sign-in host {authority} is not known"),
        )
        .with_hint("set ENTRAQL_GRAPH_URL, or `graph` in the settings file, to its origin")),
    }
}

fn mismatch(authority: &str, graph: &str, is_default: bool) -> Error {
    let hint = if is_default {
        "set AZURE_AUTHORITY_HOST (`authority` in the settings file) to the sign-in host that \
         belongs to it"
    } else {
        "set sign-in host and Graph to hosts of one cloud"
    };
    let problem = format!("tokens of {authority} must not be sent to {graph}");
    Error::new(ErrorKind::Config, problem).with_hint(hint)
}

fn refused(setting: &Setting, why: &str) -> Error {
    Error::new(ErrorKind::Config, format!("{} {why}", setting.name()))
}

/// Reduces a setting to an origin; a bare host name means https.
fn origin(setting: &Setting) -> Result<String> {
    let value = setting.text().trim();
    let full = if value.contains("://") { value.to_owned() } else { format!("https://{value}") };
    let refused = |why: &str| {
        refused(setting, why)
            .with_hint("it takes an origin such as `https://login.microsoftonline.us`")
    };
    let url = Url::parse(&full).map_err(|e| refused("is not a URL").with_source(e))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("must not hold a user name or password"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(refused("must be an origin without a path"));
    }
    if url.scheme() != "https" && !is_loopback(&url) {
        return Err(refused("must use https"));
    }
    Ok(url.origin().ascii_serialization())
}

/// The simulator on the same machine is the one place where plain http is safe.
fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use crate::config::setting::{Origin, Value};

    use super::*;

    fn find(given: &[(&'static str, &str)]) -> Result<Hosts> {
        let made = |(key, text): &(&'static str, &str)| Setting {
            key,
            value: Value::Text((*text).to_owned()),
            origin: Origin::Variable("A_VARIABLE"),
        };
        let settings: Vec<_> = given.iter().map(made).collect();
        Hosts::find(&settings.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_name_brings_both_hosts() {
        for cloud in CLOUDS {
            let hosts = find(&[(key::CLOUD, cloud.name)]).unwrap();
            assert_eq!((hosts.cloud(), hosts.graph.as_str()), (cloud.name, cloud.graph));
        }
        assert_eq!(find(&[]).unwrap().cloud(), "public");
    }

    #[test]
    fn a_sign_in_host_brings_its_graph() {
        let hosts = find(&[(key::AUTHORITY, "login.microsoftonline.us/")]).unwrap();
        assert_eq!(hosts.graph, "https://graph.microsoft.us");
        let dod = [
            (key::AUTHORITY, "https://login.microsoftonline.us"),
            (key::GRAPH, "https://dod-graph.microsoft.us"),
        ];
        assert_eq!(find(&dod).unwrap().cloud(), "dod");
    }

    #[test]
    fn tokens_stay_in_their_cloud() {
        for given in [
            &[(key::GRAPH, "https://graph.microsoft.us")][..],
            &[(key::GRAPH, "http://127.0.0.1:8080")],
            &[(key::AUTHORITY, "https://login.example.com")],
            &[(key::CLOUD, "china"), (key::GRAPH, "https://graph.microsoft.com")],
            &[(key::CLOUD, "custom"), (key::GRAPH, "https://graph.example.com")],
            &[(key::CLOUD, "chian")],
        ] {
            assert_eq!(find(given).unwrap_err().kind(), ErrorKind::Config, "{given:?}");
        }
        let error = find(&[(key::CLOUD, "chian")]).unwrap_err();
        assert_eq!(error.hint(), Some("did you mean `china`?"));
    }

    #[test]
    fn a_simulator_on_this_machine_may_use_http() {
        let here = "http://127.0.0.1:8080";
        let hosts = find(&[(key::AUTHORITY, here), (key::GRAPH, here)]).unwrap();
        assert_eq!((hosts.graph.as_str(), hosts.cloud()), (here, CUSTOM));
        let there = "http://graph.example.com";
        let error = find(&[(key::AUTHORITY, there), (key::GRAPH, there)]).unwrap_err();
        assert!(error.message().contains("A_VARIABLE must use https"), "{error}");
    }

    #[test]
    fn hosts_are_origins_and_nothing_more() {
        for value in ["https://u:p@login.microsoftonline.com", "https://a/b", "https://a?b", "::"] {
            assert!(find(&[(key::AUTHORITY, value)]).is_err(), "{value}");
        }
    }
}
