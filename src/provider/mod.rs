//! DataFusion's side of a table: filters in, pages asked for, record batches out.

mod bound;
mod exec;
mod keys;
mod ledger;
mod options;
mod order;
mod path;
mod plan;
mod pushdown;
mod readable;
mod stream;
mod table;

pub use exec::GraphScanExec;
pub use ledger::{Ledger, ScanReceipt};
pub use options::EntraOptions;
pub use order::ReliedOrder;
pub use plan::{Decision, ScanPlan};
pub use table::GraphTable;
