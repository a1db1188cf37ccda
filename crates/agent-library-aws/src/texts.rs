//! The texts of versions: each once for an agent, compressed, in its item or in the bucket.

use agent_library::{index::owner_key, version::AgentText};
use aws::{
    compression::{compress, decompress},
    item::{self, Item},
};
use shared::{caller::Owner, port_error::PortError};

use crate::{
    faults::malformed,
    items::{of, partition, text_key},
    shelf::Shelf,
};

/// Longest text in an item, in bytes. An item has at most 400 KB, and text that cannot be compressed stays as long as it is.
const MAX_IN_ITEM: usize = 300 * 1024;
/// The folder of the bucket.
pub(crate) const FOLDER: &str = "agents/";

impl Shelf {
    /// The item of a text. A long text is in the bucket when this returns. Its key is new, so that no sweep that found another
    /// orphan of this text takes it away; but if the agent has the text already, nothing is uploaded.
    pub(crate) async fn text_item(
        &self,
        owner: &Owner,
        agent_id: &str,
        creation: &str,
        text: &AgentText,
    ) -> Result<Item, PortError> {
        let (partition, sort) = (partition(owner, agent_id), text_key(&text.body));
        let mut item = of(&partition, &sort, creation);
        if text.text.len() <= MAX_IN_ITEM {
            let compressed = compress(&text.text).map_err(|_| malformed())?;
            item.insert("text".to_owned(), item::binary(compressed));
            return Ok(item);
        }
        let known = self.read(&partition, &sort, "#object, #life").await?.unwrap_or_default();
        let known = item::text(&known, "object").filter(|_| item::text(&known, "life").as_deref() == Some(creation));
        let object = match known {
            Some(object) => object,
            None => {
                let object = object_key(owner, agent_id, &text.body);
                let compressed = compress(&text.text).map_err(|_| malformed())?;
                self.objects.put(&object, &compressed).await?;
                object
            }
        };
        item.insert("object".to_owned(), item::string(object));
        Ok(item)
    }

    pub(crate) async fn read_text(
        &self,
        owner: &Owner,
        agent_id: &str,
        body: &str,
    ) -> Result<Option<String>, PortError> {
        let item = self.read(&partition(owner, agent_id), &text_key(body), "#text, #object").await?;
        let Some(item) = item else { return Ok(None) };
        let text = match (item::bytes(&item, "text"), item::text(&item, "object")) {
            (Some(bytes), _) => decompress(bytes),
            (None, Some(key)) => decompress(&self.objects.get(&key).await?),
            (None, None) => return Err(malformed()),
        };
        text.map(Some).map_err(|_| malformed())
    }
}

/// A key that nobody has used before.
pub(crate) fn object_key(owner: &Owner, agent_id: &str, body: &str) -> String {
    format!("{FOLDER}{}/{agent_id}/{body}/{:032x}", owner_key(owner), fastrand::u128(..))
}

/// The keys of the item whose text an object is; `None` if it is not one of ours.
pub(crate) fn item_of_object(key: &str) -> Option<(String, String)> {
    let mut parts = key.strip_prefix(FOLDER)?.split('/');
    let (owner, agent_id, body) = (parts.next()?, parts.next()?, parts.next()?);
    Some((format!("{owner}#{agent_id}"), text_key(body)))
}
