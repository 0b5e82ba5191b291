//! Aggregates and subqueries written the way that costs the fewest pages.

mod any_row;
mod count_of_key;
mod newest_value;
mod origin;

pub use self::any_row::AnyRow;
pub use self::count_of_key::CountOfKey;
pub use self::newest_value::NewestValue;
