//! Faults of time: frozen processes and wrong deadlines.

use std::time::Duration;

use kit::behaviour::{Act, Behaviour};

use crate::fault::{Connection, Deadline, Fault, Place, Process, Timing};

pub(super) fn time() -> Vec<Fault> {
    let good = |name| Fault::harmless(name, Place::Listening(Behaviour::good()));
    let silent = |name| Fault::listening(name, Behaviour::hangs(), "timeout", "Agent Generator request timed out");
    let late = Behaviour::Script(vec![Act::Wait(Duration::from_millis(300)), Act::Good]);
    vec![
        good("frozen between two requests").connection(Connection::Frozen),
        good("frozen while the connection is closed").connection(Connection::FrozenAndClosed),
        Fault::harmless("frozen in a call, thawed in time", Place::Listening(late)).process(Process::FrozenBriefly),
        silent("frozen in a call, thawed after the deadline").process(Process::FrozenPastDeadline).until_deadline(),
        silent("the deadline has passed: the clock jumped ahead").deadline(Deadline::Passed).calls(0),
        silent("the deadline is 0.4 s away").deadline(Deadline::Near).calls(0),
        silent("the deadline is 500 million years away, the operator's is 1 s")
            .deadline(Deadline::Far)
            .timing(Timing::OneSecond),
    ]
}
