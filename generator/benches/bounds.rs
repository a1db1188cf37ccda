//! What the largest legal requests of every hostile shape cost: CPU of one core. Run with
//! `cargo bench -p generator --bench bounds`.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/bounds/worst.rs"]
mod worst;

use generator::{Builtin, Watch};

/// The longest agent, in bytes, with room for the rest of the request.
const AGENT: usize = 5_200_000;

/// Seconds that this thread had a core: other programs may run meanwhile.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

fn main() {
    let builtin = Builtin::new();
    drop(builtin.decompose_now("Send an e-mail", None));
    let mut costs = Vec::new();
    for case in worst::cases(AGENT) {
        let start = cpu();
        let outcome = match case.request.ask(&builtin, Watch::NONE) {
            Ok(()) => "served".to_owned(),
            Err(failure) => failure.error_type.to_string(),
        };
        costs.push((cpu() - start, case.name, outcome));
    }
    costs.sort_by(|(one, ..), (other, ..)| other.total_cmp(one));
    for (seconds, name, outcome) in costs {
        println!("{seconds:>8.3} s  {name}  ({outcome})");
    }
}
