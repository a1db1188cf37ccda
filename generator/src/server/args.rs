//! `generator [--host 127.0.0.1] [--port 8000] [--jobs]`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use thiserror::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Args {
    /// Default: 127.0.0.1:8000, reachable only from this machine.
    pub address: SocketAddr,
    /// `--jobs`: answers 202 with the id of a job, which is asked for again until it is done.
    pub jobs: bool,
}

#[derive(Debug, Error, PartialEq, Eq)]
pub enum ArgsError {
    #[error("unknown argument `{0}`; known are --host ADDRESS, --port NUMBER and --jobs")]
    Unknown(String),
    #[error("{0} needs a value")]
    NoValue(&'static str),
    #[error("--jobs takes no value")]
    Value,
    #[error("--port takes a number from 0 to 65535 (0: any free port), not `{0}`")]
    Port(String),
    #[error("--host takes an IP address, such as 127.0.0.1 or 0.0.0.0, not `{0}`")]
    Host(String),
}

impl Args {
    /// `args` without the program's name.
    pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, ArgsError> {
        let mut address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8000);
        let mut jobs = false;
        while let Some(arg) = args.next() {
            let (name, given) = match arg.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (arg, None),
            };
            match name.as_str() {
                "--port" => {
                    let text = given.or_else(|| args.next()).ok_or(ArgsError::NoValue("--port"))?;
                    address.set_port(text.parse().map_err(|_| ArgsError::Port(text))?);
                }
                "--host" => {
                    let text = given.or_else(|| args.next()).ok_or(ArgsError::NoValue("--host"))?;
                    let host = if text == "localhost" { Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)) } else { text.parse() };
                    address.set_ip(host.map_err(|_| ArgsError::Host(text))?);
                }
                "--jobs" if given.is_some() => return Err(ArgsError::Value),
                "--jobs" => jobs = true,
                _ => return Err(ArgsError::Unknown(name)),
            }
        }
        Ok(Self { address, jobs })
    }
}

#[cfg(test)]
mod tests {
    use super::{Args, ArgsError};

    fn parse(args: &[&str]) -> Result<String, ArgsError> {
        Args::parse(args.iter().map(|arg| (*arg).to_owned())).map(|args| args.address.to_string())
    }

    #[test]
    fn the_server_is_open_only_to_this_machine_by_default() {
        assert_eq!(parse(&[]).as_deref(), Ok("127.0.0.1:8000"));
        assert_eq!(parse(&["--port", "0", "--host=0.0.0.0"]).as_deref(), Ok("0.0.0.0:0"));
        assert_eq!(parse(&["--host", "localhost"]).as_deref(), Ok("127.0.0.1:8000"));
    }

    #[test]
    fn jobs_are_given_only_if_they_are_asked_for() {
        let jobs = |args: &[&str]| Args::parse(args.iter().map(|arg| (*arg).to_owned())).map(|args| args.jobs);
        assert_eq!((jobs(&[]), jobs(&["--jobs", "--port=0"])), (Ok(false), Ok(true)));
        assert_eq!(jobs(&["--jobs=no"]), Err(ArgsError::Value));
    }

    #[test]
    fn a_wrong_argument_is_named_and_not_ignored() {
        assert_eq!(parse(&["--prot", "1"]), Err(ArgsError::Unknown("--prot".to_owned())));
        assert_eq!(parse(&["--port"]), Err(ArgsError::NoValue("--port")));
        assert_eq!(parse(&["--port", "70000"]), Err(ArgsError::Port("70000".to_owned())));
        assert_eq!(parse(&["--host", "x y"]), Err(ArgsError::Host("x y".to_owned())));
    }
}
