//! The table and the bucket, and reads of single items.

use aws::{
    Clients,
    clients::{OnFirstUse, on_first_use, port_error},
    expression::names,
    item::{self, Item},
    objects::Objects,
};
use aws_sdk_dynamodb::Client;
use shared::port_error::PortError;

use crate::faults::{BUCKET, TABLE};

/// The agents of all callers.
#[derive(Debug, Clone)]
pub struct Shelf {
    pub(crate) client: OnFirstUse<Client>,
    pub(crate) table: String,
    pub(crate) objects: Objects,
}

impl Shelf {
    #[must_use]
    pub fn new(clients: &Clients, table: &str, bucket: &str) -> Self {
        Self {
            client: on_first_use(clients, Clients::dynamodb),
            table: table.to_owned(),
            objects: Objects::new(clients, bucket, BUCKET),
        }
    }

    /// Reads the attributes in `projection`, strongly consistent.
    pub(crate) async fn read(&self, partition: &str, sort: &str, projection: &str) -> Result<Option<Item>, PortError> {
        let read = self.client.get_item().table_name(&self.table).key("pk", item::string(partition));
        let read = read.key("sk", item::string(sort)).consistent_read(true).projection_expression(projection);
        let read = read.set_expression_attribute_names(Some(names(&[projection]))).send().await;
        Ok(read.map_err(|error| port_error(TABLE, &error))?.item)
    }
}
