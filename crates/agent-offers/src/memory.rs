//! The port on a library in memory, for tests.

use agent_library::{index::Offer, memory::MemoryLibrary, ports::Library, search::Search};
use shared::{caller::Owner, port_error::PortFuture};

use crate::offers::{NEWEST, Offers};

impl Offers for MemoryLibrary {
    fn of_owner<'a>(&'a self, owner: &'a Owner, stems: &'a [String]) -> PortFuture<'a, Vec<Offer>> {
        Box::pin(async move {
            let newest = self.heads(owner, &Search::new("", NEWEST, None)).await?;
            let mut heads = newest.items;
            if newest.next.is_some() {
                let older = self.heads(owner, &Search::new("", usize::MAX, newest.next)).await?.items;
                let has_stem = |text: String| stems.iter().any(|stem| text.contains(stem));
                let fit = older.into_iter().filter(|head| has_stem(agent_library::search::searched(&head.profile)));
                heads.extend(fit.take(NEWEST));
            }
            Ok(heads.iter().filter_map(Offer::new).collect())
        })
    }
}
