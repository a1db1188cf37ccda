//! The rows of the matrix.

mod answers;
mod connections;
mod statuses;
mod time;

use crate::fault::Fault;

/// A heading and its rows.
pub(crate) type Part = (&'static str, Vec<Fault>);

pub(crate) fn parts() -> Vec<Part> {
    vec![
        ("An error status", statuses::statuses()),
        ("An error status whose body names its class", statuses::named()),
        ("A 2xx that cannot be used", answers::unusable()),
        ("A job that is asked for", answers::jobs()),
        ("A 2xx that reports a failure or an unexpected result", answers::shapes()),
        ("No answer, or half of one", connections::answers()),
        ("No connection", connections::places()),
        ("A reused connection", connections::kept()),
        ("Time: frozen processes and clocks that jump", time::time()),
    ]
}

pub(crate) fn all() -> Vec<Fault> {
    parts().into_iter().flat_map(|(_, faults)| faults).collect()
}
