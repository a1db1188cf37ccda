//! What operations need in the local cloud.

use uuid::Uuid;

use crate::local_cloud::LocalCloud;

/// 32 bytes that sign webhooks.
const WEBHOOK_KEY: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Three tables, a bucket, a bus, a queue and a secret that belong to one test.
#[derive(Debug)]
pub struct CloudResources {
    endpoint: String,
    name: String,
    progress: String,
    library: String,
    queue: String,
}

impl CloudResources {
    /// `None` if there is no local cloud.
    pub async fn create() -> Option<Self> {
        let cloud = LocalCloud::from_environment()?;
        let name = format!("test-{}", Uuid::new_v4());
        cloud.make_table(&name).await;
        let progress = format!("{name}-progress");
        cloud.make_progress_table(&progress).await;
        let library = format!("{name}-library");
        cloud.make_library_table(&library).await;
        cloud.make_bucket(&name).await;
        cloud.make_bus(&name).await;
        let queue = cloud.make_queue(&name).await;
        cloud.make_secret(&name, WEBHOOK_KEY).await;
        Some(Self { endpoint: cloud.endpoint().to_owned(), name, progress, library, queue })
    }

    pub fn variables(&self) -> Vec<(&str, &str)> {
        let mut variables = vec![
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
            ("PROGRESS_TABLE", &self.progress),
            ("LIBRARY_TABLE", &self.library),
        ];
        variables.extend(
            ["OPERATIONS_TABLE", "OPERATIONS_BUCKET", "LIBRARY_BUCKET", "EVENT_BUS_NAME", "WEBHOOK_SECRET_ARN"]
                .map(|name| (name, &*self.name)),
        );
        let queues = ["JOBS_QUEUE_URL", "CALLBACKS_QUEUE_URL", "COMPLETIONS_QUEUE_URL"];
        variables.extend(queues.map(|name| (name, &*self.queue)));
        variables
    }

    /// Takes an operation from a worker that goes on: see [`LocalCloud::lapse_lease`].
    ///
    /// # Panics
    /// If there is no local cloud any more.
    pub async fn lapse_lease(&self, operation_id: &str) {
        let cloud = LocalCloud::from_environment().expect("the local cloud in which these were created");
        cloud.lapse_lease(&self.name, operation_id).await;
    }

    /// The secret's name, for the variables that only some functions have.
    pub fn secret(&self) -> &str {
        &self.name
    }
}
