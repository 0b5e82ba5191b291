//! What the surroundings say: which tenant, which terminal, where files live.

pub(crate) mod env;
mod file;
mod folders;
mod hosts;
mod private;
mod problem;
#[cfg(feature = "repl")]
mod programs;
mod proxy;
mod reference;
mod setting;
mod settings;
mod show;
mod tenant;
mod terminal;

#[cfg(feature = "repl")]
pub(crate) use self::folders::history_file;
pub(crate) use self::folders::{lists_folder, queries_folder};
#[cfg(feature = "repl")]
pub(crate) use self::programs::{editor, less_options, pager, secret_variables};
pub(crate) use self::proxy::connection_variables;
pub(crate) use self::setting::{Value, key};
pub(crate) use self::settings::{Config, Flags};
pub(crate) use self::show::Line;
pub(crate) use self::tenant::{Identity, TenantSettings};
pub(crate) use self::terminal::{can_move_cursor, columns, wants_color};
