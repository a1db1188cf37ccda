//! Faults of time: Lambda freezes a process when it likes, and says itself when the time is up.

use std::time::Duration;

use kit::behaviour::{Act, Behaviour};

use crate::fault::{Amid, Before, Deadline, Fault, Pace, Place};

/// Frozen, and clocks that jump.
pub(super) fn time() -> Vec<Fault> {
    let good = |name| Fault::harmless(name, Place::There(Behaviour::good()));
    let silent = |name| Fault::there(name, Behaviour::hangs(), "timeout", "Agent Generator request timed out");
    let late = Behaviour::Script(vec![Act::Wait(Duration::from_millis(300)), Act::Canned]);
    vec![
        good("frozen between two requests").before(Before::Frozen),
        good("frozen, and the connection closed meanwhile").before(Before::FrozenAndClosed),
        Fault::harmless("frozen amid a call, thawed in time", Place::There(late)).amid(Amid::FrozenBriefly),
        silent("frozen amid a call, thawed after the deadline").amid(Amid::FrozenPastDeadline).lasting(),
        silent("the deadline is over: the clock has jumped ahead").deadline(Deadline::Over).calls(0),
        silent("the deadline is 0.4 s away").deadline(Deadline::NearlyOver).calls(0),
        silent("the deadline is 500 million years away, the operator's second is not")
            .deadline(Deadline::Far)
            .pace(Pace::OneSecond),
    ]
}
