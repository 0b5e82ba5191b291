//! All integration tests that are not `.slt` files, in one binary: linking is what costs.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(unreachable_pub, reason = "a test binary exports nothing")]

#[path = "../agree/mod.rs"]
mod agree;
#[path = "../bind.rs"]
mod bind;
#[path = "../by_ids.rs"]
mod by_ids;
#[path = "../cache.rs"]
mod cache;
#[path = "../caret.rs"]
mod caret;
#[path = "../cli.rs"]
mod cli;
#[path = "../config.rs"]
mod config;
#[path = "../cost.rs"]
mod cost;
#[path = "../counts.rs"]
mod counts;
#[path = "../credentials.rs"]
mod credentials;
#[path = "../doctor.rs"]
mod doctor;
#[path = "../ends.rs"]
mod ends;
#[path = "../export.rs"]
mod export;
#[path = "../faults/mod.rs"]
mod faults;
#[path = "../functions.rs"]
mod functions;
#[cfg(unix)]
#[path = "../hostile/mod.rs"]
mod hostile;
#[path = "../intune.rs"]
mod intune;
#[path = "../inventory.rs"]
mod inventory;
#[path = "../lists.rs"]
mod lists;
#[path = "../lookups.rs"]
mod lookups;
#[path = "../ocsf/mod.rs"]
mod ocsf;
#[path = "../offline.rs"]
mod offline;
#[path = "../overlap.rs"]
mod overlap;
#[path = "../queries/page.rs"]
mod page;
#[path = "../parents.rs"]
mod parents;
#[path = "../queries/plans.rs"]
mod plans;
#[path = "../queries/providers.rs"]
mod providers;
#[cfg(unix)]
#[path = "../pty/mod.rs"]
mod pty;
#[path = "../queries.rs"]
mod queries;
#[cfg(unix)]
#[path = "../recording/mod.rs"]
mod recording;
#[path = "../reference/mod.rs"]
mod reference;
#[path = "../requests.rs"]
mod requests;
#[path = "../shared.rs"]
mod shared;
#[path = "../spans.rs"]
mod spans;
#[path = "../queries/story.rs"]
mod story;
#[path = "../tidy.rs"]
mod tidy;
#[cfg(unix)]
#[path = "../transcript.rs"]
mod transcript;
#[path = "../warnings.rs"]
mod warnings;
