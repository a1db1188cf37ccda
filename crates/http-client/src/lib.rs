//! The HTTP client that every outgoing call goes through: a remote generator, a language model, AWS.
//!
//! [`HttpClient`] sends a request by a deadline, repeats it if it was surely not processed ([`Limits`]) and the process
//! has repeats left, and reports faults by type ([`Fault`]), never by an error's text. [`Bearer`] adds a token from a
//! secret, [`aws`] signs AWS calls, [`secret`] caches secrets.

mod address;
pub mod aws;
mod bearer;
mod budget;
mod client;
pub mod connect;
mod counting;
pub mod fault;
mod peer;
mod repeat;
mod request;
pub mod response;
pub mod secret;
mod stream;

pub use self::{
    address::http_address,
    bearer::Bearer,
    client::HttpClient,
    fault::Fault,
    peer::Peer,
    repeat::{Limits, Sent},
    request::{HttpRequest, InvalidHeader},
    response::{Body, HttpResponse, MAX_ANSWER, code},
    stream::OpenBody,
};
