//! The page that was built -> function -> Lambda.

use std::process::ExitCode;

use lambda::Service;
use page::Page;

fn main() -> ExitCode {
    lambda::start(&[], async || Ok(Service::new(Page::BUILT).with_streams()))
}
