//! Lists of agents, and of the versions of one.

use std::collections::HashMap;

use agent_library::{
    cursor::{Page, Place},
    head::Head,
    index::{OWNER_INDEX, owner_key},
    search::Search,
    version::Version,
};
use aws::{
    clients::port_error,
    expression::names,
    item::{self, Item},
    transaction::{BACKOFF, TRIES},
};
use aws_sdk_dynamodb::types::KeysAndAttributes;
use shared::{caller::Owner, port_error::PortError};
use tokio::time::sleep;

use crate::{
    faults::{TABLE, conflict, malformed},
    items::{self, HEAD, live_head, partition, version_key},
    shelf::Shelf,
};

/// Queries for one page of a search. Each looks at 1 MB of names and descriptions: some 5,000 agents.
const MOST_QUERIES: usize = 2;

impl Shelf {
    /// The index lags behind, so it gives the places alone: the heads are read as they are now, and what was deleted a moment
    /// ago is left out.
    pub(crate) async fn find_heads(&self, owner: &Owner, search: &Search) -> Result<Page<Head, Place>, PortError> {
        let (places, next) = self.places(owner, search).await?;
        let mut heads = self.read_heads(owner, &places).await?;
        let items = places.iter().filter_map(|place| heads.remove(&place.agent_id)).collect();
        Ok(Page { items, next })
    }

    async fn places(&self, owner: &Owner, search: &Search) -> Result<(Vec<Place>, Option<Place>), PortError> {
        let owner_key = owner_key(owner);
        let condition = "#owner = :owner";
        let filter: Vec<String> = (0..search.words.len()).map(|at| format!("contains(#search, :w{at})")).collect();
        let filter = Some(filter.join(" AND ")).filter(|filter| !filter.is_empty());
        let mut given = HashMap::from([(":owner".to_owned(), item::string(&owner_key))]);
        given.extend(search.words.iter().enumerate().map(|(at, word)| (format!(":w{at}"), item::string(word))));
        let mut start = search.after.clone();
        let mut places: Vec<Place> = Vec::new();
        for _ in 0..MOST_QUERIES {
            let query = self.client.query().table_name(&self.table).index_name(OWNER_INDEX);
            let query = query.key_condition_expression(condition).set_filter_expression(filter.clone());
            let words = filter.as_deref().unwrap_or_default();
            let query = query.set_expression_attribute_names(Some(names(&[condition, words])));
            let query = query.set_expression_attribute_values(Some(given.clone())).scan_index_forward(false);
            // With a filter, the limit would count what is left out.
            let limit = filter.is_none().then(|| i32::try_from(search.limit).unwrap_or(i32::MAX));
            let start_key = start.as_ref().map(|place| index_key(owner, &owner_key, place));
            let page = query.set_limit(limit).set_exclusive_start_key(start_key).send().await;
            let page = page.map_err(|error| port_error(TABLE, &error))?;
            for item in page.items() {
                places.push(place(item)?);
                if places.len() == search.limit && filter.is_some() {
                    return Ok((places.clone(), places.last().cloned()));
                }
            }
            start = page.last_evaluated_key.as_ref().map(place).transpose()?;
            if start.is_none() || filter.is_none() {
                break;
            }
        }
        Ok((places, start))
    }

    async fn read_heads(&self, owner: &Owner, places: &[Place]) -> Result<HashMap<String, Head>, PortError> {
        let mut heads = HashMap::new();
        let key = |place: &Place| {
            let keys = [("pk", partition(owner, &place.agent_id)), ("sk", HEAD.to_owned())];
            keys.map(|(name, text)| (name.to_owned(), item::string(text))).into()
        };
        let mut keys: Vec<Item> = places.iter().map(key).collect();
        for attempt in 0..TRIES {
            if keys.is_empty() {
                return Ok(heads);
            }
            let projection = "#head, #purge_at";
            let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true);
            let wanted = wanted.projection_expression(projection);
            let wanted = wanted.set_expression_attribute_names(Some(names(&[projection]))).build();
            let wanted = wanted.map_err(|_| malformed())?;
            let read = self.client.batch_get_item().request_items(&self.table, wanted).send().await;
            let mut read = read.map_err(|error| port_error(TABLE, &error))?;
            for item in read.responses.unwrap_or_default().into_values().flatten() {
                heads.extend(live_head(&item)?.map(|head| (head.agent_id.clone(), head)));
            }
            let left = read.unprocessed_keys.as_mut().and_then(|left| left.remove(&self.table));
            keys = left.map(|left| left.keys).unwrap_or_default();
            if !keys.is_empty() {
                sleep(BACKOFF.full_jitter(attempt)).await;
            }
        }
        Err(conflict())
    }

    pub(crate) async fn find_versions(
        &self,
        owner: &Owner,
        agent_id: &str,
        before: Option<u32>,
        limit: usize,
    ) -> Result<Page<Version, u32>, PortError> {
        let last = before.unwrap_or(u32::MAX).saturating_sub(1);
        let condition = "#pk = :pk AND #sk BETWEEN :first AND :last";
        let query = self.client.query().table_name(&self.table).consistent_read(true).scan_index_forward(false);
        let query = query.key_condition_expression(condition);
        let query = query.set_expression_attribute_names(Some(names(&[condition])));
        let query = query
            .expression_attribute_values(":pk", item::string(partition(owner, agent_id)))
            .expression_attribute_values(":first", item::string(version_key(0)))
            .expression_attribute_values(":last", item::string(version_key(last)));
        let page = query.limit(i32::try_from(limit).unwrap_or(i32::MAX)).send().await;
        let page = page.map_err(|error| port_error(TABLE, &error))?;
        let items: Result<Vec<Version>, _> = page.items().iter().map(|item| items::parsed(item, "version")).collect();
        let items = items?;
        let next = items.last().map(|version| version.number).filter(|number| *number > 1);
        Ok(Page { items, next })
    }
}

/// Where the index goes on.
fn index_key(owner: &Owner, owner_key: &str, place: &Place) -> Item {
    let key = [
        ("pk", item::string(partition(owner, &place.agent_id))),
        ("sk", item::string(HEAD)),
        ("owner", item::string(owner_key)),
        ("updated", item::number(place.updated)),
    ];
    key.map(|(name, value)| (name.to_owned(), value)).into()
}

fn place(item: &Item) -> Result<Place, PortError> {
    let partition = item::text(item, "pk").ok_or_else(malformed)?;
    let (_, agent_id) = partition.split_once('#').ok_or_else(malformed)?;
    let updated = item::parsed(item, "updated").ok_or_else(malformed)?;
    Ok(Place { updated, agent_id: agent_id.to_owned() })
}
