//! What is done again and again: for each entry of a list, and only for what is new.

use serde_json::json;

use crate::{
    catalogue::{Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::Act,
        model::{Binding, Input, Reason, Step},
        steps::{
            build::{Branch, Builder},
            draft::{self, Datum, Flow, NOWHERE},
            gmail::STARRED,
        },
        wording::english,
    },
    reading::{Clause, Determiner, Phrase, Role},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Goes on only if something is there that was not there at the last run, and remembers it.
    pub(in crate::plan) fn only_new(&mut self, guard: usize, index: usize, changes: bool) {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(recall), Some(keep)) = (by("RetrieveInformationBlock"), by("PersistInformationBlock")) else {
            self.blocked.push(guard);
            let text = self.reading.clauses.get(guard).map_or("", |clause| self.text(&clause.span)).to_owned();
            return self.leave(&text, Reason::NoBlock, "nothing here remembers what was there before");
        };
        let Some(datum) = self.draft.data.get(index).cloned() else { return };
        let Some(flow) = self.take(index) else { return };
        let key = format!("seen_{}", flow.name);
        let list = flow.is_list() && !changes;
        let empty = if list { json!([]) } else { json!("") };
        let key = self.key_of(&key, flow.step);
        let known = self.recalled(recall, &key, empty);
        let before = self.draft.flow(known, "value");
        let name = datum.nouns.first().map_or("entry", |name| name.strip_prefix("new ").unwrap_or(name)).to_owned();
        if list && let Some(difference) = by("ListDifferenceBlock") {
            let says = format!("Keep only the {} that are new", english::plural(&name));
            let step = self.step_of(difference, &says, &[], &[("list_a", flow.clone()), ("list_b", before)]);
            let mut new = self.draft.flow(step, "difference");
            (new.fields, new.name) = (flow.fields.clone(), flow.name.clone());
            self.remembered(keep, "Remember them for the next run", &key, flow);
            let Some(check) = by("ConditionBlock") else { return self.blocked.push(guard) };
            let count = self.draft.flow(step, "length");
            let says = format!("Go on only if there are new {}", english::plural(&name));
            let flows = [("value1", count), ("yes_value", new.clone()), ("no_value", new.clone())];
            let step = self.step_of(check, &says, &[("operator", json!(">")), ("value2", json!(0))], &flows);
            let way = |builder: &Self, output: &str| Flow {
                types: new.types,
                fields: new.fields.clone(),
                name: new.name.clone(),
                ..builder.draft.flow(step, output)
            };
            let (some, none) = (way(self, "yes_output"), way(self, "no_output"));
            return self.both_ways(guard, &datum, some, none);
        }
        let Some(condition) = by("ConditionBlock") else { return self.blocked.push(guard) };
        let text = self.draft.fit(&flow, Types::STRING);
        let says = format!("Go on only if the {name} is not the same as before");
        let flows = [("value1", text.clone()), ("value2", before.clone())];
        let step = self.step_of(condition, &says, &[("operator", json!("!="))], &flows);
        let way = |builder: &Self, output: &str| {
            let mut way = builder.draft.flow(step, output);
            (way.types, way.name) = (Types::STRING, flow.name.clone());
            way
        };
        let new = way(self, "yes_output");
        self.remembered(keep, "Remember it for the next run", &key, new.clone());
        let nouns = vec![format!("{name} before"), "before".to_owned()];
        let old = Flow { name: "before".to_owned(), ..before };
        let old =
            Datum { flow: old, nouns, used: true, each: None, receipt: false, under: Some(guard), ..datum.clone() };
        self.draft.data.push(old);
        let same = way(self, "no_output");
        self.both_ways(guard, &datum, new, same);
    }

    fn both_ways(&mut self, guard: usize, datum: &Datum, some: Flow, none: Flow) {
        let no = self.let_through(datum, none);
        if let Some(no) = self.draft.data.get_mut(no) {
            (no.used, no.under) = (true, Some(NOWHERE));
        }
        let yes = self.let_through(datum, some);
        self.branch(guard, Branch { yes, no });
    }

    /// "Compare it with last week": what the last run had is recalled, and this is kept for the next one.
    pub(in crate::plan) fn recall_last(&mut self, act: &Act<'r>, data: &mut Vec<usize>) {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(recall), Some(keep)) = (by("RetrieveInformationBlock"), by("PersistInformationBlock")) else {
            return;
        };
        let words: Vec<&str> = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word()).collect();
        let past = words.contains(&"yesterday")
            || words
                .windows(2)
                .any(|two| matches!(two, ["last" | "previous", "week" | "month" | "day" | "run" | "time" | "version"]));
        let compares = matches!(act.plain_lemma(), "compare" | "contrast") && past;
        let before = self.draft.data.iter().any(|datum| datum.nouns.iter().any(|noun| noun == "before"));
        let again = self.reading.schedule.is_some() || self.polls;
        // "tell me what changed": on a page, since it was looked at last.
        let page = |at: &usize| {
            let block = self.draft.data.get(*at).and_then(|datum| self.draft.block(datum.flow.step));
            block.is_some_and(|block| {
                matches!(block.name.as_str(), "ExtractWebsiteContentBlock" | "FirecrawlScrapeBlock")
            })
        };
        let what = act.frame.complement.is_some() && words.contains(&"what");
        let differs = what && words.iter().any(|word| matches!(*word, "changed" | "changes" | "different" | "new"));
        let since = compares && !again;
        let compares = compares || differs && data.iter().all(page);
        let Some(last) = data.last().copied().filter(|_| compares && !before) else { return };
        if since {
            self.leave(act.text(), Reason::NotSupported, "it is compared with what the run before this one read");
        }
        let Some(flow) = self.take(last) else { return };
        let text = self.draft.fit(&flow, Types::STRING);
        let key = format!("last_{}", flow.name);
        let key = self.key_of(&key, flow.step);
        let known = self.recalled(recall, &key, json!(""));
        let known = self.draft.flow(known, "value");
        self.remembered(keep, "Remember it for the next run", &key, text);
        let nouns = ["before", "value"].map(str::to_owned).to_vec();
        let old = self.draft.given(Flow { name: "before".to_owned(), ..known }, nouns);
        data.insert(0, old);
    }

    /// What something is remembered by: each of several things by itself.
    fn key_of(&mut self, key: &str, step: usize) -> Binding {
        let loops = |at: &usize| self.draft.block(*at).is_some_and(|block| block.name == "StepThroughItemsBlock");
        let each = self.behind(step).into_iter().filter(loops).max();
        let Some(item) = each.map(|step| self.draft.flow(step, "item")) else { return Binding::Value(json!(key)) };
        let format = format!("{key}_{{{{{}}}}}", item.name);
        self.draft.fill_in(&[item], &format, "Name what is remembered of each").binding()
    }

    fn recalled(&mut self, recall: &Block, key: &Binding, nothing: serde_json::Value) -> usize {
        let step = self.step_of(recall, "Recall what was there before", &[("default_value", nothing)], &[]);
        self.by_key(step, key)
    }

    fn remembered(&mut self, keep: &Block, says: &str, key: &Binding, value: Flow) {
        let step = self.step_of(keep, says, &[], &[("value", value)]);
        self.by_key(step, key);
    }

    fn by_key(&mut self, step: usize, key: &Binding) -> usize {
        if let Some(step) = self.draft.steps.get_mut(step) {
            step.inputs.insert(0, Input { name: "key".to_owned(), binding: key.clone() });
        }
        step
    }

    /// Only the way on which something waits is told once: "if it does not say so, post".
    pub(in crate::plan) fn told_once(&mut self, guard: usize, yes: usize, no: usize) -> (usize, usize) {
        let waits = |clause: &Clause| clause.under == Some(guard) && clause.role == Role::Act;
        let other = |clause: &Clause| clause.role == Role::Otherwise(guard);
        let clauses = &self.reading.clauses;
        match clauses.iter().any(waits) || !clauses.iter().any(other) {
            true => (self.once(guard, yes, no), no),
            false => (yes, self.once(guard, no, yes)),
        }
    }

    /// What is so is told once: again only after it was not so for a while.
    fn once(&mut self, guard: usize, yes: usize, no: usize) -> usize {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(recall), Some(keep), Some(check)) =
            (by("RetrieveInformationBlock"), by("PersistInformationBlock"), by("ConditionBlock"))
        else {
            return yes;
        };
        let Some((met, missed)) = self.draft.data.get(yes).cloned().zip(self.draft.data.get(no).cloned()) else {
            return yes;
        };
        let key = format!("told_{}", met.flow.name);
        let values = [("key", json!(key)), ("default_value", json!("no"))];
        let told = self.step_of(recall, "Recall whether it was told already", &values, &[]);
        let told = self.draft.flow(told, "value");
        let flows = [("value1", told), ("yes_value", met.flow.clone()), ("no_value", met.flow.clone())];
        let says = "Go on only if it was not told yet";
        let step = self.step_of(check, says, &[("operator", json!("!=")), ("value2", json!("yes"))], &flows);
        let fresh = Flow { step, output: "yes_output".to_owned(), ..met.flow.clone() };
        for (flow, state) in [(&fresh, "yes"), (&missed.flow, "no")] {
            let text = self.draft.after(flow, state);
            self.step_of(keep, "Remember it for the next run", &[("key", json!(key))], &[("value", text)]);
        }
        self.draft.data.push(Datum { flow: fresh, under: Some(guard), ..met });
        self.draft.data.len() - 1
    }

    /// "the new rows", read again and again: only those that were not there at the last run.
    pub(in crate::plan) fn news_of(&mut self, act: &Act<'r>, block: &Block, datum: usize, phrase: &Phrase) -> usize {
        let step = self.draft.data.get(datum).and_then(|datum| self.draft.step(datum.flow.step));
        let starred = step.and_then(|step| step.binding("query")).is_some_and(
            |query| matches!(query, Binding::Value(serde_json::Value::String(query)) if query.contains(STARRED)),
        );
        // "every email I star"
        let starred = starred && phrase.determiner == Determiner::Each;
        self.polls |= starred && self.reading.schedule.is_none() && !self.triggered();
        let arrives =
            starred || phrase.modifiers.iter().any(|word| matches!(word.as_str(), "new" | "added" | "incoming"));
        // "mentions of us": told once.
        let arrives = arrives || act.phrases().any(|phrase| phrase.plural && phrase.head == "mention");
        let regular = self.reading.schedule.is_some() || self.polls;
        let list = self.draft.data.get(datum).is_some_and(|datum| datum.flow.is_list());
        let one = phrase.determiner == Determiner::Some;
        if !arrives
            || one
            || !regular
            || !list
            || self.triggered()
            || self.is_windowed(block) && !starred
            || act.clause.role == Role::Trigger
        {
            return datum;
        }
        self.only_new(act.index, datum, false);
        self.draft.data.len() - 1
    }

    /// Reads by itself what came since the last run, or another thing each time.
    pub(in crate::plan) fn is_windowed(&self, block: &Block) -> bool {
        let knows = self.known.of(block);
        // A block that hears a chat waits for the next message.
        knows.is_some_and(|knows| knows.window.is_some() || knows.search.is_some() || knows.chat.is_some())
            || block.name == "SearchTheWebBlock"
    }

    /// "post only the new orders", "what was not there yesterday": of something that was read before.
    pub(in crate::plan) fn news_in(&mut self, act: &Act<'r>) {
        let words: Vec<&str> = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word()).collect();
        let unseen = words
            .windows(2)
            .any(|two| matches!(two, ["not", "there" | "seen"] | ["not", "been"] | ["wasnt" | "werent", "there"]))
            && words.iter().any(|word| matches!(*word, "yesterday" | "before" | "last" | "yet" | "previously"));
        let once = |phrase: &&Phrase| phrase.unseen;
        let new = |phrase: &&Phrase| {
            once(phrase) || phrase.modifiers.iter().any(|word| word == "new") && phrase.determiner != Determiner::Some
        };
        // "tell me about the new ones"
        let ones = |phrase: &&Phrase| {
            let regular = self.reading.schedule.is_some() && phrase.plural;
            once(phrase) || words.contains(&"only") || regular && matches!(phrase.head.as_str(), "one" | "ones")
        };
        let named = act.phrases().find(new).filter(ones).and_then(|phrase| self.refer(phrase));
        let named = named.or_else(|| self.new_rows(act));
        // "send me only the new errors": of what was read.
        let unnamed = act.phrases().find(new).filter(ones).filter(|_| words.contains(&"only"));
        let named = named.or_else(|| unnamed.and_then(|_| self.latest()));
        let Some(datum) = named.or_else(|| if unseen { self.latest() } else { None }) else { return };
        let Some(read) = self.draft.data.get(datum).filter(|datum| {
            let drawn = datum.flow.is_list() && !datum.single;
            (!datum.made || drawn) && !self.draft.is_asked(datum.flow.step)
        }) else {
            return;
        };
        let (list, step) = (read.flow.is_list(), read.flow.step);
        let again = self.is_compared(datum)
            || self.triggered()
            || self.draft.block(step).is_none_or(|block| self.is_windowed(block));
        if again {
            return;
        }
        self.polls |= self.reading.schedule.is_none();
        let old = self.draft.data.len();
        self.only_new(act.index, datum, !list);
        let new = self.draft.data.len() - 1;
        if !list {
            let nouns = self.draft.data.get(new).map(|datum| datum.nouns.clone()).unwrap_or_default();
            let words = "Name only what is in the new version and was not there before";
            let step = self.ask_model(act, words, &[], &[old, new], None);
            self.made(step, nouns, None, &[old, new]);
        }
    }

    /// "Every night copy the new rows of my table": those that were not there the night before.
    fn new_rows(&mut self, act: &Act<'r>) -> Option<usize> {
        let row = |phrase: &&'r Phrase| phrase.plural && phrase.modifiers.iter().any(|word| word == "new");
        let new = act.phrases().find(row).filter(|_| self.reading.schedule.is_some() && self.is(act, Class::Store))?;
        let from = act.arguments(&["of", "in", "from"]).map(|argument| &argument.phrase);
        let held = |phrase: &'r Phrase| {
            let sql = |service: &String| self.known.alias(service).filter(|block| block.name == "SQLQueryBlock");
            let own = |service: &String| self.known.container(service).or_else(|| sql(service));
            let block = phrase.services.iter().find_map(own)?;
            Some((phrase, self.known.catalogue.by_id(&block.id)?))
        };
        let (phrase, block) = std::iter::once(new).chain(from).find_map(held)?;
        (self.refer(new).is_none() && !block.trigger).then(|| self.read_with(block, act, phrase))
    }

    /// Looked at by itself again and again: an entry that is as it was at the last run was told of already.
    pub(in crate::plan) fn changed_alone(&mut self, guard: usize, datum: usize) -> usize {
        let read = self.draft.data.get(datum).filter(|datum| !datum.made && datum.flow.is_list() && !datum.single);
        let block = read.and_then(|datum| self.draft.block(datum.flow.step));
        let again = self.polls && self.reading.schedule.is_none() && !self.triggered();
        if !again || self.is_compared(datum) || block.is_none_or(|block| self.is_windowed(block)) {
            return datum;
        }
        self.only_new(guard, datum, false);
        self.branches.get(&guard).map_or(datum, |branch| branch.yes)
    }

    fn let_through(&mut self, datum: &Datum, flow: Flow) -> usize {
        self.draft.data.push(Datum { flow, each: None, used: false, under: None, ..datum.clone() });
        self.draft.data.len() - 1
    }

    /// A step with values and flows given one by one.
    pub(in crate::plan) fn step_of(
        &mut self,
        block: &Block,
        says: &str,
        values: &[(&str, serde_json::Value)],
        flows: &[(&str, Flow)],
    ) -> usize {
        let input = |(name, value): &(&str, serde_json::Value)| {
            let told = value.as_str().filter(|_| *name == "condition").and_then(|text| self.filled_condition(text));
            let binding = told.map_or_else(|| Binding::Value(value.clone()), |flow| flow.binding());
            Input { name: (*name).to_owned(), binding }
        };
        let mut inputs: Vec<Input> = values.iter().map(input).collect();
        inputs.extend(flows.iter().map(|(name, flow)| Input { name: (*name).to_owned(), binding: flow.binding() }));
        self.draft.push(Step { block: block.id.clone(), title: english::cut(says, 60), says: says.to_owned(), inputs })
    }

    /// "keep track of which went out"
    pub(in crate::plan) fn remember(&mut self, act: &Act<'r>) {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(keep), Some(datum)) = (by("PersistInformationBlock"), self.latest()) else { return };
        let Some(flow) = self.take(datum) else { return };
        let key = draft::slug(
            &act.frame.objects.first().map_or_else(|| "remembered".to_owned(), |phrase| phrase.head.clone()),
        );
        let key = if key.is_empty() { "remembered".to_owned() } else { key };
        let step = self.step_of(keep, &act.instruction(), &[("key", json!(key))], &[("value", flow)]);
        if let Some(index) = self.draft.gives(step, &[], None)
            && let Some(datum) = self.draft.data.get_mut(index)
        {
            datum.receipt = true;
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
    }

    pub(in crate::plan) fn each(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        self.cover.add(&clause.span);
        let act = Act::of(self.reading, index);
        let phrases: Vec<&Phrase> = act.iter().flat_map(|act| act.phrases().collect::<Vec<_>>()).collect();
        let given = phrases.iter().find(|phrase| phrase.given).map(|phrase| self.ask_list(phrase));
        let mut list = given.or_else(|| phrases.iter().find_map(|phrase| self.refer(phrase)));
        let fresh = phrases.iter().any(|phrase| phrase.modifiers.iter().any(|word| word == "new"));
        // "For every new issue in …": each one starts the agent.
        if let (None, true, Some(act)) = (list, fresh && self.reading.schedule.is_none() && !self.draft.has_data(), act)
            && let Some(block) = self.trigger_block(&act, &phrases)
        {
            list = self.start(&act, block, &phrases);
        }
        if list.is_none()
            && let Some(act) = act
        {
            let services = act.services();
            list = phrases.iter().copied().find_map(|phrase| self.fetch(&act, phrase, &services));
            self.polls |= fresh && list.is_some() && self.reading.schedule.is_none() && !self.triggered();
        }
        let Some(list) = list.or_else(|| self.latest()) else { return };
        // "For each company in my sheet": the rows are companies.
        let item = phrases.iter().find(|phrase| phrase.determiner == Determiner::Each && phrase.services.is_empty());
        if let (Some(item), Some(datum)) = (item, self.draft.data.get_mut(list))
            && datum.nouns.iter().any(|noun| matches!(noun.as_str(), "row" | "record"))
            && !datum.nouns.contains(&item.head)
            && !item.head.is_empty()
        {
            datum.nouns.insert(0, item.head.clone());
            let head = item.span.end.saturating_sub(item.head.split(' ').count());
            self.cover.close(&(head..item.span.end));
        }
        let single = self.single(list);
        if let Some(datum) = self.draft.data.get_mut(single) {
            datum.under = None;
        }
        self.branch(index, Branch { yes: single, no: single });
    }
}
