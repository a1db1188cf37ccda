//! The index of what blocks mean: by verb, by object, by service.

use std::{collections::HashMap, io};

use serde::Deserialize;

use super::{
    block::Block,
    derived::derive,
    embedded,
    meaning::{Action, Meaning},
    names::{letters, singular},
    services::Services,
    verbs::Verbs,
};

#[derive(Debug)]
pub(super) struct Meanings {
    /// In the order of the blocks.
    pub(super) all: Vec<Meaning>,
    pub(super) verbs: Verbs,
    /// Object -> blocks, those that have it as it stands before those that have it in a compound.
    about: HashMap<String, Vec<usize>>,
    pub(super) services: Services,
}

impl Meanings {
    /// The meanings of `blocks`: the embedded one of a block that has the name of an embedded block, else what its own
    /// words say.
    pub(super) fn of(blocks: &[Block]) -> io::Result<Self> {
        let text = embedded::meanings()?;
        let mut known: Vec<(String, Meaning)> =
            text.lines().map(|line| Ok(serde_json::from_str::<Named>(line)?.split())).collect::<io::Result<_>>()?;
        let verbs = Verbs::of(known.iter().map(|(_, meaning)| meaning));
        let mut services = Services::embedded()?;
        let places: HashMap<&str, usize> =
            blocks.iter().enumerate().map(|(at, block)| (block.name.as_str(), at)).collect();
        let mut all: Vec<Option<Meaning>> = vec![None; blocks.len()];
        for (name, meaning) in &mut known {
            meaning.service = meaning.service.take().map(|service| services.name_of(service));
            meaning.service.iter().for_each(|service| services.know(service));
            if let Some(place) = places.get(name.as_str()).and_then(|at| all.get_mut(*at)) {
                *place = Some(std::mem::take(meaning));
            }
        }
        let all = derive(blocks, all, &verbs, &services);
        for (at, meaning) in all.iter().enumerate() {
            if let Some(service) = &meaning.service {
                services.add(service, at);
            }
        }
        let about = about(&all);
        Ok(Self { all, verbs, about, services })
    }

    pub(super) fn about(&self, noun: &str) -> &[usize] {
        let found = self.about.get(&letters(noun)).or_else(|| self.about.get(&letters(&singular(noun))));
        found.map(Vec::as_slice).unwrap_or_default()
    }
}

/// A line of `data/meanings.jsonl`.
#[derive(Deserialize)]
struct Named {
    name: String,
    action: Action,
    objects: Vec<String>,
    service: Option<String>,
    verbs: Vec<String>,
    gives: Vec<String>,
}

impl Named {
    fn split(self) -> (String, Meaning) {
        let Self { name, action, objects, service, verbs, gives } = self;
        (name, Meaning { action, objects, service, verbs, gives })
    }
}

fn about(all: &[Meaning]) -> HashMap<String, Vec<usize>> {
    // Object -> blocks that say it, and blocks that say it at the end of a compound.
    let mut holders: HashMap<String, [Vec<usize>; 2]> = HashMap::new();
    let mut add = |noun: &str, whole: usize, at: usize| {
        let holders = holders.entry(letters(noun)).or_default();
        // The places come in order: the last one tells.
        let holds = holders.iter().any(|holders| holders.last() == Some(&at));
        if let Some(holders) = holders.get_mut(whole).filter(|_| !holds) {
            holders.push(at);
        }
    };
    for (at, meaning) in all.iter().enumerate() {
        meaning.objects.iter().for_each(|object| add(object, 0, at));
        for object in &meaning.objects {
            let ends = object.match_indices(' ').filter_map(|(space, _)| object.get(space + 1..));
            ends.for_each(|end| add(end, 1, at));
        }
    }
    let joined = |(noun, [mut whole, parts]): (String, [Vec<usize>; 2])| {
        whole.extend(parts);
        (noun, whole)
    };
    holders.into_iter().map(joined).collect()
}
