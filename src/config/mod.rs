//! What the surroundings say: which tenant, which terminal, where files live.

pub mod env;
mod folders;
mod tenant;
mod terminal;

pub use self::folders::history_file;
pub use self::tenant::{TenantSettings, is_untouched};
pub use self::terminal::{columns, wants_color};
