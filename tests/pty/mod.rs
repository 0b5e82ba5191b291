//! The program in a real terminal: keys in, screens out.
//!
//! Each test starts the binary in a pseudo terminal with a home folder of its own. The tenant is
//! a simulator of the test process, so that a test can count what arrives there.

mod cap;
mod caret;
mod codes;
mod completion;
mod interrupt;
mod paste;
mod program;
mod session;
mod sizes;
mod still;
mod streams;
mod tenant;
mod terminal;

pub use self::program::{BINARY, Program, formats};
pub use self::session::{ENTER, Session, TAB};
pub use self::still::still;
pub use self::tenant::failing;
pub use self::terminal::Size;
