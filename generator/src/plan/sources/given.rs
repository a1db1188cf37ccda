//! A list that the person gives: "a list of web pages", each of which is worked on.

use serde_json::json;

use crate::{
    catalogue::{Block, schema::Types},
    knowledge::{Class, capitalised},
    plan::{
        clauses::{
            act::{self, Act, names},
            lists::TAKING,
            recut::is_joint,
        },
        model::{Binding, Reason},
        steps::{
            build::Builder,
            draft::{AskKind, Datum, Flow},
            fill::Fill,
        },
        wording::english,
    },
    reading::{Determiner, Phrase, Role, Span},
};

/// What a list of addresses may be called by its entries.
const ADDRESSED: [&str; 12] =
    ["url", "link", "address", "page", "webpage", "website", "site", "article", "post", "feed", "video", "blog"];

impl<'k, 'r> Builder<'k, 'r> {
    /// "Take a list of pages", "from a list of keywords": nothing more is said than that it is there.
    pub(in crate::plan) fn takes_list(&mut self, act: &Act<'r>) -> bool {
        let lists: Vec<&Phrase> = act.phrases().filter(|phrase| phrase.given).collect();
        let verb = act.plain_lemma();
        let others = act.frame.objects.iter().any(|phrase| !phrase.given);
        // "a list of keywords from a Google Sheet": read there.
        let lies = act.arguments(&["from", "in", "on"]).any(|argument| {
            !argument.phrase.services.is_empty() || self.source_of(act, &argument.phrase, &[]).is_some()
        });
        if lies || lists.is_empty() || others || !(verb.is_empty() || TAKING.contains(&verb)) {
            return false;
        }
        for phrase in lists {
            self.ask_list(phrase);
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// The list as an input of the agent. Pages are read: nobody gives addresses for their own sake.
    pub(in crate::plan) fn ask_list(&mut self, phrase: &Phrase) -> usize {
        let words = phrase.modifiers.iter().map(String::as_str).chain([phrase.head.as_str()]);
        let one = words.collect::<Vec<_>>().join(" ").replace("url", "URL");
        let flow = self.draft.ask(&capitalised(&english::plural(&one)), "", AskKind::List, None);
        self.cover.close(&act::core(phrase));
        let nouns = names(phrase).into_iter().chain(["list".to_owned()]).collect();
        let list = self.draft.given(flow, nouns);
        if let Some(datum) = self.draft.data.get_mut(list) {
            datum.flow.types = Types::ARRAY;
        }
        list
    }

    /// "scrape the addresses from a list of websites", "watch the postings on a list of pages": the person gives the list.
    pub(in crate::plan) fn reads_listed(&mut self, act: &Act<'r>) -> bool {
        let list = act.origins().into_iter().find(|phrase| phrase.given);
        let Some(list) = list.filter(|_| self.is(act, Class::Fetch)) else { return false };
        let extracts = self.known.usual_verb(&act.lemma()) == "extract";
        let pages = names(list).iter().any(|noun| self.known.source(noun).is_some());
        if extracts || !pages {
            self.think(act);
            return true;
        }
        let list = self.ask_list(list);
        let Some(page) = self.read_listed(list).and_then(|page| self.draft.data.get_mut(page)) else { return false };
        page.nouns.splice(0..0, act.frame.objects.iter().flat_map(names));
        if act.watches() {
            self.polls |= self.reading.schedule.is_none() && !self.triggered();
            self.daily = true;
            let told = "each run looks at all that stands there, not only at what is new";
            self.leave(act.text(), Reason::NotSupported, told);
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// The pages of a list of addresses, one by one: nobody thinks about addresses for their own sake.
    pub(in crate::plan) fn read_listed(&mut self, index: usize) -> Option<usize> {
        let datum = self.draft.data.get(index).filter(|datum| is_listed(datum))?.clone();
        // Prices have no page of their own.
        let pages = datum.nouns.iter().filter(|noun| ADDRESSED.contains(&noun.rsplit(' ').next().unwrap_or_default()));
        let block = pages.into_iter().find_map(|noun| self.known.source(noun))?;
        let input = self.page_input(block)?;
        let item = self.single(index);
        let flow = self.take(item)?;
        let text = self.draft.fit(&flow, Types::STRING).binding();
        let says = format!("Read each {}", datum.nouns.first().map_or("page", String::as_str));
        let step = self.apply(block, Fill { says, given: vec![(input, text)], ..Fill::default() });
        let pages = ["page", "web page", "website", "site", "content"].map(str::to_owned);
        let nouns: Vec<String> = datum.nouns.into_iter().filter(|noun| noun != "list").chain(pages).collect();
        let read = self.draft.gives(step, &nouns, None)?;
        if let Some(read) = self.draft.data.get_mut(read) {
            (read.single, read.under) = (true, datum.under);
        }
        Some(read)
    }

    /// What a phrase names, each by itself: "two web pages" are asked for one by one.
    pub(in crate::plan) fn read_all(&mut self, block: &'k Block, act: &Act<'r>, phrase: &'r Phrase) -> Vec<usize> {
        // "the prices of two pages whose addresses I give"
        let mut of = act.arguments(&["of"]).map(|argument| &argument.phrase);
        let several =
            |of: &&Phrase| of.span.start == phrase.span.end + 1 && matches!(of.determiner, Determiner::Count(_));
        let phrase = of.find(several).filter(|of| self.handed(of) || of.tail.is_some()).unwrap_or(phrase);
        let places = self.places_behind(act, block, phrase);
        if places.len() > 1 {
            return self.read_each_place(block, phrase, &places);
        }
        let file = block.required_inputs().find(|name| *name == "file_input").map(str::to_owned);
        let input = self.page_input(block).or(file);
        let (Determiner::Count(count @ 2..=4), Some(input)) = (phrase.determiner, input) else {
            return vec![self.read_with(block, act, phrase)];
        };
        if !phrase.plural || phrase.values.len() > 1 {
            return vec![self.read_with(block, act, phrase)];
        }
        let one = names(phrase).into_iter().next().unwrap_or_default().replace("url", "page");
        let (kind, what) = if input == "file_input" { (AskKind::File, "") } else { (AskKind::Text, " URL") };
        let mut data = Vec::new();
        for ordinal in ["First", "Second", "Third", "Fourth"].into_iter().take(usize::try_from(count).unwrap_or(0)) {
            let flow = self.draft.ask(&format!("{ordinal} {one}{what}"), "", kind, None);
            let says = format!("Read the {} {one}", ordinal.to_lowercase());
            let given = vec![(input.clone(), flow.binding())];
            let step = self.apply(block, Fill { says, given, ..Fill::default() });
            data.extend(self.draft.gives(step, &names(phrase), None));
        }
        self.cover.close(&act::core(phrase));
        self.done += 1;
        data
    }

    /// "the weather **in Paris and Rome**": places that are named one beside the other.
    fn places_behind(&self, act: &Act<'r>, block: &Block, phrase: &Phrase) -> Vec<Span> {
        let mut places: Vec<Span> = Vec::new();
        if block.input_schema().properties.get("location").is_none() {
            return places;
        }
        let mut ways: Option<&str> = None;
        for place in act.frame.arguments.iter().skip_while(|place| place.phrase.span.start != phrase.span.end + 1) {
            let gap = places.last().map_or(phrase.span.end, |last| last.end)..place.phrase.span.start;
            let joined = places.is_empty() || gap.clone().all(|at| is_joint(self.reading, at));
            let plain = place.phrase.values.is_empty() && place.phrase.services.is_empty() && !place.phrase.pronoun;
            let said = ways.is_none_or(|ways| ways == place.preposition);
            let within = matches!(place.preposition.as_str(), "in" | "for" | "at" | "of");
            if !(joined && plain && said && within && gap.len() < 3) {
                break;
            }
            ways = Some(&place.preposition);
            places.push(act::core(&place.phrase));
        }
        places
    }

    fn read_each_place(&mut self, block: &'k Block, phrase: &Phrase, places: &[Span]) -> Vec<usize> {
        let mut data = Vec::new();
        for place in places {
            let text = self.text(place).to_owned();
            let says = format!("Read the {} in {text}", names(phrase).first().map_or("weather", String::as_str));
            let given = vec![("location".to_owned(), Binding::Value(json!(text)))];
            let step = self.apply(block, Fill { says, given, ..Fill::default() });
            data.extend(self.draft.gives(step, &names(phrase), None));
            self.cover.add(place);
        }
        self.cover.close(&act::core(phrase));
        self.done += 1;
        data
    }

    /// "Read two pages, compare them": one of several that were read together stands for all of them.
    pub(in crate::plan) fn with_siblings(&self, data: Vec<usize>) -> Vec<usize> {
        let like = |one: &Datum, other: &Datum| {
            let blocks = (self.draft.block(one.flow.step), self.draft.block(other.flow.step));
            let same = matches!(blocks, (Some(one), Some(other)) if one.id == other.id);
            same && one.nouns == other.nouns && !other.made && !other.used && !other.single && !other.receipt
        };
        let found = data.iter().filter_map(|at| self.draft.data.get(*at)).filter(|datum| !datum.made && !datum.single);
        let found: Vec<usize> = found
            .flat_map(|datum| {
                (0..self.draft.data.len()).filter(|at| self.draft.data.get(*at).is_some_and(|other| like(datum, other)))
            })
            .collect();
        data.into_iter().chain(found).collect()
    }

    fn page_input(&self, block: &Block) -> Option<String> {
        let mut inputs = block.required_inputs();
        inputs.find(|name| matches!(*name, "url" | "rss_url" | "youtube_url")).map(str::to_owned)
    }

    /// "Get the weather for each": what a step has to be told is the entry that the person gave.
    pub(in crate::plan) fn entry_given(&mut self, fill: &Fill<'r>, types: Types) -> Option<Flow> {
        let act = fill.act?;
        let each = act.phrases().any(|phrase| {
            phrase.determiner == Determiner::Each
                || phrase.head.starts_with("each")
                || matches!(phrase.head.as_str(), "it" | "them" | "all")
        });
        let list = self.draft.data.iter().rposition(is_listed)?;
        let looped = self
            .scope
            .is_some_and(|scope| self.reading.clauses.get(scope).is_some_and(|clause| clause.role == Role::Loop));
        if !types.flows_into(Types::STRING) || !(each || looped) {
            return None;
        }
        let item = self.single(list);
        self.take(item)
    }

    pub(in crate::plan) fn has_list(&self) -> bool {
        self.draft.data.iter().any(is_listed)
    }

    /// Whether a step would be given names where it wants addresses.
    pub(in crate::plan) fn lists_names(&self, block: &Block) -> bool {
        let listed = self.draft.data.iter().rev().find(|datum| is_listed(datum));
        let pages = |datum: &Datum| datum.nouns.iter().any(|noun| self.known.source(noun).is_some());
        self.page_input(block).is_some() && listed.is_some_and(|datum| !pages(datum))
    }
}

fn is_listed(datum: &Datum) -> bool {
    !datum.made && !datum.receipt && datum.service.is_none() && datum.nouns.iter().any(|noun| noun == "list")
}
