//! The built-in Agent Generator as an HTTP server, which functions call like any remote generator.

use std::{
    io::{ErrorKind, Write},
    process::ExitCode,
    sync::Arc,
};

use axum::Router;
use generator::{
    block_catalog,
    config::Config,
    server::{Answers, Args, router},
};
use shared::environment::BadConfig;
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(&format!("generator: {message}"));
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), String> {
    let args = Args::parse(std::env::args().skip(1)).map_err(|error| error.to_string())?;
    let router = configured(args.jobs).await.map_err(|error| error.to_string())?;
    let listener = TcpListener::bind(args.address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!("{} is taken; choose another port with --port", args.address),
        _ => format!("cannot listen on {}: {error}", args.address),
    })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    say(&format!("generator: listening on http://{address}"));
    axum::serve(listener, router).with_graceful_shutdown(stopped()).await.map_err(|error| error.to_string())
}

/// Reads the same environment variables as the functions.
async fn configured(jobs: bool) -> Result<Router, BadConfig> {
    let config = Config::from_env()?;
    let catalogue = match &config.block_catalog {
        Some(source) => Some(block_catalog::load(source, config.certificate_file.as_deref()).await?),
        None => None,
    };
    let answers = if jobs { Answers::Jobs } else { Answers::Now };
    Ok(router(Arc::new(generator::builtin(&config, catalogue.as_deref())?), config.timeout, answers))
}

/// Returns on Ctrl-C.
async fn stopped() {
    // Without signal handling the server runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn say(line: &str) {
    // A closed standard error must not stop the server.
    let _ = writeln!(std::io::stderr(), "{line}");
}
