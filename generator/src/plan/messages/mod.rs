//! Who hears of it, and over which channel.

mod address;
mod channel;
mod decide;
mod deliver;
mod receipt;
mod reply;
mod several;
pub(super) mod tell;
mod told;
