//! For tests of functions in process: a scripted generator that records its calls, events as Lambda sends them, and
//! openapi.yaml. Real processes and sockets are tested in `tests/`.

mod events;
mod fixture;
mod openapi;
mod recorded;
mod scripted;

pub use self::{
    events::{batch, rest, rest_with},
    fixture::{Fixture, Pieces, REQUEST_ID, handled, streamed},
    openapi::{openapi, undocumented},
    recorded::{IDS, Recorded},
    scripted::{Script, Scripted, raw},
};
