//! Page tokens: where a page starts, sealed so that nothing of the link can be edited.

use crate::sim::random::hash;

/// What a page token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Skip {
    /// Position of the first row in the order of the query.
    pub(crate) position: usize,
    /// Number of the page, the first being 1.
    pub(crate) page: usize,
    /// Whether the first page was an advanced query.
    pub(crate) advanced: bool,
    /// Makes two links to the same page differ.
    pub(crate) nonce: u32,
}

/// Marks the tokens as ours; the rest is hexadecimal.
const PREFIX: &str = "RFNwdAIAAQ";
const SEAL: u64 = 0x0ddb_a115_ea10;

impl Skip {
    /// Writes the token for a query, whose other options are part of the seal.
    pub(crate) fn seal(&self, query: &str) -> String {
        let body = format!(
            "{:08x}{:06x}{:01x}{:06x}",
            self.position,
            self.page,
            u8::from(self.advanced),
            self.nonce
        );
        let seal = hash(format!("{body}|{query}").as_bytes(), SEAL);
        format!("{PREFIX}{body}{seal:016x}")
    }

    /// Reads a token; one that was edited or belongs to another query is `None`.
    pub(crate) fn open(token: &str, query: &str) -> Option<Self> {
        let skip = Self::read(token)?;
        (skip.seal(query) == token).then_some(skip)
    }

    /// Reads a token without looking at its seal.
    pub(crate) fn read(token: &str) -> Option<Self> {
        let body = token.strip_prefix(PREFIX)?;
        let part = |from: usize, to: usize| {
            usize::from_str_radix(body.get(from..to).unwrap_or_default(), 16).ok()
        };
        Some(Self {
            position: part(0, 8)?,
            page: part(8, 14)?,
            advanced: part(14, 15)? == 1,
            nonce: u32::try_from(part(15, 21)?).ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_its_query_and_cannot_be_edited() {
        let skip = Skip { position: 999, page: 2, advanced: true, nonce: 7 };
        let token = skip.seal("users?$top=5");
        assert_eq!(Skip::open(&token, "users?$top=5"), Some(skip));
        assert_eq!(Skip::open(&token, "users?$top=6"), None);
        assert_eq!(Skip::open(&token.replacen("3e7", "3e8", 1), "users?$top=5"), None);
        assert_eq!(Skip::open("garbage", "users?$top=5"), None);
    }
}
