//! Looks something up about an entry with a service: "enrich each with Apollo", "check the addresses with ZeroBounce".

use serde_json::json;

use crate::{
    catalogue::{Action, Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::{Act, core, is_report, names},
        model::Binding,
        steps::{
            build::Builder,
            choose::{Want, choose},
            draft::{Datum, Flow},
            fill::Fill,
        },
    },
    reading::{Determiner, Phrase, Token, Value},
};

/// What a language model that looked nothing up cannot know.
const CURRENT: [&str; 13] = [
    "happened",
    "new",
    "newest",
    "latest",
    "recent",
    "current",
    "today",
    "yesterday",
    "week",
    "month",
    "now",
    "trends",
    "news",
];

/// Says how much or how long, and names nothing that could be read.
fn is_plain(value: &Value) -> bool {
    matches!(value, Value::Number(_) | Value::Amount(_) | Value::Duration(_) | Value::Time(..) | Value::Date(_))
}

impl<'k, 'r> Builder<'k, 'r> {
    /// Asks the service that an act names as its means about each entry that the act works on.
    pub(in crate::plan) fn looks_up(&mut self, act: &Act<'r>) -> bool {
        let Some((block, service)) = self.means_of(act) else { return false };
        let known = self.known;
        let own = |block: &Block| known.meaning(block).service.as_deref() == Some(service);
        let things: Vec<&'r Phrase> = act.frame.objects.iter().chain(act.origins()).collect();
        let around: Vec<&str> = act.services().into_iter().filter(|name| *name != service).collect();
        let record = |datum: &Datum| !datum.flow.types.is_within(Types::STRING) && !datum.receipt;
        let there = things.iter().find_map(|phrase| self.refer(phrase)).or_else(|| {
            let read = things.iter().copied().filter(|phrase| !phrase.pronoun).find(|phrase| {
                let named = phrase.services.iter().any(|name| name == service);
                !named && self.source_of(act, phrase, &around).is_some_and(|source| !own(source.block))
            });
            let read = read.and_then(|phrase| self.fetch(act, phrase, &around));
            read.or_else(|| self.draft.data.iter().rposition(|datum| record(datum) && self.is_there(datum)))
        });
        let there = there.or_else(|| self.people_given(act));
        let Some(entry) = there.filter(|at| self.draft.data.get(*at).is_some_and(record)) else { return false };
        let entry = self.single(entry);
        let parts: Vec<&str> = block.input_schema().properties.iter().map(|(name, _)| name).collect();
        let part =
            parts.iter().find(|name| **name == "email").or_else(|| parts.iter().find(|name| known.is_part(name)));
        let Some((part, flow)) = part.and_then(|part| Some(((*part).to_owned(), self.part_of_entry(part)?))) else {
            return false;
        };
        let types = block.input_type(&part).unwrap_or(Types::ANY);
        let given = vec![(part, self.draft.fit(&flow, types).binding())];
        let says = act.instruction();
        let step = self.apply(block, Fill { act: Some(*act), item: Some(entry), given, says, ..Fill::default() });
        let mut nouns = known.results(act.plain_lemma());
        nouns.extend(act.frame.objects.iter().filter(|phrase| !phrase.pronoun).flat_map(names));
        let scope = self.scope;
        if let Some(datum) = self.draft.gives(step, &nouns, None)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            (datum.single, datum.under) = (true, scope);
        }
        self.cover_frame(act);
        self.done += 1;
        true
    }

    /// "For each row, find out what the company does", "find its website": the entry does not say, so the web is searched, and
    /// what is found is the answer.
    pub(in crate::plan) fn looks_behind(&mut self, act: &Act<'r>) -> bool {
        let looks = matches!(
            act.lemma().as_str(),
            "find" | "find out" | "look up" | "research" | "google" | "search" | "search for"
        );
        // "When a form comes in, look up the company": the one that it names.
        let bare = |phrase: &Phrase| {
            phrase.modifiers.is_empty()
                && phrase.tail.is_none()
                && phrase.values.is_empty()
                && phrase.services.is_empty()
        };
        let own =
            |phrase: &Phrase| phrase.determiner == Determiner::The && bare(phrase) && self.refer(phrase).is_none();
        let theirs =
            |phrase: &Phrase| phrase.determiner == Determiner::Theirs || act.frame.arguments.is_empty() && own(phrase);
        let what = match (&act.frame.complement, act.frame.objects.as_slice()) {
            (Some(complement), []) => complement.clone(),
            (_, [first, .., last] | [first @ last]) if act.frame.objects.iter().all(theirs) => {
                first.span.start..last.span.end
            }
            _ => return false,
        };
        // A mail or an article is read for what it says itself.
        let text = |noun: &String| {
            let said = matches!(noun.as_str(), "review" | "ticket" | "feedback" | "answer" | "response" | "comment");
            said || self.known.is_carrier(noun) || self.known.is_writable(noun)
        };
        let row = |datum: &Datum| datum.flow.fields.is_empty() && !datum.nouns.first().is_some_and(text);
        // "find out how much is due" is worked out.
        let first = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
        if first(what.start) == Some("how") && matches!(first(what.start + 1), Some("much" | "many" | "often" | "long"))
        {
            return false;
        }
        let open = |datum: &Datum| datum.single && !datum.made && !datum.receipt && row(datum);
        let entry = self.latest().filter(|at| looks && self.draft.data.get(*at).is_some_and(open));
        let block = self.known.catalogue.by_name("SearchTheWebBlock");
        let (Some(block), Some(entry)) = (block, entry) else { return false };
        let Some(flow) = self.take(entry) else { return false };
        let text = self.draft.fit(&flow, Types::STRING);
        let format = format!("{}: {{{{{}}}}}", self.text(&what), text.name);
        let query = self.draft.fill_in(&[text], &format, "Write what to search for about the {}");
        let given = vec![("query".to_owned(), query.binding())];
        let step = self.apply(block, Fill { says: act.instruction(), given, ..Fill::default() });
        let Some(found) = self.draft.gives(step, &["finding".to_owned()], None) else { return false };
        let manners = self.manners(act);
        let step = self.ask_model(act, &act.instruction(), &manners, &[entry, found], None);
        let nouns = std::iter::once("finding".to_owned()).chain(act.frame.objects.iter().flat_map(names)).collect();
        self.made(step, nouns, None, &[entry]);
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "Take a city, check the air quality": a name says nothing of the world, so a search of the web comes first.
    pub(in crate::plan) fn looks_outside(&mut self, act: &Act<'r>, data: &[usize]) -> Option<usize> {
        let block = self.known.catalogue.by_name("SearchTheWebBlock")?;
        let looks = matches!(
            act.lemma().as_str(),
            "check"
                | "check out"
                | "get"
                | "find"
                | "find out"
                | "look up"
                | "look at"
                | "fetch"
                | "gather"
                | "collect"
                | "pull"
                | "track"
                | "research"
        );
        let read = |datum: &Datum| !datum.receipt && !self.draft.is_asked(datum.flow.step);
        let outside = |phrase: &Phrase| {
            let there = self.refer(phrase).is_some_and(|at| {
                !self.draft.data.get(at).is_some_and(|datum| self.draft.is_asked(datum.flow.step))
                    || !phrase.head.is_empty()
                        && self.draft.data.get(at).is_some_and(|datum| datum.nouns.contains(&phrase.head))
            });
            !phrase.pronoun && !phrase.head.is_empty() && phrase.values.is_empty() && !there
        };
        let told = !act.frame.objects.is_empty() && act.frame.objects.iter().all(outside);
        if !looks
            || !told
            || data.is_empty()
            || !data.iter().all(|at| self.is_name(*at))
            || self.draft.data.iter().any(read)
        {
            return None;
        }
        let start = act.frame.objects.first()?.span.start;
        let what = self.text(&(start..act.frame.objects.last()?.span.end));
        let articles = ["its ", "their ", "the ", "his ", "her ", "a list of "];
        let what = articles.iter().find_map(|article| what.strip_prefix(article)).unwrap_or(what);
        let flows: Vec<Flow> =
            data.iter().filter_map(|at| self.draft.data.get(*at)).map(|datum| datum.flow.clone()).collect();
        let names = flows.iter().map(|flow| format!("{{{{{}}}}}", flow.name)).collect::<Vec<_>>().join(" ");
        let says = format!("Search the web for {what}");
        let query = self.draft.fill_in(&flows, &format!("{names} {what}"), "Say what to look for");
        let step = self.step_of(block, &says, &[], &[("query", query)]);
        self.draft.gives(step, &["result".to_owned()], None)
    }

    /// "A daily summary of what happened on arXiv", "look at what rivals do": nothing that is read tells it, and a language
    /// model was not there.
    pub(in crate::plan) fn searched_first(&mut self, act: &Act<'r>, data: &[usize]) -> Option<usize> {
        let block = self.known.catalogue.by_name("SearchTheWebBlock")?;
        let there = |datum: &Datum| !datum.receipt && !datum.made;
        let writes = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| !datum.made);
        if data.iter().any(writes)
            || self.draft.data.iter().any(there)
            || !act.values().all(|(_, value)| is_plain(value))
        {
            return None;
        }
        let looks = matches!(act.lemma().as_str(), "look at" | "look into" | "see" | "study" | "find out" | "research")
            && act.frame.recipients.is_empty();
        let words: Vec<&str> = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word()).collect();
        let current = self.reading.schedule.is_some() || words.iter().any(|word| CURRENT.contains(word));
        let derived = act.frame.objects.iter().find(|phrase| self.is_derived(phrase) || is_report(&phrase.head));
        let own =
            act.phrases().any(|phrase| phrase.determiner == Determiner::Mine || phrase.pronoun && phrase.head == "it");
        let start = match derived {
            Some(phrase) if current && !own && !looks => core(phrase).end,
            None if looks && act.frame.objects.iter().all(|phrase| !phrase.pronoun) => {
                act.frame.verb.as_ref()?.span.end
            }
            _ => return None,
        };
        let timed = |at: &usize| {
            self.reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(at))
        };
        let end = (start..act.clause.span.end)
            .find(|at| timed(at) || self.reading.tokens.get(*at).and_then(Token::word) == Some("would"));
        let what = self.text(&(start..end.unwrap_or(act.clause.span.end)));
        let topic = ["of ", "about ", "on ", "at "].iter().find_map(|word| what.strip_prefix(word));
        // "a status report for the team" says whom it is for.
        let what = topic.or_else(|| looks.then_some(what)).unwrap_or_default();
        if what.is_empty() || what.len() > 200 {
            return None;
        }
        let query = Binding::Value(json!(what));
        let says = format!("Search the web for {what}");
        let step = self.apply(block, Fill { says, given: vec![("query".to_owned(), query)], ..Fill::default() });
        self.cover.close(&act.clause.span);
        self.draft.gives(step, &["result".to_owned()], None)
    }

    /// "Read the page of the product and find three rival ones": they do not stand there.
    pub(in crate::plan) fn searched_about(&mut self, act: &Act<'r>, data: &[usize]) -> Option<usize> {
        const OTHERS: &str = "rival competing similar alternative comparable competitor alternatives related";
        let block = self.known.catalogue.by_name("SearchTheWebBlock")?;
        let finds = matches!(
            act.lemma().as_str(),
            "find" | "look for" | "search for" | "research" | "discover" | "identify" | "get" | "list"
        );
        let object = act.frame.objects.first().filter(|phrase| !phrase.pronoun && finds)?;
        let other = |word: &str| OTHERS.split(' ').any(|known| known == word);
        let others = other(&object.head) || object.modifiers.iter().any(|word| other(word));
        let searched = || self.draft.every_step().any(|step| self.block_is(step, |name| name == "SearchTheWebBlock"));
        if !others || searched() || data.is_empty() || object.services.iter().any(|name| self.known.has_service(name)) {
            return None;
        }
        let words = format!("Write the words to search the web for, and nothing else, for this: {}", act.instruction());
        let step = self.ask_model(act, &words, &[], data, None);
        let query = self.draft.flow(step, "response");
        let says = format!("Search the web for {}", self.text(&core(object)));
        let step = self.step_of(block, &says, &[], &[("query", query)]);
        self.draft.gives(step, &["result".to_owned()], None)
    }

    /// Whether it is a name or the like that the person enters.
    pub(in crate::plan) fn is_name(&self, datum: usize) -> bool {
        let block = self.draft.data.get(datum).and_then(|datum| self.draft.block(datum.flow.step));
        block.is_some_and(|block| block.name == "AgentShortTextInputBlock")
    }

    /// "with Apollo": a service of the catalogue that looks things up by a part of an entry.
    fn means_of(&self, act: &Act<'r>) -> Option<(&'k Block, &'r str)> {
        // "enrich each with data from Apollo"
        let enriches = matches!(act.plain_lemma(), "enrich" | "augment" | "complete");
        let with = act.arguments(&["with", "using", "via", "through", "in", "on"]);
        let with = with.chain(act.arguments(&["from"]).filter(|_| enriches));
        let services = with.flat_map(|argument| argument.phrase.services.iter().map(String::as_str));
        let lemma = act.lemma();
        let nouns = self.work_nouns(act);
        // "Share it on LinkedIn": told, not looked up.
        let told = |service: &&str| self.is(act, Class::Tell) && self.known.channel(service).is_some();
        services.into_iter().filter(|service| !told(service)).find_map(|service| {
            let looks = |block: &&'k Block| {
                // A page is read by its address whatever is done with it.
                let own = |name: &str| self.known.is_part(name) && !name.ends_with("url");
                let parts = block.input_schema().properties.iter().any(|(name, _)| own(name));
                parts && !block.trigger && !self.known.is_channel(block) && !self.known.serves(block, Class::Store)
            };
            let want = Want { lemma: &lemma, class: Class::Fetch, nouns: &nouns, service: Some(service), many: false };
            let blocks = self.known.catalogue.blocks_of(service).iter();
            let any = || blocks.filter_map(|at| self.known.catalogue.blocks().get(*at)).find(looks);
            let block = choose(self.known, &want).into_iter().map(|(block, _)| block).find(looks).or_else(any)?;
            Some((block, service))
        })
    }

    /// "Find ten startups with Exa": what searches there.
    pub(super) fn search_named(&self, act: &Act<'_>) -> Option<&'k Block> {
        if !(self.is(act, Class::Search) || matches!(act.plain_lemma(), "find" | "look" | "get" | "collect")) {
            return None;
        }
        // What it finds has no parts that a record could have.
        let kept = |next: &Act<'_>| self.is(next, Class::Store) && next.frame.objects.len() > 1;
        if self.next_acts(act).next().is_some_and(|next| kept(&next)) {
            return None;
        }
        let catalogue = &self.known.catalogue;
        let searches = |service: &String| {
            let blocks = catalogue.blocks_of(service).iter().filter_map(|at| catalogue.blocks().get(*at));
            let mut fitting = blocks.filter(|block| {
                let query = block.required_inputs().eq(["query"]);
                query && !block.trigger && self.known.meaning(block).action == Action::Search
            });
            let first = fitting.next()?;
            // "ExaSearchBlock", and nothing that searches among answers or code.
            Some(fitting.chain([first]).min_by_key(|block| block.name.len()).unwrap_or(first))
        };
        let with = act.arguments(&["with", "using", "via", "through"]);
        with.flat_map(|with| &with.phrase.services).find_map(searches)
    }
}
