//! Reads the body of `getByIds`.

use serde::Deserialize;

use crate::sim::reply::Fail;

/// Ids one request may name.
const MAX_IDS: usize = 1_000;

/// The ids asked for and the types they may have.
#[derive(Debug, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) ids: Vec<String>,
    #[serde(default)]
    types: Option<Vec<String>>,
}

impl Wanted {
    /// Says whether objects of a collection such as `users` were asked for.
    pub(crate) fn wants(&self, collection: &str) -> bool {
        let Some(types) = &self.types else { return true };
        let singular = collection.trim_end_matches('s');
        types.iter().any(|kind| {
            kind.eq_ignore_ascii_case(singular) || kind.eq_ignore_ascii_case("directoryObject")
        })
    }
}

/// Reads the body; too many ids or none at all are refused.
pub(crate) fn ids(body: &[u8]) -> Result<Wanted, Fail> {
    let wanted: Wanted = serde_json::from_slice(body)
        .map_err(|_| Fail::new(400, "BadRequest", "Unable to read JSON request payload."))?;
    if wanted.ids.is_empty() || wanted.ids.len() > MAX_IDS {
        let message = format!("The number of ids must be between 1 and {MAX_IDS}.");
        return Err(Fail::new(400, "Request_BadRequest", message));
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_counted_and_typed() {
        let wanted = ids(br#"{"ids":["a"],"types":["user"]}"#).unwrap();
        assert!(wanted.wants("users") && !wanted.wants("groups"));
        let many = serde_json::json!({"ids": vec!["a"; 1_001]}).to_string();
        assert!(ids(many.as_bytes()).is_err());
        assert!(ids(b"{}").is_err());
    }
}
