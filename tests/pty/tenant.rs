//! The simulators the terminals talk to.

use std::sync::OnceLock;

use entraql::sim::{FaultScript, Options, Simulator, WorldName};

pub use crate::faults::rig::{graph_of, now};

pub fn simulator(options: Options) -> Simulator {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(Simulator::start(options)).unwrap()
}

/// The tiny world, to itself.
pub fn tiny() -> Simulator {
    simulator(Options { world: WorldName::Tiny, now: now(), ..Options::default() })
}

/// The demo world at a moment that never changes. All tests share it, so nobody may count.
pub fn demo() -> &'static Simulator {
    static DEMO: OnceLock<Simulator> = OnceLock::new();
    DEMO.get_or_init(|| simulator(Options { now: now(), ..Options::default() }))
}

/// The tiny world, failing as told.
pub fn failing(steps: &str) -> Simulator {
    let script = format!(r#"{{"about": "written by a test", "steps": {steps}}}"#);
    let faults = Some(FaultScript::from_json(&script).unwrap());
    simulator(Options { world: WorldName::Tiny, now: now(), faults, ..Options::default() })
}

/// The number of requests Graph has seen.
pub fn requests(simulator: &Simulator) -> usize {
    graph_of(simulator).len()
}
