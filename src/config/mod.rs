//! What the surroundings say: which tenant, which terminal, where files live.

pub(crate) mod env;
mod folders;
mod tenant;
mod terminal;

pub(crate) use self::folders::history_file;
pub(crate) use self::tenant::{TenantSettings, is_untouched};
pub(crate) use self::terminal::{columns, wants_color};
