//! The names of all blocks, by the service that they work with: a model that reads any language finds there what a search
//! in English does not.

use std::collections::BTreeMap;

use crate::catalogue::{Catalogue, special};

/// How blocks without a service are grouped: by what they do.
const OF_NO_SERVICE: &str = "any";

/// One line a service, the services in the order of the alphabet, blocks in that of the catalogue: about 15 KB for the
/// embedded blocks. `AGENT_EXECUTOR` is missing: the agents that can be run come with the request.
pub(crate) fn directory(catalogue: &Catalogue) -> String {
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (at, block) in catalogue.blocks().iter().enumerate().filter(|(_, block)| block.id != special::AGENT_EXECUTOR) {
        let meaning = catalogue.meaning(at);
        let group = meaning.service.clone().unwrap_or_else(|| OF_NO_SERVICE.to_owned());
        groups.entry(group).or_default().push(&block.name);
    }
    let lines = groups.into_iter().map(|(group, names)| format!("{group}: {}\n", names.join(", ")));
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_listed_once_and_cheaply() {
        let catalogue = Catalogue::embedded().unwrap();
        let text = directory(&catalogue);
        let listed: Vec<&str> =
            text.lines().filter_map(|line| line.split_once(": ")).flat_map(|(_, names)| names.split(", ")).collect();
        assert_eq!(listed.len(), catalogue.blocks().len() - 1);
        assert!(listed.iter().all(|name| catalogue.by_name(name).is_some()));
        assert!(text.lines().any(|line| line.starts_with("Slack: ") && line.contains("SendSlackMessageBlock")));
        // A quarter of its bytes: what the usual vocabularies make of names in camel case.
        assert!(text.len() / 4 < 4_000, "{} tokens", text.len() / 4);
        assert_eq!(text, directory(&catalogue));
    }
}
