//! Who hears of it, and over which channel.

pub(super) mod address;
mod channel;
mod compose;
mod decide;
mod deliver;
mod private;
mod product;
mod receipt;
mod reply;
mod several;
pub(super) mod tell;
mod told;
mod whole;
mod work;
