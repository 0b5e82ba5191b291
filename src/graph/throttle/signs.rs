//! What a reply says about the limit it was counted against.

use reqwest::header::HeaderMap;

use crate::auth::tidy::tidy;
use crate::error::Error;

/// The throttling headers of a reply.
///
/// <https://learn.microsoft.com/graph/throttling-limits>
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Signs {
    /// Resource units the request was charged: `x-ms-resource-unit`.
    pub(crate) units: Option<f64>,
    /// Use of the limit, from 0.8 to 1.8: `x-ms-throttle-limit-percentage`.
    pub(crate) used: Option<f64>,
    /// Whose limit it is: `x-ms-throttle-scope`.
    pub(crate) scope: Option<String>,
    /// Which limit it is: `x-ms-throttle-information`.
    pub(crate) information: Option<String>,
}

impl Signs {
    /// Reads the headers; what makes no sense is as good as absent.
    pub(crate) fn read(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(tidy);
        let number = |name| text(name)?.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
        Self {
            units: number("x-ms-resource-unit"),
            // Named a percentage, documented as a fraction: 95 means the same as 0.95.
            used: number("x-ms-throttle-limit-percentage")
                .map(|used| if used > 10.0 { used / 100.0 } else { used })
                .filter(|used| *used <= 10.0),
            scope: text("x-ms-throttle-scope"),
            information: text("x-ms-throttle-information"),
        }
    }

    /// The limit is that of the tenant: other apps use it up as well.
    pub(crate) fn is_tenant_wide(&self) -> bool {
        self.scope.as_deref().and_then(|scope| scope.split('/').next()) == Some("Tenant")
    }

    /// Adds whose limit it is, and which, to an error.
    pub(crate) fn explain(self, mut error: Error) -> Error {
        let facts = [("throttle-scope", self.scope), ("throttle-information", self.information)];
        for (name, value) in facts {
            if let Some(value) = value {
                error = error.with_context(name, value);
            }
        }
        error
    }
}
