//! Which of many agents fit what a person asks for.

use crate::catalogue::{Catalogue, Search, letters};

/// At most this many agents are offered for a request.
pub const MOST: usize = 15;

/// In Unicode characters: so much of a name and of a description is searched.
const SEARCHED: usize = 1_000;

/// What is known of an agent before its body is read.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub name: &'a str,
    pub description: &'a str,
}

/// The places of the heads that fit `words` best, [`MOST`] at most: those that are named, then those that the index of the
/// planner finds, the nearest first. If there are no more than that, the others follow in their order.
#[must_use]
pub fn nearest(heads: &[Head<'_>], words: &str) -> Vec<usize> {
    // The words of the blocks, which the index needs, are not parsed if there is nothing to choose from.
    if heads.len() < 2 {
        return (0..heads.len()).collect();
    }
    let said = letters(words);
    let is_named = |head: &Head<'_>| {
        let name = letters(head.name);
        !name.is_empty() && said.contains(&name)
    };
    let mut places: Vec<usize> = (0..heads.len()).filter(|at| heads.get(*at).is_some_and(is_named)).collect();
    let searched = |text: &str| text.chars().take(SEARCHED).collect::<String>();
    let catalogue = Catalogue::of_names(heads.iter().map(|head| (searched(head.name), searched(head.description))));
    if let Ok(catalogue) = catalogue {
        places.extend(Search::of(&catalogue, |_| Vec::new()).ranked(&catalogue, words));
    }
    if heads.len() <= MOST {
        places.extend(0..heads.len());
    }
    let mut seen = vec![false; heads.len()];
    places.retain(|at| seen.get_mut(*at).is_some_and(|seen| !std::mem::replace(seen, true)));
    places.truncate(MOST);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(heads: &[(&str, &str)], words: &str) -> Vec<usize> {
        nearest(&heads.iter().map(|(name, description)| Head { name, description }).collect::<Vec<_>>(), words)
    }

    #[test]
    fn the_agent_that_is_named_comes_first_then_those_that_do_what_is_asked_for() {
        let heads = [("Digest", "Mails the news"), ("Lead scorer", "Scores a lead"), ("Mailer", "Sends a mail")];
        assert_eq!(chosen(&heads, "Run my lead scorer, then mail the news")[..2], [1, 0]);
        assert_eq!(chosen(&heads, "nothing of this"), [0, 1, 2]);
        assert_eq!(chosen(&[], "x"), [0_usize; 0]);
        assert_eq!(chosen(&heads[..1], "nothing of this"), [0]);
    }

    #[test]
    fn of_many_agents_only_those_that_fit_are_chosen_and_fifteen_at_most() {
        let names: Vec<String> = (0..200).map(|at| format!("Thing {at}")).collect();
        let mut heads: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "Does something else")).collect();
        heads.push(("Scores leads", ""));
        assert_eq!(chosen(&heads, "score the leads of today"), [200]);
        let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "Scores leads")).collect();
        assert_eq!(chosen(&many, "score the leads").len(), MOST);
    }
}
