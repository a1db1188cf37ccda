//! For tests of functions: a generator that answers what a test scripts and remembers what it was asked, events as Lambda
//! sends them, and openapi.yaml. The wire and the process are tested elsewhere, against real sockets.

mod events;
mod fixture;
mod openapi;
mod scripted;

pub use self::{
    events::{batch, rest, rest_with},
    fixture::{Fixture, REQUEST_ID, handled},
    openapi::{openapi, undocumented},
    scripted::{Script, Scripted, raw},
};
