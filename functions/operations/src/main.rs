//! Configuration -> operations -> function -> Lambda.

use std::{process::ExitCode, sync::Arc};

use http_client::aws::Secret;
use lambda::Service;
use lifecycle::{complete::Completions, save::ResultSaver};
use operations::{InternalKey, Operations, Saving};
use shared::environment::variable;

fn main() -> ExitCode {
    lambda::start(&["http_client", "lifecycle", "lifecycle_aws", "agent_library"], async || {
        let key = InternalKey(Secret::cached("INTERNAL_KEY_SECRET_ARN", variable)?);
        let (completions, sweeper, progress) = lifecycle_aws::completions(variable)?;
        let library = agent_library_aws::store(variable)?;
        let saver = library.map(|library| Arc::new(Saving { library }) as Arc<dyn ResultSaver>);
        let completions = Completions { saver, ..completions };
        let function = Operations { completions, key, sweeper, progress };
        Ok(Service::new(function).with_requests().with_queue())
    })
}
