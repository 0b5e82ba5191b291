//! What the surroundings say: which tenant, which terminal, where files live.

pub(crate) mod env;
mod folders;
#[cfg(feature = "repl")]
mod programs;
mod tenant;
mod terminal;

#[cfg(feature = "repl")]
pub(crate) use self::folders::history_file;
pub(crate) use self::folders::queries_folder;
#[cfg(feature = "repl")]
pub(crate) use self::programs::{editor, less_options, pager, secret_variables};
pub(crate) use self::tenant::{TenantSettings, is_untouched};
pub(crate) use self::terminal::{can_move_cursor, columns, wants_color};
