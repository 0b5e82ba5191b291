//! DataFusion's side of a table: filters in, pages asked for, record batches out.

mod books;
mod bound;
mod cache;
mod cost;
mod count;
mod exec;
mod explain;
mod fan;
mod joined;
mod keys;
mod ledger;
mod newest;
mod open;
mod options;
mod order;
mod parents;
mod path;
mod patience;
mod plan;
mod probe;
mod pushdown;
mod readable;
mod replay;
mod stream;
mod table;

pub use cache::{CachedScan, ScanCache};
pub use cost::ScanCost;
pub use exec::GraphScanExec;
pub use ledger::{CacheHit, Ledger, ScanReceipt};
pub use open::OpenTable;
pub use options::EntraOptions;
pub use order::ReliedOrder;
pub use parents::Parents;
pub use patience::Patience;
pub use plan::{Decision, ScanPlan};
pub use table::{GraphTable, primary_key};
