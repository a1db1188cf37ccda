//! Keeps an agent from being offered to one that it runs, itself or through others.

use std::collections::{HashMap, HashSet};

use agent_library::{index::Offer, ports::AgentStore};
use shared::{caller::Owner, port_error::PortError};

/// Heads that are read of agents that are not offered themselves.
const MOST_READ: usize = 30;

/// The agent of the caller's that is being changed.
#[derive(Debug, Clone, Copy)]
pub struct Editing<'a> {
    pub agent_id: &'a str,
    pub store: &'a dyn AgentStore,
}

impl Editing<'_> {
    /// Whether an offer is, or runs, the agent, as far as the offers themselves tell.
    pub(crate) fn is_seen_in(&self, offer: &Offer) -> bool {
        offer.graph_id == self.agent_id || offer.runs.iter().any(|id| id == self.agent_id)
    }

    /// Those of `chosen` that surely do not lead back to the agent. `offers`: all that are known.
    ///
    /// # Errors
    /// The library failed.
    pub(crate) async fn without_circles<'o>(
        &self,
        owner: &Owner,
        chosen: Vec<&'o Offer>,
        offers: &'o [Offer],
    ) -> Result<Vec<&'o Offer>, PortError> {
        // `None`: not known, so it may run any.
        let mut runs: HashMap<String, Option<Vec<String>>> =
            offers.iter().map(|offer| (offer.graph_id.clone(), Some(offer.runs.clone()))).collect();
        let (mut kept, mut read) = (Vec::new(), 0);
        for offer in chosen {
            if !self.leads_back(owner, &offer.runs, &mut runs, &mut read).await? {
                kept.push(offer);
            }
        }
        Ok(kept)
    }

    async fn leads_back(
        &self,
        owner: &Owner,
        first: &[String],
        runs: &mut HashMap<String, Option<Vec<String>>>,
        read: &mut usize,
    ) -> Result<bool, PortError> {
        let mut left: Vec<String> = first.to_vec();
        let mut seen: HashSet<String> = HashSet::new();
        while let Some(id) = left.pop() {
            if id == self.agent_id {
                return Ok(true);
            }
            if !seen.insert(id.clone()) {
                continue;
            }
            if !runs.contains_key(&id) {
                *read += 1;
                if *read > MOST_READ {
                    return Ok(true);
                }
                // What the caller's library does not have knows nothing of it.
                let head = self.store.head(owner, &id).await?;
                runs.insert(id.clone(), head.map_or_else(|| Some(Vec::new()), |head| head.profile.runs));
            }
            match runs.get(&id) {
                Some(Some(more)) => left.extend(more.iter().cloned()),
                _ => return Ok(true),
            }
        }
        Ok(false)
    }
}
