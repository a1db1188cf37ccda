//! Every fault of the matrix.

mod answers;
mod connections;
mod statuses;
mod time;

use crate::fault::Fault;

/// What the rows of a part of the matrix have in common, and those rows.
pub(crate) type Part = (&'static str, Vec<Fault>);

/// All of them, by theme.
pub(crate) fn parts() -> Vec<Part> {
    vec![
        ("An error status", statuses::statuses()),
        ("An error status whose body names its class", statuses::named()),
        ("A 2xx that cannot be used", answers::unusable()),
        ("A 2xx that says no, or not what was asked for", answers::shapes()),
        ("No answer, or half of one", connections::answers()),
        ("No connection", connections::places()),
        ("A connection that was kept", connections::kept()),
        ("Time: frozen, and clocks that jump", time::time()),
    ]
}

/// All of them.
pub(crate) fn all() -> Vec<Fault> {
    parts().into_iter().flat_map(|(_, faults)| faults).collect()
}
