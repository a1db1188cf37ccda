//! The HTTP client that every outgoing call goes through: a remote generator, a language model, AWS.
//!
//! [`HttpClient`] sends a request by a deadline, repeats it if it was surely not processed ([`Limits`]) and the process
//! can afford it, and reports faults by type ([`Fault`]); nothing here reads the text of an error. [`Bearer`] adds a
//! token from a secret, [`aws`] signs calls of AWS, [`secret`] keeps secrets for a while.

mod address;
pub mod aws;
mod bearer;
mod budget;
mod client;
pub mod connect;
pub mod fault;
mod peer;
mod repeat;
mod request;
pub mod response;
pub mod secret;

pub use self::{
    address::http_address,
    bearer::Bearer,
    client::HttpClient,
    fault::Fault,
    peer::Peer,
    repeat::{Exchanged, Limits},
    request::{HttpRequest, NoHeader},
    response::{Body, HttpResponse, MAX_ANSWER, code},
};
