//! Aggregates written the way that costs the fewest pages.

mod count_of_key;
mod newest_value;
mod origin;

pub use self::count_of_key::CountOfKey;
pub use self::newest_value::NewestValue;
