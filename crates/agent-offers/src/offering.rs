//! Chooses the agents that are offered for a request.

use std::{borrow::Cow, sync::Arc, time::Duration};

use agent_library::index::Offer;
use generator::sub_agents::{Head, nearest};
use serde::Serialize;
use serde_json::value::RawValue;
use shared::{
    caller::Owner,
    environment::BadConfig,
    json::{first_chars, to_raw},
    port_error::PortError,
    request::LibraryAgents,
};
use tokio::time::{Instant, timeout};

use crate::{
    circle::Editing,
    index::OwnerIndex,
    offers::{Offers, stems},
};

/// The longest that a request waits for its offers.
const PATIENCE: Duration = Duration::from_secs(3);
/// Of what the person wrote, in Unicode characters.
const SEARCHED: usize = 20_000;

/// The agents that callers keep, as far as they are offered; none without a library.
#[derive(Debug, Clone, Default)]
pub struct Offering(Option<Arc<dyn Offers>>);

/// An agent as CONTRACT 3 has it.
#[derive(Serialize)]
struct LibraryAgent<'a> {
    graph_id: &'a str,
    graph_version: u32,
    name: &'a str,
    description: &'a str,
    input_schema: &'a RawValue,
    output_schema: &'a RawValue,
}

impl<'a> LibraryAgent<'a> {
    fn new(offer: &'a Offer) -> Self {
        Self {
            graph_id: &offer.graph_id,
            graph_version: offer.graph_version,
            name: &offer.name,
            description: &offer.description,
            input_schema: &offer.input_schema,
            output_schema: &offer.output_schema,
        }
    }
}

impl Offering {
    #[must_use]
    pub fn new(offers: Arc<dyn Offers>) -> Self {
        Self(Some(offers))
    }

    /// See [`OwnerIndex::from_environment`].
    ///
    /// # Errors
    /// Names the first missing or invalid variable.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, BadConfig> {
        Ok(Self(OwnerIndex::from_environment(variable)?.map(|index| Arc::new(index) as Arc<dyn Offers>)))
    }

    /// The agents that the request names, else those of the caller's own whose words fit `words` best. None if the library
    /// fails or is slow: the request goes on.
    pub async fn agents<'a>(
        &self,
        asked: LibraryAgents<'a>,
        owner: Option<&Owner>,
        words: &str,
        editing: Option<Editing<'_>>,
        end: Instant,
    ) -> Option<Cow<'a, RawValue>> {
        if let LibraryAgents::Given(agents) = asked {
            return agents.map(Cow::Borrowed);
        }
        let (offers, owner) = (self.0.as_deref()?, owner?);
        let patience = PATIENCE.min(end.saturating_duration_since(Instant::now()) / 4);
        let words = first_chars(words, SEARCHED);
        match timeout(patience, chosen(offers, owner, words, editing)).await {
            Ok(Ok(agents)) => agents.map(Cow::Owned),
            Ok(Err(error)) => {
                tracing::warn!(%error, "could not read the caller's agents: none is offered");
                None
            }
            Err(_) => {
                tracing::warn!("could not read the caller's agents in time: none is offered");
                None
            }
        }
    }
}

/// `None` if there are none.
async fn chosen(
    offers: &dyn Offers,
    owner: &Owner,
    words: &str,
    editing: Option<Editing<'_>>,
) -> Result<Option<Box<RawValue>>, PortError> {
    let all = offers.of_owner(owner, &stems(words)).await?;
    let fit: Vec<&Offer> =
        all.iter().filter(|offer| !editing.is_some_and(|editing| editing.is_seen_in(offer))).collect();
    let heads: Vec<Head<'_>> =
        fit.iter().map(|offer| Head { name: &offer.name, description: &offer.description }).collect();
    let mut chosen: Vec<&Offer> = nearest(&heads, words).into_iter().filter_map(|at| fit.get(at).copied()).collect();
    if let Some(editing) = editing {
        chosen = editing.without_circles(owner, chosen, &all).await?;
    }
    if chosen.is_empty() {
        return Ok(None);
    }
    let agents: Vec<LibraryAgent<'_>> = chosen.into_iter().map(LibraryAgent::new).collect();
    Ok(to_raw(&agents).ok())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use shared::port_error::PortFuture;

    use super::*;

    /// Never answers, and counts who asks.
    #[derive(Debug, Default)]
    struct Silent(AtomicUsize);

    impl Offers for Silent {
        fn of_owner<'a>(&'a self, _: &'a Owner, _: &'a [String]) -> PortFuture<'a, Vec<Offer>> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_library_takes_three_seconds_of_a_request_or_a_quarter_of_it() {
        let (offering, owner) = (Offering::new(Arc::<Silent>::default()), Owner("o".to_owned()));
        for (seconds, most) in [(28.0, 3.0), (2.0, 0.5), (0.0, 0.0)] {
            let begin = Instant::now();
            let end = begin + Duration::from_secs_f64(seconds);
            let agents = offering.agents(LibraryAgents::LeftOut, Some(&owner), "x", None, end).await;
            assert!(agents.is_none());
            let took = begin.elapsed().as_secs_f64();
            assert!((took - most).abs() < 0.01, "{took} of {seconds}");
        }
    }

    #[tokio::test]
    async fn who_names_agents_or_has_no_name_costs_the_library_nothing() {
        let (silent, owner) = (Arc::<Silent>::default(), Owner("o".to_owned()));
        let offering = Offering::new(Arc::<Silent>::clone(&silent));
        let end = Instant::now() + Duration::from_secs(28);
        let given = RawValue::from_string("[1]".to_owned()).unwrap();
        let named = offering.agents(LibraryAgents::Given(Some(&given)), Some(&owner), "x", None, end).await;
        assert_eq!(named.as_deref().map(RawValue::get), Some("[1]"));
        assert!(offering.agents(LibraryAgents::Given(None), Some(&owner), "x", None, end).await.is_none());
        assert!(offering.agents(LibraryAgents::LeftOut, None, "x", None, end).await.is_none());
        assert!(Offering::default().agents(LibraryAgents::LeftOut, Some(&owner), "x", None, end).await.is_none());
        assert_eq!(silent.0.load(Ordering::Relaxed), 0);
    }
}
